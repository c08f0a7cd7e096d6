"""What leads see and do, and that nobody else can."""

from __future__ import annotations

import pytest

from handoff.core.entries import Speaker
from handoff.core.events import AlertAcknowledged, Joined, LookedIn, RiskLowered, RiskRaised, TakenOver
from handoff.core.risk import Tier
from handoff.core.supporter import Role
from tests.console.desk_client import desk_of
from tests.console.house import House


async def test_the_board_says_how_the_line_is_doing(house: House) -> None:
    await house.hire("Joan", lead=True)
    await house.hire("Mira")
    await house.arrive(tier=Tier.IMMINENT, waited=30)
    await house.arrive(waited=700)
    await house.give((await house.arrive()).id, "mira")
    async with desk_of(house, "joan") as desk:
        board = await desk.until_type("board")
    assert (board["waiting"], board["live"], board["here"]) == (2, 1, 2)
    assert board["by_tier"] == [{"tier": "imminent", "count": 1}, {"tier": "distress", "count": 1}]
    assert board["longest_since"] < (house.clock() - 600) * 1000
    assert board["free"] == 5
    assert board["average_seconds"] is None
    assert [each["holder"] for each in board["talking"]] == ["Mira"]


async def test_supporters_get_neither_board_nor_alerts(house: House) -> None:
    await house.hire("Mira")
    held = await house.arrive()
    await house.alarm(held.id, "Somebody waits.")
    async with desk_of(house, "mira") as desk:
        await desk.settled()
        assert not [each for each in desk.frames if each["type"] in ("board", "alerts")]


async def test_an_alert_is_acknowledged_by_the_first_lead(house: House) -> None:
    await house.hire("Joan", lead=True)
    await house.hire("Ines", lead=True)
    waiting = await house.arrive()
    async with desk_of(house, "joan") as joan, desk_of(house, "ines") as ines:
        await house.alarm(waiting.id, "Somebody in danger waits.")
        for desk in (joan, ines):
            frame = await desk.until(lambda each: each["type"] == "alerts" and len(each["alerts"]) == 1)
            assert (frame["alerts"][0]["text"], frame["alerts"][0]["urgent"]) == ("Somebody in danger waits.", True)
        assert (await joan.ask("ack", kind="crisis", conversation=waiting.id))["type"] == "ok"
        assert [event.supporter for event in house.front.of(AlertAcknowledged)] == ["joan"]
        assert (await ines.ask("ack", kind="crisis", conversation=waiting.id))["code"] == "alert_gone"
        for desk in (joan, ines):
            await desk.until(lambda each: each["type"] == "alerts" and not each["alerts"], after=len(desk.frames) - 2)


async def test_looking_in_is_recorded_before_a_word_is_shown(house: House) -> None:
    await house.hire("Joan", lead=True)
    await house.hire("Mira")
    held = await house.give((await house.arrive()).id, "mira")
    async with desk_of(house, "joan") as desk:
        await desk.settled()
        assert desk.texts(held.id) == []
        assert (await desk.ask("look", conversation=held.id))["type"] == "ok"
        await desk.entry("6")
        assert [event.supporter for event in house.front.of(LookedIn)] == ["joan"]
        view = (await desk.until(lambda each: each["type"] == "mine" and bool(each["conversations"])))["conversations"][
            0
        ]
        assert (view["mine"], view["holder"]) == (False, "Mira")
        assert (await desk.ask("say", conversation=held.id, text="Hello"))["code"] == "not_yours"
        await desk.send("unlook", conversation=held.id)
        await desk.until(lambda each: each["type"] == "mine" and not each["conversations"], after=len(desk.frames) - 1)
        await house.say(held.id, Speaker.SEEKER, "after")
        await desk.settled()
        assert "after" not in desk.texts(held.id)


