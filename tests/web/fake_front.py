"""A front that keeps to the ports: what a seeker sends goes into a `MemoryStore`, with plain fixed answers."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any, TypeVar

from handoff.core import events
from handoff.core.conversation import Conversation
from handoff.core.entries import Attachment, Button, Entry, EntryKind, Speaker
from handoff.core.events import Event, SeekerEvent
from handoff.core.ids import Address, pseudonym
from handoff.ports import Aloud, Commit, NotCopied, Outcome, Refused, Reply, StoreDown
from handoff.store.memory import MemoryStore

KEY = b"k" * 32
CRISIS_WORDS = "I want to die"
LIMIT = 4000
_SAID = TypeVar("_SAID", bound=Event)

CARD: dict[str, Any] = {
    "version": "test",
    "language": "en",
    "headline": "You matter. Please talk to somebody now",
    "opening": ["I'm a bot, and this sounds heavy. These people answer right away."],
    "emergency": {"label": "Emergency", "number": "999", "dial": "999"},
    "emergency_others": [{"label": "Police", "number": "101", "dial": "101"}],
    "emergency_first": False,
    "emergency_sentence": "In danger right now? Call 999.",
    "steps": [],
    "heading": "People who listen",
    "lines": [
        {
            "id": "gb-one", "name": "Night Listeners", "channel": "voice", "number": "116 123", "dial": "116123",
            "keyword": "", "how": "Call 116 123", "hours": "day and night", "url": "", "verified": True,
        },
        {
            "id": "gb-two", "name": "Text Harbour", "channel": "sms", "number": "85258", "dial": "85258",
            "keyword": "SHOUT", "how": "Text SHOUT to 85258", "hours": "day and night", "url": "", "verified": False,
        },
        {
            "id": "gb-three", "name": "Star Line", "channel": "voice", "number": "*4141", "dial": "*4141",
            "keyword": "", "how": "Call *4141", "hours": "", "url": "https://star.example/chat", "verified": True,
        },
    ],
    "notes": ["Numbers can change. If one does not work, try the next."],
    "closing": ["Stay here if you can: a person is being found for you."],
    "question": "Are you safe right now?",
    "international": False,
    "reviewed": False,
}  # fmt: skip

RESOURCE: dict[str, Any] = {
    "id": "square",
    "title": "Breathing in a square",
    "kind": "do",
    "minutes": 1,
    "summary": "Four even counts, round and round.",
    "steps": [{"text": "Breathe in", "seconds": 1}, {"text": "Breathe out", "seconds": 1}],
    "body": ["Some people like to follow the edge of a window with their eyes."],
}


class Clock:
    """The wall clock, which a test may push ahead."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


