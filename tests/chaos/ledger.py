"""The ledger: compares what was said with what arrived. Pure; every finding names marks and conversations, no words."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tests.chaos.history import MAY_REPEAT, History, Kind, Line, Place, View
from tests.chaos.marks import BOT, SEEKER, SUPPORTER, Mark


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that must not be. `mark`: whose way through the run tells more; None where no message is at fault."""

    what: str
    mark: Mark | None = None

    def __str__(self) -> str:
        return f"{self.what}{f' ({self.mark})' if self.mark else ''}"


def lost(history: History) -> list[Finding]:
    """Said, and not where it should have come to: the seeker's chat, a desk, or (before anyone came) the bot."""
    by_seekers = {mark for view in _desk_views(history) for mark in view.marks(SEEKER)} | history.heard
    by_chats = {mark for view in history.chats.values() for mark in view.marks(SUPPORTER)}
    arrived = by_seekers | by_chats
    missing = [Finding("never arrived", mark) for mark in sorted(history.said - arrived)]
    return missing + _missing_at_desks(history)


def _missing_at_desks(history: History) -> list[Finding]:
    """Whoever holds a conversation at the end has all of it before them."""
    found = []
    for conversation, holder in history.holders.items():
        views = [each for each in history.desks.get(conversation, ()) if each.reader == holder]
        shown = {mark for view in views for mark in view.marks(SEEKER)}
        for mark in _said_in(history, conversation):
            if mark in history.said - history.heard and mark not in shown:
                found.append(Finding(f"not before {holder}", mark))
    return found


def _said_in(history: History, conversation: str) -> Iterator[Mark]:
    for view in history.feeds.values():
        for line in view.lines:
            if line.conversation == conversation and line.speaker == "seeker":
                yield from line.marks


def other_than_kept(history: History) -> list[Finding]:
    """What stands in a chat is what the store keeps: every line, in that order.

    A line of the bot that was overtaken by a person on its way to Telegram is not sent there, which is as it should be.
    """
    found = []
    for talk, chat in history.chats.items():
        kept = history.feeds.get(talk, View(chat.place, ()))
        sent = chat.place is Place.TELEGRAM
        for by in (SUPPORTER, BOT) if sent else (SEEKER, SUPPORTER, BOT):
            shown, wanted = list(dict.fromkeys(chat.marks(by))), kept.marks(by)
            if sent and by == BOT:
                wanted = [mark for mark in wanted if mark in shown]
            if shown != wanted:
                found.append(Finding(f"{len(wanted)} kept, {len(shown)} shown or in another order", Mark(by, talk, 0)))
        cards = [sum(line.kind is Kind.CARD for line in each.lines) for each in (chat, kept)]
        if cards[0] < cards[1]:
            found.append(Finding(f"{cards[1]} cards kept, {cards[0]} shown in talk {talk}"))
    return found


def came_though_refused(history: History) -> list[Finding]:
    """Its sender was told that it is not sent, and it stands in the chat all the same."""
    shown = {mark for view in history.chats.values() for mark in view.marks(SUPPORTER)}
    return [Finding("arrived though refused", mark) for mark in sorted(history.refused & shown)]


def reordered(history: History) -> list[Finding]:
    """A line before one that was said earlier, in any chat or at any desk. Repeats are no reordering."""
    found = []
    for view in (*history.chats.values(), *_desk_views(history)):
        for by in (SEEKER, SUPPORTER):
            firsts = list(dict.fromkeys(view.marks(by)))
            pairs = itertools.pairwise(firsts)
            found += [Finding(f"stands behind {before}", after) for before, after in pairs if after < before]
    return found


def doubled(history: History) -> list[Finding]:
    """The same twice in one place, where that place can tell, or where nothing says that it may be a repeat."""
    found = []
    for view in (*history.chats.values(), *_desk_views(history)):
        found += [Finding(f"twice at {view.place}", mark) for mark in _repeats(view, unmarked=True)]
        if not history.answers_lost:
            found += [Finding(f"a repeat at {view.place}, no answer lost", mark) for mark in _repeats(view, False)]
    return found


def repeats_marked(history: History) -> int:
    """How many lines stand a second time and say so."""
    return sum(len(_repeats(view, unmarked=False)) for view in (*history.chats.values(), *_desk_views(history)))


def _repeats(view: View, unmarked: bool) -> list[Mark]:
    seen: Counter[Mark] = Counter()
    found = []
    for line in view.lines:
        for mark in line.marks:
            excused = line.again and view.place in MAY_REPEAT
            if seen[mark] and excused is not unmarked:
                found.append(mark)
            seen[mark] += 1
    return found


def _desk_views(history: History) -> Iterator[View]:
    for views in history.desks.values():
        yield from views


def bot_after_supporter(history: History) -> list[Finding]:
    """A line of the bot behind a supporter's, in one conversation, with nothing in between that gave the word back."""
    given_back = {row.conversation for row in history.audit if row.action == "requeued"}
    found: list[Finding] = []
    for view in history.feeds.values():
        for conversation, lines in itertools.groupby(view.lines, key=lambda line: line.conversation):
            found += _bot_over_human(lines, conversation in given_back)
    return found


def _bot_over_human(lines: Iterable[Line], was_given_back: bool) -> Iterator[Finding]:
    held = False
    for line in lines:
        if line.speaker == "supporter":
            held = True
        elif line.speaker == "system" and was_given_back:
            held = False
        elif line.speaker == "bot" and held:
            yield Finding("the bot spoke over a supporter", next((m for m in line.marks if m.by == BOT), None))


def cards_missing(history: History) -> list[Finding]:
    """Words of danger that no crisis card followed."""
    found: list[Finding] = []
    for view in history.feeds.values():
        waiting: set[Mark] = set()
        for line in view.lines:
            if line.kind is Kind.CARD:
                waiting.clear()
            waiting |= history.crises & set(line.marks)
        found += [Finding("no card came", mark) for mark in sorted(waiting)]
    stands = {mark for view in history.feeds.values() for mark in view.marks(SEEKER)}
    return found + [Finding("never stood in the chat", mark) for mark in sorted(history.crises - stands)]


def cards_unconfirmed(history: History) -> list[Finding]:
    """A card that was shown and that no device confirmed."""
    return [Finding(f"card not confirmed in {each}") for each in sorted(history.unconfirmed)]


def records_missing(history: History) -> list[Finding]:
    """Records that wait for a database that is there."""
    return [Finding(f"{history.unwritten} records were never written")] if history.unwritten else []


def numbers_reused(history: History) -> list[Finding]:
    """A line's number means that line for good: a page that has it passes over whatever comes under it again."""
    return [Finding(f"{history.clashes} lines came under a number that was another's")] if history.clashes else []


CHECKS: dict[str, Callable[[History], list[Finding]]] = {
    "messages lost": lost,
    "chats that differ from the store": other_than_kept,
    "refused, and sent all the same": came_though_refused,
    "messages out of order": reordered,
    "messages doubled, unmarked": doubled,
    "lines of the bot over a supporter": bot_after_supporter,
    "crisis cards missing": cards_missing,
    "crisis cards not confirmed": cards_unconfirmed,
    "records not written": records_missing,
    "numbers of lines used twice": numbers_reused,
}
