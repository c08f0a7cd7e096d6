"""The thirty written conversations against a running service: who gets the card, at which turn, and who is asked."""

from __future__ import annotations

import pytest

from handoff.wording.system_files import load_system_wording
from tests.journey.processes import OwnLine, StandInBot
from tests.replay.play import Scene, played, scenes

pytestmark = pytest.mark.asyncio(loop_scope="session")

_QUIET = 0.4


@pytest.mark.parametrize("scene", scenes(), ids=lambda scene: scene.title)
async def test_the_card_and_the_question_come_where_they_must(
    empty_line: OwnLine, bot: StandInBot, scene: Scene
) -> None:
    turns = await played(scene, empty_line.url, _QUIET)
    question = load_system_wording().say("safety_question", "en")
    assert next((number for number, turn in enumerate(turns, 1) if turn.card), 0) == scene.card
    assert next((number for number, turn in enumerate(turns, 1) if turn.asks(question)), 0) == scene.asked


async def test_there_are_thirty() -> None:
    assert len(scenes()) == 30
