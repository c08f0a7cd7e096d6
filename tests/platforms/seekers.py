"""Somebody who seeks help, on either channel: what they do and what they are shown, in the same words."""

from __future__ import annotations

from typing import Any, Protocol

from connectors.telegram.rendering import COUNTRIES
from tests.emulators import telegram
from tests.emulators.telegram_people import Message, text_of
from tests.journey.line import Line, eventually
from tests.journey.talk import Frame, Seeker
from tests.platforms.people import talk_of

_EMERGENCY = "999"
"""Stands on every card for Great Britain; one that is shown while nothing can be saved has no button beside it."""


class Person(Protocol):
    """`card` and `cards` speak of crisis cards, as the text that stands on them in reading order."""

    async def writes(self, text: str) -> None:
        """Send words; what comes from here on answers them."""

    async def sees(self, words: str) -> None:
        """Once a line with these words is there."""

    async def taps(self, payload: str) -> None:
        """Choose what was offered last under this payload."""

    async def asks_for_a_person(self) -> None:
        """As their channel lets them."""

    async def card(self) -> str:
        """The very next line after what they did last, which must be a card."""

    async def cards(self) -> int:
        """How many they were shown so far."""

    async def times(self, words: str) -> int:
        """How many lines with these words they were shown so far."""

    async def conversation(self) -> str:
        """The id of their conversation."""


class OnTheWeb:
    """At the web chat's protocol."""

    def __init__(self, seeker: Seeker) -> None:
        self._seeker = seeker
        self._before = 0
        self._alone: Frame | None = None

    async def writes(self, text: str) -> None:
        self._before, seen = self._seeker.last, len(self._seeker.frames)
        answer = await self._seeker.ask("say", text=text)
        self._alone = None if answer["type"] == "ok" else await self._card_alone(seen)

    async def sees(self, words: str) -> None:
        await self._seeker.hears(words)

    async def taps(self, payload: str) -> None:
        self._before = self._seeker.last
        await self._seeker.tap(payload)

    async def asks_for_a_person(self) -> None:
        await self.taps("warmline:person")

    async def card(self) -> str:
        if self._alone is not None:
            return _card_text(self._alone)
        own = await self._seeker.until(lambda each: self._is_new(each) and each["from"] == "seeker")
        following = await self._seeker.until(lambda each: each["type"] == "entry" and each["seq"] == own["seq"] + 1)
        assert following["kind"] == "card", following
        return _card_text(following["body"])

    async def cards(self) -> int:
        return sum(each["kind"] == "card" for each in self._seeker.entries)

    async def times(self, words: str) -> int:
        return sum(words in str(each["text"]) for each in self._seeker.entries)

    async def conversation(self) -> str:
        return self._seeker.conversation

    def _is_new(self, frame: Frame) -> bool:
        return frame["type"] == "entry" and int(frame["seq"]) > self._before

    async def _card_alone(self, seen: int) -> Frame:
        """What is shown while nothing can be saved."""
        body: Frame = (await self._seeker.until(lambda each: each["type"] == "card", after=seen))["body"]
        return body


class OnTelegram:
    """At an emulated Telegram."""

    def __init__(self, person: telegram.Person, line: Line) -> None:
        self._person, self._line = person, line
        self._before = 0

    async def writes(self, text: str) -> None:
        self._before = len(await self._person.messages())
        await self._person.writes(text)

    async def sees(self, words: str) -> None:
        await self._person.sees(words)

    async def taps(self, payload: str) -> None:
        self._before = len(await self._person.messages())
        await self._person.taps(payload)

    async def asks_for_a_person(self) -> None:
        await self.writes("/talk")

    async def card(self) -> str:
        found: list[Message] = []

        async def there() -> bool:
            found[:] = (await self._person.messages())[self._before :]
            return bool(found)

        await eventually(there, "an answer on Telegram")
        assert _EMERGENCY in text_of(found[0]), text_of(found[0])
        return text_of(found[0])

    async def cards(self) -> int:
        return sum(map(_is_card, await self._person.messages()))

    async def times(self, words: str) -> int:
        return sum(words in each for each in await self._person.texts())

    async def conversation(self) -> str:
        return (await talk_of(self._line, self._person)).id


def _is_card(message: Message) -> bool:
    """Only a card that was saved has the button that asks for the country."""
    keys = [key for row in message.get("reply_markup", {}).get("inline_keyboard", ()) for key in row]
    return any(key.get("callback_data") == COUNTRIES for key in keys)


def _card_text(body: Frame) -> str:
    """From the headline on, as the page shows it."""
    emergency = [*_texts(body["emergency"]), body["emergency_sentence"]]
    first, later = (emergency, []) if body["emergency_first"] else ([], emergency)
    parts = [body["headline"], *first, *body["opening"], *body["steps"], *_texts(body["lines"]), *later]
    return "\n".join([*parts, *body["notes"], *body["closing"], body["question"]])


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        value = list(value.values())
    return [text for each in value for text in _texts(each)] if isinstance(value, list) else [str(value)]
