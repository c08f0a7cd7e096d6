"""Saying that the screen was wrong, and looking again: one click, for whoever reads it; the list is the leads'."""

from __future__ import annotations

from typing import Any

import pytest

from handoff.core.events import LookedIn, MessageFlagged, Reviewed
from handoff.core.risk import Tier
from handoff.ports import RecordsDown
from tests.console.desk_client import desk_of
from tests.console.house import House, make_house, opened

ITEM: dict[str, Any] = {
    "id": "a1b2c3", "what": "sample", "verdict": "", "tier": 1, "language": "en", "conversation": "c1",
    "pseudonym": "p-ana", "seq": 0, "at": 1_780_000_000.0, "consent": True, "words": "canary", "by": "mira",
}  # fmt: skip


async def test_one_click_marks_a_message_for_whoever_holds_the_conversation(house: House) -> None:
    await house.hire("Mira")
    await house.hire("Noor")
    held = await house.give((await house.arrive(tier=Tier.DISTRESS)).id, "mira")
    async with desk_of(house, "mira") as mira, desk_of(house, "noor") as noor:
        marked: dict[str, Any] = {"conversation": held.id, "seq": 4, "verdict": "missed_risk"}
        assert (await mira.ask("flag", **marked))["type"] == "ok"
        assert (await noor.ask("flag", **marked))["code"] == "not_yours"
        assert (await mira.ask("flag", **{**marked, "verdict": "boring"}))["code"] == "bad_field"
    [event] = house.front.of(MessageFlagged)
    assert (event.supporter, event.seq, event.verdict, event.words) == ("mira", 4, "missed_risk", "")


async def test_leads_get_the_list_without_words_and_say_what_they_found() -> None:
    async def listed() -> list[dict[str, Any]]:
        return [ITEM]

    async with opened(make_house(reviews=listed)) as house:
        await house.hire("Joan", lead=True)
        await house.hire("Mira")
        known = await house.arrive()
        async with desk_of(house, "joan") as joan, desk_of(house, "mira") as mira:
            await joan.send("reviews", id="r1")
            answer = await joan.until_type("reviews")
            assert answer["items"][0]["tier"] == "distress"
            assert "canary" not in str(answer)
            assert (await mira.ask("reviews"))["code"] == "leads_only"
            assert (await joan.ask("look", conversation=known.id))["type"] == "ok"
            assert (await joan.ask("reviewed", conversation=known.id, outcome="nothing_missed"))["type"] == "ok"
            assert (await mira.ask("reviewed", conversation=known.id, outcome="nothing_missed"))["code"] == "leads_only"
        assert [event.supporter for event in house.front.of(LookedIn)] == ["joan"]
        assert [event.outcome for event in house.front.of(Reviewed)] == ["nothing_missed"]


async def test_records_that_do_not_answer_are_said_in_a_sentence() -> None:
    async def down() -> list[dict[str, Any]]:
        raise RecordsDown("away")

    async with opened(make_house(reviews=down)) as house:
        await house.hire("Joan", lead=True)
        async with desk_of(house, "joan") as joan:
            answer = await joan.ask("reviews")
            assert answer["code"] == "records_down"
            assert "Try again" in answer["next"]


@pytest.mark.parametrize("seq", [-1, 2**60, "four"])
async def test_a_place_that_is_none_is_refused(house: House, seq: object) -> None:
    await house.hire("Mira")
    held = await house.give((await house.arrive()).id, "mira")
    async with desk_of(house, "mira") as mira:
        assert (await mira.ask("flag", conversation=held.id, seq=seq, verdict="missed_risk"))["code"] == "bad_field"
