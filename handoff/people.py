"""Finding the person somebody means, by what an operator may know of them; and taking all there is of them away."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from handoff.core.conversation import Conversation
from handoff.core.draft import Decision
from handoff.core.effects import Forget, Record
from handoff.core.entries import Entry
from handoff.core.events import ForgetAsked
from handoff.core.ids import Address, BadId
from handoff.core.plan import NO_PLAN, SafetyPlan
from handoff.house import House
from handoff.ports import Family, Store

CHANNELS = ("web", "telegram")
"""What may stand before a platform's own id."""
_PSEUDONYM = re.compile(r"[a-z2-7]{16}")
_BEGINNING = re.compile(r"[a-z2-7]{4,15}")
"""A desk shows the first four letters."""
_DONE_SECONDS, _LOOK_AGAIN = 60.0, 0.2


class NotFound(Exception):
    """Nobody, or more than one, is meant; the message says how to name them."""


@dataclass(frozen=True, slots=True)
class Person:
    """`names`: all pseudonyms, the root first; `newest`: their newest conversation that is kept, if any."""

    names: tuple[str, ...]
    conversations: tuple[str, ...]
    newest: Conversation | None = None

    @property
    def pseudonym(self) -> str:
        return self.names[0]


class People:
    """The people of one line, as an operator may name them. Raises `StoreDown` and `RecordsDown`."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._store: Store = house.store
        self._records = house.records.people()

    async def find(self, named: str) -> Person:
        """By `channel:id`, a conversation's id, a pseudonym, or its first letters. Raises `NotFound`."""
        if named.partition(":")[0] in CHANNELS and ":" in named:
            return await self._person(await self._house.front.who(_address(named)))
        talk = await self._store.conversation(named)
        whose = talk.pseudonym if talk else await self._records.of_conversation(named)
        if whose:
            return await self._person(whose)
        if _PSEUDONYM.fullmatch(named):
            return await self._person(named)
        if _BEGINNING.fullmatch(named):
            return await self._person(await self._only(named))
        raise NotFound("Name a conversation's id, a pseudonym (or its first four letters), or a channel and an id.")

    async def forget(self, person: Person, *, by: str) -> None:
        """Send the erasure on its way, as the person's own word would; who asked for it is put on record."""
        newest = person.newest
        if newest is not None:
            asked = ForgetAsked(id=f"erase:{uuid.uuid4().hex}", conversation=newest.id)
            if (await self._house.front.handle(asked)).refused is None:
                await self._on_record(newest.id, by)
                return
        conversation = newest.id if newest else f"none-{uuid.uuid4().hex}"
        forget = Forget(pseudonym=person.pseudonym, conversation=conversation)
        await self._house.front.bring(f"erase:{uuid.uuid4().hex}", Decision(effects=(forget,)))
        await self._on_record(conversation, by)

    async def gone(self, person: Person) -> bool:
        """Whether nothing is kept of them in the store or the database."""
        family = await self._store.family(person.pseudonym)
        words = [await self._store.feed(each, limit=1) for each in person.names]
        return not family.conversations and not any(words) and await self._records.rows(person.names) == 0

    async def carry_until_gone(self, persons: Sequence[Person], seconds: float = _DONE_SECONDS) -> bool:
        """Work the lanes of erasing here as well, so that no service has to run; False when it takes longer."""
        working = [asyncio.create_task(self._house.workers[kind].run()) for kind in ("erase", "records")]
        try:
            for _ in range(round(seconds / _LOOK_AGAIN)):
                if all([await self.gone(each) for each in persons]):
                    return True
                await asyncio.sleep(_LOOK_AGAIN)
            return False
        finally:
            for each in working:
                each.cancel()
            await asyncio.gather(*working, return_exceptions=True)

    async def words(self, person: Person) -> tuple[list[Entry], SafetyPlan]:
        """All that was said with them, and their plan."""
        entries: list[Entry] = []
        while more := await self._store.feed(person.pseudonym, after=len(entries)):
            entries += more
        return entries, person.newest.plan if person.newest else NO_PLAN

    async def exported(self, person: Person, *, by: str) -> None:
        """Their words were handed out: on record."""
        await self._on_record(person.newest.id if person.newest else "", by, "exported")

    async def _on_record(self, conversation: str, by: str, action: str = "erased") -> None:
        fields = {"at": self._house.front.clock(), "actor": by, "action": action, "conversation": conversation}
        record = Record(id=f"{action}:{uuid.uuid4().hex}", kind="audit", fields={**fields, "detail": {}})
        await self._house.front.bring(record.id, Decision(effects=(record,)))

    async def _only(self, letters: str) -> str:
        found = await self._records.beginning(letters)
        if not found:
            raise NotFound(f"Nobody's pseudonym begins with {letters}.")
        if len(found) > 1:
            raise NotFound(f"{len(found)} pseudonyms begin with {letters}. Give more of it: {', '.join(found)}.")
        return found[0]

    async def _person(self, pseudonym: str) -> Person:
        family: Family = await self._store.family(pseudonym)
        talks = [await self._store.conversation(each) for each in family.conversations]
        kept = sorted((each for each in talks if each is not None), key=lambda each: each.changed_at)
        return Person(family.pseudonyms, family.conversations, kept[-1] if kept else None)


def _address(named: str) -> Address:
    try:
        return Address.parse(named)
    except BadId:
        raise NotFound(f"Give the id as well: {named.partition(':')[0]} 42.") from None


def joined(terms: Sequence[str]) -> list[str]:
    """`telegram 42` as one name; everything else names somebody by itself."""
    named: list[str] = []
    rest = iter(terms)
    for term in rest:
        named.append(f"{term}:{next(rest, '')}" if term in CHANNELS else term)
    return named
