"""One commit in memory: the same steps, in the same order, as `scripts/commit.lua`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from handoff.core import queue
from handoff.core.conversation import Conversation, Deadline, Phase
from handoff.core.policy import Policy
from handoff.core.supporter import Supporter
from handoff.ports import Commit, Marks, Notice
from handoff.store import codec
from handoff.store.memory_lanes import Lanes


@dataclass(slots=True)
class Books:
    """Everything kept but lanes and sign-ins. Records are kept encoded, as Redis keeps them."""

    seen: set[str] = field(default_factory=set)
    conversations: dict[str, bytes] = field(default_factory=dict)
    supporters: dict[str, bytes] = field(default_factory=dict)
    current: dict[str, str] = field(default_factory=dict)
    by_seeker: dict[str, set[str]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    lanes: dict[str, set[str]] = field(default_factory=dict)
    feeds: dict[str, list[bytes]] = field(default_factory=dict)
    margins: dict[str, list[bytes]] = field(default_factory=dict)
    marks: dict[str, Marks] = field(default_factory=dict)
    board: dict[str, bytes] = field(default_factory=dict)
    live: set[str] = field(default_factory=set)
    deadlines: dict[tuple[Deadline, str], float] = field(default_factory=dict)
    alerts: dict[tuple[str, str], bytes] = field(default_factory=dict)
    average: float | None = None

    def keep_supporter(self, record: Supporter) -> None:
        self.supporters[record.id] = codec.encode(record)

    def let_go(self, gone: set[str]) -> None:
        """Nobody holds these conversations any more."""
        for supporter in [codec.supporter(each) for each in self.supporters.values()]:
            kept = tuple(each for each in supporter.holding if each not in gone)
            if kept != supporter.holding:
                self.keep_supporter(replace(supporter, holding=kept, version=supporter.version + 1))

    def clear_alerts(self, conversation: str) -> bool:
        """True when one was open."""
        over = [key for key in self.alerts if key[1] == conversation]
        for key in over:
            del self.alerts[key]
        return bool(over)

    def root(self, pseudonym: str) -> str:
        return self.aliases.get(pseudonym, pseudonym)

    def family(self, pseudonym: str) -> list[str]:
        """All pseudonyms of one seeker, the root first."""
        root = self.root(pseudonym)
        return [root, *sorted(each for each, of in self.aliases.items() if of == root)]

    def alias(self, pseudonym: str, of: str) -> None:
        """As `scripts/alias.lua`: an alias points at a root, never at another alias."""
        root = self.root(of)
        if root != pseudonym:
            moved = [pseudonym, *(each for each, before in self.aliases.items() if before == pseudonym)]
            self.aliases.update(dict.fromkeys(moved, root))

    def forget(self, pseudonyms: Sequence[str], conversations: set[str]) -> None:
        for each in pseudonyms:
            for by_seeker in (self.feeds, self.marks, self.current, self.by_seeker, self.aliases):
                by_seeker.pop(each, None)
        for each in conversations:
            for by_conversation in (self.conversations, self.margins, self.board, self.lanes):
                by_conversation.pop(each, None)
            self.live.discard(each)
            self.clear_alerts(each)
        self.deadlines = {key: at for key, at in self.deadlines.items() if key[1] not in conversations}


def fits(books: Books, commit: Commit) -> bool:
    """Whether every record is still as it was read, and every new entry is the next one of its list."""
    return (
        all(_version(books, each) == each.version for each in commit.conversations)
        and all(_roster_version(books, each) == each.version for each in commit.supporters)
        and _may_open(books, commit)
        and _in_order(books, commit)
    )


def write(books: Books, lanes: Lanes, commit: Commit, now: float, policy: Policy) -> list[Notice]:
    """Save all of it; returns what to publish."""
    books.seen.add(commit.event_id)
    desk = [notice for each in commit.conversations for notice in _write_conversation(books, each, policy)]
    desk += [notice for each in commit.supporters for notice in _write_supporter(books, each, now)]
    if commit.opens is not None:
        books.current[_pseudonym(commit, commit.opens)] = commit.opens
    for kind, conversation in commit.pokes:
        if conversation in books.conversations:
            books.deadlines[kind, conversation] = min(now, books.deadlines.get((kind, conversation), now))
    if commit.waited is not None:
        books.average = queue.average(books.average, commit.waited)
    entries = list(_append(books, commit))
    woken = {codec.lane_kind(each.lane) for each in commit.parcels if lanes.append(each, now)}
    desk += _write_alerts(books, commit)
    return [
        *entries,
        *dict.fromkeys(desk),
        *(Notice(f"desk:{who}", "nudge", (conversation, kind)) for who, conversation, kind in commit.nudges),
        *(Notice("lanes", "changed", kind) for kind in sorted(woken)),
    ]


def _version(books: Books, record: Conversation) -> int:
    kept = books.conversations.get(record.id)
    return 0 if kept is None else codec.conversation(kept).version


def _roster_version(books: Books, record: Supporter) -> int:
    kept = books.supporters.get(record.id)
    return 0 if kept is None else codec.supporter(kept).version


def _pseudonym(commit: Commit, conversation: str) -> str:
    return next(each.pseudonym for each in commit.conversations if each.id == conversation)


def _may_open(books: Books, commit: Commit) -> bool:
    if commit.opens is None:
        return True
    opener = _pseudonym(commit, commit.opens)
    return opener not in books.aliases and books.current.get(opener) == commit.replaces


def _in_order(books: Books, commit: Commit) -> bool:
    ends: dict[tuple[str, str], int] = {}
    lists = [("feed", who, entry.seq, books.feeds) for who, entry in commit.feed]
    lists += [("margin", entry.conversation, entry.seq, books.margins) for entry in commit.margin]
    for kind, name, seq, kept in lists:
        end = ends.get((kind, name), len(kept.get(name, [])))
        if seq != end + 1:
            return False
        ends[kind, name] = seq
    return True


def _write_conversation(books: Books, record: Conversation, policy: Policy) -> Iterator[Notice]:
    before = books.conversations.get(record.id)
    waited_before = record.id in books.board
    kept = replace(record, version=record.version + 1)
    books.conversations[record.id] = codec.encode(kept)
    books.by_seeker.setdefault(record.pseudonym, set()).add(record.id)
    books.lanes.setdefault(record.id, set()).add(str(record.seeker))
    _index(books, kept, policy)
    if before is None or codec.conversation_face(codec.conversation(before)) != codec.conversation_face(record):
        yield Notice("desk", "changed", record.id)
        if waited_before or record.id in books.board:
            yield Notice("desk", "changed", "queue")


def _index(books: Books, record: Conversation, policy: Policy) -> None:
    books.board.pop(record.id, None)
    books.live.discard(record.id)
    place = queue.place(record, policy)
    if place is not None:
        books.board[record.id] = codec.encode(place)
    if record.phase is Phase.LIVE:
        books.live.add(record.id)
    for kind in Deadline:
        books.deadlines.pop((kind, record.id), None)
        if kind in record.deadlines:
            books.deadlines[kind, record.id] = record.deadlines[kind]


def _write_supporter(books: Books, record: Supporter, now: float) -> Iterator[Notice]:
    kept = books.supporters.get(record.id)
    books.keep_supporter(replace(record, version=record.version + 1))
    before = None if kept is None else codec.supporter(kept)
    lapsed = before is not None and before.present_until <= now < record.present_until
    if before is None or lapsed or codec.supporter_face(before) != codec.supporter_face(record):
        yield Notice("desk", "changed", "supporters")


def _append(books: Books, commit: Commit) -> Iterator[Notice]:
    for who, entry in commit.feed:
        kept = codec.encode(entry)
        books.feeds.setdefault(who, []).append(kept)
        yield Notice(f"feed:{who}", "entry", codec.entry(kept))
    for entry in commit.margin:
        kept = codec.encode(entry)
        books.margins.setdefault(entry.conversation, []).append(kept)
        yield Notice(f"margin:{entry.conversation}", "entry", codec.entry(kept))


def _write_alerts(books: Books, commit: Commit) -> list[Notice]:
    changed = [books.clear_alerts(each) for each in commit.cleared]
    for alert in commit.alerts:
        key = (alert.kind, alert.conversation)
        times = codec.alert(books.alerts[key]).times + 1 if key in books.alerts else 1
        books.alerts[key] = codec.encode(replace(alert, times=times))
        changed.append(True)
    return [Notice("desk", "alerts")] if any(changed) else []
