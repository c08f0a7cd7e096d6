"""Seekers' words stay theirs: what a desk is shown, and what it never is."""

from __future__ import annotations

import json

from handoff.core.entries import Speaker
from handoff.core.risk import Tier
from tests.console.desk_client import desk_of, mine, offers_of
from tests.console.house import House


async def test_an_offer_says_what_for_but_not_a_word_of_theirs(house: House) -> None:
    await house.hire("Mira")
    waiting = await house.arrive("Robin", why="hopeless words", tier=Tier.CONCERN, preferences=("has moved too",))
    async with desk_of(house, "mira") as desk:
        [offer] = await offers_of(desk, 1)
        await desk.settled()
    assert offer["topics"] == ["loneliness"]
    assert (offer["tier"], offer["reasons"], offer["wishes"]) == ("concern", ["hopeless words"], 1)
    said = json.dumps(desk.frames)
    assert not any(word in said for word in ("Robin", "since the move", "moved too", waiting.seeker.id))


async def test_an_intake_that_is_not_shared_is_not_shown_either_way(house: House) -> None:
    await house.hire("Mira")
    waiting = await house.arrive("Robin", share=False, why="hopeless words", tier=Tier.CONCERN)
    async with desk_of(house, "mira") as desk:
        await desk.ask("accept", conversation=waiting.id)
        view = await mine(desk, waiting.id)
        await desk.until_type("marks")
    assert (view["shared"], view["name"], view["topics"], view["country"]) == (False, "", [], None)
    shown = desk.texts(waiting.id)
    assert shown == ["it's been so quiet since the move, I don't know anyone"], "what raised the urgency stays visible"
    assert [each["seq"] for each in desk.frames if each["type"] == "entry"] == list(range(1, 8))


async def test_only_this_conversation_of_the_seeker_is_shown(house: House) -> None:
    await house.hire("Mira")
    waiting = await house.arrive()
    await house.say(waiting.id, Speaker.SEEKER, "now")
    await house.change(waiting.id, first_seq=8)
    await house.give(waiting.id, "mira")
    async with desk_of(house, "mira") as desk:
        await desk.entry("now")
        assert desk.texts(waiting.id) == ["now"]


async def test_what_was_erased_leaves_the_desk(house: House) -> None:
    await house.hire("Mira")
    held = await house.give((await house.arrive()).id, "mira")
    async with desk_of(house, "mira") as desk:
        await desk.until_type("marks")
        await house.store.erase(held.pseudonym, held.id)
        assert (await desk.until_type("erased"))["conversation"] == held.id
        await desk.until(lambda frame: frame["type"] == "mine" and not frame["conversations"])
