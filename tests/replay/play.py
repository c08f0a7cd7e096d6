"""Plays one written conversation against a running line and writes down what the person saw."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.journey.line import eventually
from tests.journey.talk import Frame, Seeker

SCRIPT = Path(__file__).with_name("conversations.yml")
QUIET, _LONGEST = 1.5, 20.0
"""Seconds without a new line after which the turn is over, and how long the first answer may take."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What somebody writes, in turns from 1; `card` and `asked` name the turn that must bring it, 0 for none."""

    title: str
    country: str
    card: int
    asked: int
    says: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing said, and every line that the person saw until it was quiet."""

    said: str = field(repr=False)
    seen: tuple[Frame, ...] = field(repr=False)

    @property
    def card(self) -> bool:
        return any(each["kind"] == "card" for each in self.seen)

    def asks(self, question: str) -> bool:
        return any(each["text"] == question for each in self.seen)


def scenes(path: Path = SCRIPT) -> list[Scene]:
    listed: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [Scene(each["title"], each["country"], each["card"], each["asked"], tuple(each["says"])) for each in listed]


async def played(scene: Scene, url: str, quiet: float = QUIET) -> list[Turn]:
    """The turns, each with everything that was seen until `quiet` seconds brought nothing new."""
    seeker = Seeker(url, country=scene.country)
    await seeker.connect()
    turns = [Turn(text, tuple(await _answered(seeker, text, quiet))) for text in scene.says]
    await seeker.leave()
    return turns


async def _answered(seeker: Seeker, text: str, quiet: float) -> Sequence[Frame]:
    said = await seeker.say(text)

    async def something() -> bool:
        return seeker.last > int(said["seq"])

    await eventually(something, f"an answer in {seeker.conversation}", _LONGEST)
    count = -1
    while count != len(seeker.entries):
        count = len(seeker.entries)
        await asyncio.sleep(quiet)
    return [each for each in seeker.entries if each["seq"] > said["seq"] and each["from"] != "seeker"]