class FakeFront:
    """`handled` are the events that came, in order; `said` the words among them that were saved. Without `copied`,
    what is saved is on no replica."""

    def __init__(self, store: MemoryStore, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self.handled: list[Event] = []
        self.refusals: dict[str, Refused] = {}
        self.now: dict[str, Any] = {
            "phase": "intake", "position": None, "estimate": None, "supporter": "", "staffed": True,
        }  # fmt: skip
        self.buttons: tuple[Button, ...] = (Button("Yes, that's okay", "/consent_yes"), Button("No", "/consent_no"))
        self.answers = True
        self.copied = True

    def of(self, kind: type[_SAID]) -> list[_SAID]:
        """The events of one kind that came."""
        return [each for each in self.handled if isinstance(each, kind)]

    @property
    def seeker(self) -> Address:
        """Who was here last."""
        return next(each.seeker for each in reversed(self.handled) if isinstance(each, SeekerEvent))

    def pseudonym(self, seeker: Address) -> str:
        return pseudonym(seeker, KEY)

    async def who(self, seeker: Address) -> str:
        return await self.store.root(self.pseudonym(seeker))

    def danger_card(self, event: Aloud) -> dict[str, Any] | None:
        return None

    async def standing(self, conversation: Conversation | None) -> dict[str, Any]:
        return self.now if conversation else {**self.now, "phase": "none"}

    async def feed(self) -> list[Entry]:
        """Everything in the feed of whoever was here last."""
        return await self.store.feed(self.pseudonym(self.seeker))

    async def handle(self, event: Event) -> Reply:
        self.handled.append(event)
        await self._up(event)
        if isinstance(event, events.SeekerWrote) and event.text in self.refusals:
            return Reply(refused=self.refusals[event.text])
        if isinstance(event, events.SeekerWrote) and len(event.text) > LIMIT:
            if CRISIS_WORDS not in event.text:
                return Reply(refused=Refused("too_long", "This is too long. Please send it in parts."))
            event = replace(event, text=event.text[:LIMIT])
        if await self.store.seen(event.id):
            return Reply(duplicate=True)
        assert isinstance(event, SeekerEvent)
        reply = await self._commit(event.id, event.seeker, await self._entries(event))
        if not self.copied:
            raise _not_copied(event)
        return reply

    async def say(
        self, text: str = "", *, speaker: Speaker = Speaker.BOT, name: str = "", kind: EntryKind = EntryKind.TEXT,
        body: dict[str, Any] | None = None, buttons: Sequence[Button] = (), seeker: Address | None = None,
        at: float | None = None, **more: Any,
    ) -> None:  # fmt: skip
        """Somebody says something to whoever was here last."""
        given = {"kind": kind, "body": body, "buttons": tuple(buttons), "at": at or self.clock(), **more}
        entry = _entry(speaker, text, name=name, **given)
        await self._commit(f"said:{uuid.uuid4().hex}", seeker or self.seeker, [entry])

    async def _up(self, event: Event) -> None:
        try:
            await self.store.ping()
        except StoreDown as down:
            if isinstance(event, events.SeekerWrote) and CRISIS_WORDS in event.text:
                down.card = {**CARD, "text": CARD["headline"]}
            raise

    async def _entries(self, event: SeekerEvent) -> list[Entry]:
        now = self.clock()
        if isinstance(event, events.SeekerOpened):
            known = await self.store.current(event.seeker, self.pseudonym(event.seeker))
            return [] if known else [_entry(Speaker.BOT, "Hi, I'm a bot.", at=now, buttons=self.buttons)]
        if isinstance(event, events.SeekerWrote):
            mine = _entry(Speaker.SEEKER, event.text, refers=event.refers, at=now, **_with(event.attachment))
            return [mine, *self._answer(event.text, now)]
        if isinstance(event, events.SeekerTapped):
            mine = _entry(Speaker.SEEKER, event.label, refers=event.refers, at=now)
            if event.payload.startswith("warmline:urgent"):
                return [mine, _card(now, country=event.payload.removeprefix("warmline:urgent").removeprefix(":"))]
            return [mine, *self._answer(event.label, now)]
        return []

    def _answer(self, text: str, now: float) -> list[Entry]:
        if CRISIS_WORDS in text:
            return [_card(now)]
        return [_entry(Speaker.BOT, f"I heard: {text}", at=now)] if self.answers else []

    async def _commit(self, event_id: str, seeker: Address, entries: Sequence[Entry]) -> Reply:
        who = self.pseudonym(seeker)
        while True:
            known = await self.store.current(seeker, who)
            fresh = known is None
            if known is None:
                known = Conversation(
                    id=uuid.uuid4().hex, seeker=seeker, pseudonym=who, language="en", opened_at=self.clock(),
                    changed_at=self.clock(),
                )  # fmt: skip
            numbered = [
                replace(each, seq=known.seq + count, id=f"{event_id}/{count}", conversation=known.id)
                for count, each in enumerate(entries, 1)
            ]
            cards = [each.seq for each in numbered if each.kind is EntryKind.CARD]
            after = replace(known, seq=known.seq + len(entries), card_seq=max(cards, default=known.card_seq))
            commit = Commit(
                event_id=event_id, conversations=(after,), opens=known.id if fresh else None,
                feed=tuple((who, each) for each in numbered),
            )  # fmt: skip
            outcome = await self.store.commit(commit, self.clock())
            if outcome is not Outcome.CONFLICT:
                return Reply(duplicate=outcome is Outcome.DUPLICATE, conversation=after, entries=tuple(numbered))


def _not_copied(event: SeekerEvent) -> NotCopied:
    failure = NotCopied("on no replica")
    if isinstance(event, events.SeekerWrote) and CRISIS_WORDS in event.text:
        failure.card = {**CARD, "text": CARD["headline"]}
    return failure


def _card(now: float, country: str = "") -> Entry:
    body = {**CARD, "country": country}
    return _entry(Speaker.BOT, str(CARD["headline"]), kind=EntryKind.CARD, body=body, at=now)


def _with(attachment: Attachment | None) -> dict[str, Any]:
    return {"kind": EntryKind.FILE, "body": asdict(attachment)} if attachment else {}


def _entry(speaker: Speaker, text: str, **more: Any) -> Entry:
    return Entry(seq=0, id="", conversation="", speaker=speaker, text=text, **more)
