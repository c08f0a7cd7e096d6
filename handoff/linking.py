"""Linking two channels of one seeker by a short code: the conversation goes on in the second, with its history."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, field

from handoff.barred import barred_until
from handoff.core.conversation import Conversation, Phase
from handoff.core.entries import Entry
from handoff.core.events import SeekerGone, SeekerMoved
from handoff.core.ids import Address
from handoff.core.line import Line
from handoff.ports import Commit, Front, Notice, Parcel, Store

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without I, O, 0 and 1, which are read for one another."""
_LENGTH = 8
"""40 bits: at five tries an hour nobody guesses one within the ten minutes it lives."""
_TRIES = 5
_TRIES_SECONDS = 3600
_SHOWN = 12
"""How many of the last lines are sent to a channel that cannot read the feed by itself."""


@dataclass(frozen=True, slots=True)
class LinkAnswer:
    """What to say to the seeker. `code` where one was made; `linked` when the channels are one from now on."""

    text: str = field(repr=False)
    code: str = field(default="", repr=False)
    linked: bool = False


class Linking:
    """Makes codes and uses them up. `sent` are the channels whose seekers have to be sent what was said before."""

    def __init__(self, line: Line, front: Front, store: Store, sent: frozenset[str]) -> None:
        self._line = line
        self._front = front
        self._store = store
        self._sent = sent

    async def make_code(self, seeker: Address) -> LinkAnswer:
        """A code that another channel can use once, within `policy.link_seconds`. Raises `StoreDown`."""
        code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        seconds = self._line.policy.link_seconds
        who = await self._front.who(seeker)
        await self._store.keep(_kept(code), {"seeker": str(seeker)}, seconds=seconds, of=who)
        return LinkAnswer(await self._say(seeker, "link_code", code=code, minutes=round(seconds / 60)), code=code)

    async def use_code(self, code: str, seeker: Address) -> LinkAnswer:
        """Link this channel to the one that made the code. Raises `StoreDown`; then the code can be used again."""
        if not await self._may_try(seeker):
            return LinkAnswer(await self._say(seeker, "link_too_often"))
        name = _kept(code.strip().upper())
        kept = await self._store.kept(name)
        if kept is None:
            return LinkAnswer(await self._say(seeker, "link_unknown"))
        first = Address.parse(kept["seeker"])
        if await self._front.who(first) == await self._front.who(seeker):
            return LinkAnswer(await self._say(seeker, "link_already"))
        if await self._is_blocked(first) or await self._is_blocked(seeker):
            return LinkAnswer(await self._say(seeker, "link_blocked"))
        if await self._talks(seeker):
            return LinkAnswer(await self._say(seeker, "link_busy"))
        await self._link(code, first, seeker)
        await self._store.drop(name)
        return LinkAnswer(await self._say(seeker, "link_done"), linked=True)

    async def _link(self, code: str, first: Address, second: Address) -> None:
        """What the second channel had begun alone ends; then it hears what was said, and the conversation moves."""
        apart = await self._front.who(second)
        await self._front.handle(SeekerGone(id=f"link:{code}:apart", seeker=second, why="linked"))
        conversation = await self._store.current(first, await self._front.who(first))
        if conversation is not None and conversation.is_open and second.channel in self._sent:
            await self._send_history(code, conversation, second)
        await self._front.handle(SeekerMoved(id=f"link:{code}", seeker=first, to=second))
        await self._store.publish(Notice(f"feed:{apart}", "moved"))

    async def _send_history(self, code: str, conversation: Conversation, to: Address) -> None:
        after = max(conversation.first_seq - 1, conversation.seq - _SHOWN)
        entries = await self._store.feed(conversation.pseudonym, after=after)
        parcels = tuple(_parcel(code, entry, to) for entry in entries)
        await self._store.commit(Commit(event_id=f"link:{code}:history", parcels=parcels), self._front.clock())

    async def _talks(self, seeker: Address) -> bool:
        """Whether this channel has a conversation of its own that people are in already."""
        conversation = await self._store.current(seeker, await self._front.who(seeker))
        return conversation is not None and conversation.phase in (Phase.WAITING, Phase.LIVE)

    async def _is_blocked(self, seeker: Address) -> bool:
        """A block holds for a person: nobody gets round it, or brings another channel into it, by linking."""
        who = await self._front.who(seeker)
        conversation = await self._store.current(seeker, who)
        until = conversation.blocked_until if conversation else await barred_until(self._store, who)
        return until > self._front.clock()

    async def _may_try(self, seeker: Address) -> bool:
        name = f"link:tries:{seeker}"
        kept = await self._store.kept(name)
        tries = int(kept["tries"]) + 1 if kept else 1
        await self._store.keep(name, {"tries": tries}, seconds=_TRIES_SECONDS)
        return tries <= _TRIES

    async def _say(self, seeker: Address, key: str, **values: object) -> str:
        conversation = await self._store.current(seeker, await self._front.who(seeker))
        language = conversation.language if conversation else self._line.language
        return self._line.wording.say(key, language, **values)


def _kept(code: str) -> str:
    return f"link:{code}"


def _parcel(code: str, entry: Entry, to: Address) -> Parcel:
    return Parcel(f"link:{code}:{entry.seq}", str(to), entry.conversation, 0, "entry", asdict(entry))
