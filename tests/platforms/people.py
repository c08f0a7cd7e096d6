"""Who is who: a person's conversation, found by where they write."""

from __future__ import annotations

from handoff.core.conversation import Conversation
from handoff.core.ids import Address, pseudonym
from tests.emulators.telegram import Person
from tests.journey.line import Line


async def talk_of(line: Line, person: Person) -> Conversation:
    """The conversation this person on Telegram has now."""
    found = await known_talk(line, person)
    assert found is not None
    return found


async def known_talk(line: Line, person: Person) -> Conversation | None:
    """The same, or None when nothing is kept of them."""
    address = Address("telegram", str(person.chat))
    name = pseudonym(address, line.settings.pseudonym_secret.get_secret_value().encode())
    return await line.store.current(address, await line.store.root(name))