async def test_joining_is_reading_along_in_the_open(house: House) -> None:
    await house.hire("Joan", lead=True)
    await house.hire("Mira")
    held = await house.give((await house.arrive()).id, "mira")
    async with desk_of(house, "joan") as desk, desk_of(house, "mira") as mira:
        assert (await desk.ask("join", conversation=held.id))["type"] == "ok"
        await desk.entry("6")
        assert [event.supporter for event in house.front.of(Joined)] == ["joan"]
        await mira.until(lambda each: each["type"] == "mine" and each["conversations"][0]["joined"] == ["Joan"])
        assert (await desk.ask("note", conversation=held.id, text="I am here too."))["type"] == "ok"
        await mira.until(lambda each: each["type"] == "margin" and each["text"] == "I am here too.")


async def test_a_lead_who_stops_being_one_stops_reading(house: House) -> None:
    await house.hire("Joan", lead=True)
    waiting = await house.arrive()
    async with desk_of(house, "joan") as desk:
        await desk.ask("look", conversation=waiting.id)
        await desk.entry("6")
        before = len(desk.frames)
        await house.change_supporter("joan", role=Role.SUPPORTER)
        await desk.until(lambda each: each["type"] == "mine" and not each["conversations"], after=before)
        assert (await desk.ask("look", conversation=waiting.id))["code"] == "leads_only"


async def test_a_lead_takes_over(house: House) -> None:
    await house.hire("Joan", lead=True)
    waiting = await house.arrive()
    async with desk_of(house, "joan") as desk:
        await desk.ask("look", conversation=waiting.id)
        assert (await desk.ask("takeover", conversation=waiting.id))["type"] == "ok"
        await desk.until(lambda each: each["type"] == "mine" and any(one["mine"] for one in each["conversations"]))
        assert (await desk.ask("say", conversation=waiting.id, text="Hello, I'm Joan."))["type"] == "ok"
    assert house.front.of(TakenOver)


async def test_anybody_may_see_more_risk_but_only_leads_less(house: House) -> None:
    await house.hire("Joan", lead=True)
    await house.hire("Mira")
    held = await house.give((await house.arrive()).id, "mira")
    async with desk_of(house, "mira") as mira, desk_of(house, "joan") as joan:
        assert (await mira.ask("raise", conversation=held.id, tier="imminent", why="a plan"))["type"] == "ok"
        refused = await mira.ask("lower", conversation=held.id, tier="none", why="better")
        assert refused["code"] == "leads_only"
        assert (await joan.ask("lower", conversation=held.id, tier="none", why=""))["code"] == "bad_field"
        assert (await joan.ask("lower", conversation=held.id, tier="concern", why="talked, safe now"))["type"] == "ok"
    assert [event.tier for event in house.front.of(RiskRaised)] == [Tier.IMMINENT]
    assert [event.tier for event in house.front.of(RiskLowered)] == [Tier.CONCERN]


async def test_asking_a_lead_reaches_the_leads(house: House) -> None:
    await house.hire("Joan", lead=True)
    await house.hire("Mira")
    held = await house.give((await house.arrive()).id, "mira")
    async with desk_of(house, "joan") as joan, desk_of(house, "mira") as mira:
        assert (await mira.ask("escalate", conversation=held.id, why="not sure"))["type"] == "ok"
        frame = await joan.until(lambda each: each["type"] == "alerts" and bool(each["alerts"]))
        assert frame["alerts"][0]["kind"] == "escalated"


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("look", {}),
        ("join", {}),
        ("takeover", {}),
        ("lower", {"tier": "none", "why": "so"}),
        ("ack", {"kind": "crisis"}),
    ],
)
async def test_what_leads_do_is_refused_to_others(house: House, kind: str, fields: dict[str, str]) -> None:
    await house.hire("Mira")
    waiting = await house.arrive()
    async with desk_of(house, "mira") as desk:
        assert (await desk.ask(kind, conversation=waiting.id, **fields))["code"] == "leads_only"
        await desk.settled()
        assert not desk.texts(waiting.id)
