"""Blocks, reports and somebody else in Telegram: nothing of a report enters the talk, and danger is always answered."""

from __future__ import annotations

import pytest

from handoff.core import events as e
from handoff.core.conversation import Phase
from tests.core.making import lead, supporter
from tests.service.house import CONCERN_WORD, CRISIS_WORD
from tests.telegram.house import Ann

CARD = "Are you safe right now?"


async def talking(ann: Ann) -> None:
    await ann.says("hello")
    await ann.says("/talk")
    await ann.add(supporter("sam"), lead("lou"))
    assert (await ann.desk(e.Claimed)).refused is None
    await ann.desk(e.SupporterWrote, text="hi, I am Sam")
    await ann.hears()


async def blocked(ann: Ann) -> None:
    await talking(ann)
    assert (await ann.desk(e.SeekerBlocked, "lou", reason="abusive", seconds=3600)).refused is None
    await ann.hears()
    ann.api.texts().clear()


def cards(ann: Ann) -> list[str]:
    return [each for each in ann.api.texts() if CARD in each]


def pauses(ann: Ann) -> list[str]:
    return [each for each in ann.api.texts() if "Chatting here isn't possible" in each]


async def test_somebody_else_is_one_command(ann: Ann) -> None:
    await talking(ann)
    await ann.says("/another")
    assert (await ann.talk()).phase is Phase.WAITING
    assert "sam" in (await ann.talk()).refused


async def test_a_report_by_buttons_leaves_no_trace_in_the_talk(ann: Ann) -> None:
    await talking(ann)
    before = await ann.said()
    await ann.says("/report")
    await ann.hears()
    assert "never the supporter it is about" in ann.api.texts()[-1]
    await ann.touches("report:hurtful", "Hurtful or disrespectful")
    await ann.hears()
    assert ann.api.texts()[-1].startswith("Thank you for telling us.")
    assert await ann.said() == before
    assert [each.body["reason"] for each in await ann.lane("records") if each.kind == "report"] == ["hurtful"]


@pytest.mark.parametrize(
    "typed", ["/report he laughed at me", "/report: he laughed at me", "/Report@line_bot, he laughed at me"]
)
@pytest.mark.parametrize("edited", [False, True])
async def test_words_behind_the_command_are_the_report_and_never_the_supporters_to_read(
    ann: Ann, edited: bool, typed: str
) -> None:
    await talking(ann)
    before = await ann.said()
    if edited:
        await ann.edits(77, typed)
    else:
        await ann.says(typed)
    await ann.hears()
    assert await ann.said() == before
    [report] = [each for each in await ann.lane("records") if each.kind == "report"]
    assert (report.body["words"], report.body["supporter"]) == ("he laughed at me", "sam")
    assert ann.api.texts()[-1].startswith("Thank you for telling us.")


async def test_danger_in_a_report_brings_the_card_with_the_store_up_and_down(ann: Ann) -> None:
    await talking(ann)
    await ann.says(f"/report he said it and now {CRISIS_WORD}")
    await ann.hears()
    assert len(cards(ann)) == 1
    assert not any(CRISIS_WORD in each for each in await ann.said())
    ann.store.down = True
    assert await ann.is_refused(ann.message(text=f"/report again {CRISIS_WORD}"))
    assert len(cards(ann)) == 2


async def test_nobody_to_report_is_said(ann: Ann) -> None:
    await ann.says("/report rude")
    await ann.hears()
    assert "Nobody from our team" in ann.api.texts()[-1]


async def test_a_blocked_person_is_told_now_and_then_and_gets_the_card_in_danger(ann: Ann) -> None:
    await blocked(ann)
    for number in range(8):
        await ann.says(f"message {number}")
    await ann.says("/talk")
    await ann.hears()
    assert len(pauses(ann)) == 1
    await ann.says(CONCERN_WORD)
    await ann.says(CRISIS_WORD)
    await ann.hears()
    assert len(cards(ann)) == 2
    assert [each.kind for each in await ann.store.alerts()] == ["crisis"]


async def test_a_flood_of_a_blocked_person_hides_no_danger(ann: Ann) -> None:
    await blocked(ann)
    for number in range(80):
        await ann.says(f"message {number}")
    await ann.says(f"and {CRISIS_WORD}")
    await ann.hears()
    assert len(cards(ann)) == 1
    assert (await ann.talk()).phase is Phase.WAITING
