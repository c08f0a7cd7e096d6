"""Somebody dangerous may see the phone: from then on, what comes by itself shows nothing of what is in it."""

from __future__ import annotations

import pytest

from handoff.core import events as e
from tests.core.making import lead
from tests.service.house import CRISIS_WORD, NEAR_WORD
from tests.telegram.house import Ann

NEUTRAL = "You have a new message."


async def later_somebody_comes(ann: Ann) -> list[str]:
    """What arrives when a lead takes it, once the person has put the phone away."""
    await ann.add(lead("sam"))
    before = len(await ann.hears())
    ann.clock.now += 600
    await ann.front.handle(e.Claimed(id="claim", supporter="sam", conversation=(await ann.talk_here()).id))
    return (await ann.hears())[before:]


async def test_notifications_become_neutral_by_themselves(ann: Ann) -> None:
    await ann.says(f"{CRISIS_WORD} and {NEAR_WORD}")
    assert await later_somebody_comes(ann) == [NEUTRAL]


async def test_for_everybody_else_they_stay_as_they_were_chosen(ann: Ann) -> None:
    await ann.says(CRISIS_WORD)
    assert NEUTRAL not in await later_somebody_comes(ann)


async def test_who_chose_to_see_them_keeps_their_choice(ann: Ann) -> None:
    await ann.says("/notifications")
    await ann.says("/notifications")
    await ann.says(f"{CRISIS_WORD} and {NEAR_WORD}")
    told = await later_somebody_comes(ann)
    assert NEUTRAL not in told
    assert "Sam is here." in told


@pytest.mark.parametrize("again", [f"{CRISIS_WORD} again", "/urgent"])
async def test_a_card_is_never_hidden(ann: Ann, again: str) -> None:
    await ann.says(f"{CRISIS_WORD} and {NEAR_WORD}")
    await ann.hears()
    ann.clock.now += 600
    await ann.says(again)
    assert any("999" in each for each in (await ann.hears())[-3:])
