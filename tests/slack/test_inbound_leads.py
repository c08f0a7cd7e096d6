"""What leads do with a click: look after alerts, take over, join whoever holds somebody in danger now."""

from __future__ import annotations

import pytest

from connectors.slack.kept import Place
from connectors.slack.names import Action, alert_value
from handoff.core import events as e
from handoff.core.conversation import Deadline, Phase
from handoff.core.risk import Tier
from handoff.core.supporter import Role, Training
from tests.service.house import CRISIS_WORD
from tests.slack.desk import in_slack
from tests.slack.fakes import Writing
from tests.slack.workspace import LEADS, buttons, shown


@pytest.fixture
async def desk() -> Writing:
    made = Writing()
    await made.staffed()
    return made


async def test_a_lead_acknowledges_once_and_a_second_is_told_that_somebody_does(desk: Writing) -> None:
    await desk.add(in_slack("lea", role=Role.LEAD))
    await desk.writes(CRISIS_WORD)
    await desk.carry()
    kinds = sorted({each.kind for each in await desk.store.alerts()})
    about = (await desk.talk()).id
    value = alert_value(kinds, about)
    await desk.clicks(Action.ACKNOWLEDGE, value, place=Place("CLEADS", "1.1"), user="USAM")
    assert await desk.store.alerts() != []
    await desk.clicks(Action.ACKNOWLEDGE, value, place=Place("CLEADS", "1.1"), user="ULOU")
    await desk.clicks(Action.ACKNOWLEDGE, value, place=Place("CLEADS", "1.1"), user="ULEA")
    assert [each for each in await desk.store.alerts() if each.conversation == about] == []
    (first, refused), (second, late) = desk.slack.whispers()
    assert (first, second) == ("USAM", "ULEA")
    assert "Only leads" in refused
    assert "already" in late


async def test_a_lead_takes_over_and_nobody_else_can(desk: Writing) -> None:
    await desk.accepted()
    about = (await desk.talk()).id
    await desk.clicks(Action.TAKE_OVER, about, place=Place("CLEADS", "1.1"), user="ULEE")
    assert (await desk.talk()).supporter == "sam"
    await desk.clicks(Action.TAKE_OVER, about, place=Place("CLEADS", "1.1"), user="ULOU")
    assert (await desk.talk()).supporter == "lou"


async def held_alone(desk: Writing) -> str:
    """Sam holds somebody in danger now, and leads have been called."""
    await desk.add(in_slack("sam", training=Training.SENIOR))
    await desk.accepted()
    await desk.desk(e.RiskRaised, tier=Tier.IMMINENT, why="spoke of tonight")
    await desk.falls_due()
    await desk.carry()
    return (await desk.talk()).id


async def test_a_lead_joins_and_the_supporter_reads_in_their_thread_that_they_are_not_alone(desk: Writing) -> None:
    about = await held_alone(desk)
    post = next(each for each in desk.slack.top(LEADS) if "alert_join" in buttons(each))
    await desk.clicks(Action.JOIN, about, place=Place(LEADS, post["ts"]), user="ULEE")
    assert (await desk.talk()).leads == ()
    await desk.clicks(Action.JOIN, about, place=Place(LEADS, post["ts"]), user="ULOU")
    await desk.carry()
    assert (await desk.talk()).leads == ("lou",)
    thread = " ".join(shown(each) for each in desk.below(await desk.thread_of(about)))
    assert "Lou, a lead, has joined" in thread
    assert "not alone" in thread
    assert [user for user, _ in desk.slack.whispers()] == ["ULEE", "ULOU"]


async def test_acknowledging_a_call_holds_the_next_one_back(desk: Writing) -> None:
    about = await held_alone(desk)
    value = alert_value(["lead_wanted"], about)
    await desk.clicks(Action.ACKNOWLEDGE, value, place=Place(LEADS, "1.1"), user="ULOU")
    due = (await desk.talk()).deadlines[Deadline.LEAD]
    assert due == desk.clock.now + desk.line.policy.lead_answer_seconds


async def test_whoever_puts_a_crisis_down_keeps_it_until_somebody_else_has_it(desk: Writing) -> None:
    about = await held_alone(desk)
    desk.clock.now += 1
    await desk.clicks(Action.RELEASE, about)
    await desk.falls_due()
    await desk.carry()
    talk = await desk.talk()
    assert (talk.phase, talk.supporter, talk.relief_asked) == (Phase.LIVE, "sam", True)
    assert "relief_wanted" in [each.kind for each in await desk.store.alerts()]
    assert "Please stay" in " ".join(shown(each) for each in desk.below(await desk.thread_of(about)))
