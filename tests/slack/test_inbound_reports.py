"""Reports and blocks in Slack: end and report, a block, and reports on the home of leads whom they are not about."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connectors.slack.kept import Place
from connectors.slack.names import Action
from handoff.core import events as e
from handoff.core.conversation import Phase
from handoff.core.ids import home_lane
from handoff.core.policy import Policy
from handoff.core.risk import Tier
from handoff.ports import Parcel
from handoff.records import SqlRecords
from handoff.sealing import Sealer
from handoff.store.memory import MemoryStore
from tests.core.making import SEEKER
from tests.records.rows import CANARY, parcel
from tests.slack.fakes import Answered, Writing
from tests.slack.test_cards_modals import filled
from tests.slack.workspace import shown
from tests.store.making import KEY


@pytest.fixture
async def records(tmp_path: Path) -> AsyncIterator[SqlRecords]:
    made = SqlRecords(f"sqlite+aiosqlite:///{tmp_path}/records.db", MemoryStore("main", Policy()), Sealer([KEY]))
    await made.prepare()
    yield made
    await made.close()


@pytest.fixture
async def desk(records: SqlRecords) -> Writing:
    made = Writing()
    made.room = replace(made.room, options=replace(made.room.options, reports=records.reports()))
    made.workers = made.another_process(made.room)
    made.inbound = made.another_inbound()
    await made.staffed()
    return made


@pytest.fixture
async def place(desk: Writing) -> Place:
    return await desk.accepted()


async def gives(desk: Writing, place: Place, action: Action, user: str = "USAM", **answers: Any) -> Answered:
    await desk.clicks(action, (await desk.talk()).id, place=place, user=user)
    return await desk.submits(filled(desk.slack.modals[-1], **answers), user=user)


async def home(desk: Writing, who: str = "lou") -> str:
    await desk.room.poke(desk.id(), Parcel(desk.id(), home_lane(who), "", 0, "redraw", {}))
    await desk.carry()
    return shown(desk.slack.homes[f"U{who.upper()}"]["blocks"])


async def test_a_supporter_ends_and_reports_in_one_step(desk: Writing, place: Place) -> None:
    assert list((await gives(desk, place, Action.REPORT)).body["errors"]) == ["reason"]
    assert (await gives(desk, place, Action.REPORT, reason="abusive", note=CANARY)).body == {}
    talk = await desk.talk()
    assert (talk.phase, talk.outcome) == (Phase.CLOSING, "reported")
    assert "your report is with the leads" in shown(desk.slack.top(place.channel)[0])
    assert CANARY not in str(desk.slack.top(place.channel))
    sam = await desk.store.supporter("sam")
    assert sam is not None
    assert sam.cool_until > desk.clock()


async def test_in_a_crisis_the_talk_goes_on_and_a_lead_is_called(desk: Writing, place: Place) -> None:
    await desk.desk(e.RiskRaised, tier=Tier.ACTIVE, why="as I see it")
    await desk.clicks(Action.REPORT, (await desk.talk()).id, place=place)
    assert "the talk is not ended" in shown(desk.slack.modals[-1]["blocks"])
    await desk.submits(filled(desk.slack.modals[-1], reason="threatening"))
    talk = await desk.talk()
    assert (talk.phase, talk.supporter, talk.relief_asked) == (Phase.LIVE, "sam", True)


async def test_a_block_is_a_leads_and_has_a_time_and_a_reason(desk: Writing, place: Place) -> None:
    about = (await desk.talk()).id
    assert list((await gives(desk, place, Action.BLOCK, "ULOU", reason="abusive")).body["errors"]) == ["time"]
    await gives(desk, place, Action.BLOCK, reason="abusive", time="3600")
    assert (await desk.talk()).phase is Phase.LIVE
    assert "leads" in desk.slack.whispers()[-1][1].lower()
    assert (await gives(desk, place, Action.BLOCK, "ULOU", reason="abusive", time="3600")).body == {}
    talk = await desk.talk()
    assert (talk.id, talk.phase, talk.outcome) == (about, Phase.CLOSED, "blocked")
    assert "has blocked" in shown(desk.slack.top(place.channel)[0])


async def test_who_is_left_for_somebody_else_is_told_so_neutrally(desk: Writing, place: Place) -> None:
    await desk.taps("warmline:another")
    await desk.carry()
    assert "would like to talk with someone else" in shown(desk.slack.top(place.channel)[0])


async def test_a_lead_opens_a_report_notes_and_closes_it(desk: Writing, records: SqlRecords) -> None:
    await records.write([parcel("report")])
    assert "Somebody reported sam" in await home(desk)
    assert CANARY not in str(desk.slack.homes)
    await desk.clicks(Action.OPEN_REPORT, "1", user="ULOU")
    assert CANARY in shown(desk.slack.modals[-1]["blocks"])
    await desk.submits(filled(desk.slack.modals[-1], note="Spoke with Sam.", done=["done"]), user="ULOU")
    [report] = await records.reports().listed("lou")
    assert report.closed_by == "lou"
    opened = await records.reports().opened(1, "lou", 1.0)
    assert opened is not None
    assert opened.note == "Spoke with Sam."


async def test_no_report_is_shown_to_whom_it_is_about_or_to_supporters(desk: Writing, records: SqlRecords) -> None:
    await records.write([parcel("report", supporter="lou")])
    assert "reported" not in await home(desk)
    opened = len(desk.slack.modals)
    await desk.clicks(Action.OPEN_REPORT, "1", user="ULOU")
    await desk.clicks(Action.OPEN_REPORT, "1", user="USAM")
    assert len(desk.slack.modals) == opened


async def test_that_a_lead_was_reported_is_written_nowhere_in_slack(desk: Writing, place: Place) -> None:
    await desk.desk(e.TakenOver, "lou", desk="slack")
    await desk.carry()
    before = str(desk.slack.messages)
    reported = e.SupporterReported(id="r", seeker=SEEKER, reason="hurtful", words=CANARY)
    assert (await desk.front.handle(reported)).refused is None
    await desk.carry()
    assert str(desk.slack.messages) == before
