"""Modals that were filled in: checked, done, and what is wrong shown at its field."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.slack.kept import Place
from connectors.slack.names import Action, Block
from handoff.core import events as e
from handoff.core.conversation import Phase
from handoff.core.entries import EntryKind
from handoff.core.risk import Tier
from handoff.ports import DeliveryFailed
from tests.slack.fakes import Answered, Writing
from tests.slack.test_cards_modals import block, filled
from tests.slack.workspace import Json, shown

BREATHING = {"id": "breathing", "title": "Breathing", "kind": "exercise", "minutes": 3, "summary": "Slowly."}
HELLO = {"id": "r1", "category": "start", "text": "Hello, I am {name}."}


@pytest.fixture
async def desk() -> Writing:
    made = Writing(found=[BREATHING], replies=(HELLO,))
    await made.staffed()
    return made


@pytest.fixture
async def place(desk: Writing) -> Place:
    return await desk.accepted()


async def opened(desk: Writing, place: Place, action: Action, user: str = "USAM") -> Json:
    await desk.clicks(action, (await desk.talk()).id, place=place, user=user)
    return desk.slack.modals[-1]


async def gives(desk: Writing, place: Place, action: Action, user: str = "USAM", **answers: Any) -> Answered:
    """Open the modal, fill it in, send it."""
    return await desk.submits(filled(await opened(desk, place, action, user), **answers), user=user)


async def test_a_close_needs_an_outcome_and_then_thanks_the_seeker(desk: Writing, place: Place) -> None:
    wrong = await gives(desk, place, Action.CLOSE)
    assert wrong.body["response_action"] == "errors"
    assert list(wrong.body["errors"]) == ["outcome"]
    assert (await desk.talk()).phase is Phase.LIVE
    assert (await gives(desk, place, Action.CLOSE, outcome="supported")).body == {}
    talk = await desk.talk()
    assert (talk.phase, talk.outcome) == (Phase.CLOSING, "supported")


async def test_a_transfer_goes_to_who_was_chosen(desk: Writing, place: Place) -> None:
    assert (await gives(desk, place, Action.TRANSFER, to="lee")).body == {}
    assert (await desk.talk()).supporter == "lee"


async def test_a_transfer_to_somebody_who_went_meanwhile_is_refused_with_why(desk: Writing, place: Place) -> None:
    view = filled(await opened(desk, place, Action.TRANSFER), to="lee")
    await desk.front.handle(e.SupporterRemoved(id="gone", supporter="lee"))
    assert (await desk.submits(view)).acknowledged
    assert (await desk.talk()).supporter == "sam"
    assert len(desk.slack.whispers()) == 1


async def test_not_for_me_is_not_offered_again(desk: Writing) -> None:
    about = await desk.waits()
    await desk.carry()
    view = await opened(desk, Place("CQUEUE", desk.slack.top("CQUEUE")[0]["ts"]), Action.QUEUE_DECLINE)
    assert (await desk.submits(filled(view, why="topic"))).body == {}
    talk = await desk.store.conversation(about)
    assert talk is not None
    assert "sam" in talk.excluded


async def test_a_lead_is_asked_and_sees_why(desk: Writing, place: Place) -> None:
    await gives(desk, place, Action.ESCALATE, why="I need a second pair of eyes")
    assert (await desk.talk()).escalated
    margin = await desk.store.margin((await desk.talk()).id)
    assert any("second pair of eyes" in each.text for each in margin)


async def test_urgency_is_raised_with_a_reason_and_lowered_by_a_lead_alone(desk: Writing, place: Place) -> None:
    assert list((await gives(desk, place, Action.RAISE, tier="concern")).body["errors"]) == ["why"]
    assert (await gives(desk, place, Action.RAISE, tier="concern", why="sounds hopeless")).body == {}
    assert (await desk.talk()).tier is Tier.CONCERN
    await gives(desk, place, Action.LOWER, tier="none", why="it was a song")
    assert (await desk.talk()).tier is Tier.CONCERN
    assert "leads" in desk.slack.whispers()[-1][1].lower()
    await gives(desk, place, Action.LOWER, "ULOU", tier="none", why="it was a song")
    assert (await desk.talk()).tier is Tier.NONE


async def test_a_modal_sent_twice_is_done_once(desk: Writing, place: Place) -> None:
    view = filled(await opened(desk, place, Action.NOTE), note="likes tea")
    for _ in range(2):
        assert (await desk.submits(view, view_id="V77")).acknowledged
    margin = await desk.store.margin((await desk.talk()).id)
    assert [each.text for each in margin if "tea" in each.text] == ["likes tea"]


async def test_a_resource_is_looked_for_by_meaning_chosen_and_sent(desk: Writing, place: Place) -> None:
    view = await opened(desk, place, Action.RESOURCES)
    asked = filled(view, search="can't sleep")
    await desk.clicks(Action.RESOURCES_SEARCH, "can't sleep", view=asked)
    assert desk.looked_for[-1][0] == "can't sleep"
    found = desk.slack.modals[-1]
    assert "Breathing" in str(found["blocks"])
    assert (await desk.submits(filled(found, resource="breathing"))).body == {}
    assert any(each.kind is EntryKind.RESOURCE for each in await desk.feed())


async def test_a_saved_reply_is_seen_changed_and_sent_and_stands_in_the_thread(desk: Writing, place: Place) -> None:
    view = await opened(desk, place, Action.REPLIES)
    await desk.clicks(Action.REPLIES_PICK, view=filled(view, reply="r1"), chosen="r1")
    picked = desk.slack.modals[-1]
    assert block(picked, Block.WORDS)["element"]["initial_value"] == "Hello, I am Sam."
    await desk.submits(filled(picked, reply="r1", words="Hello, I am Sam. Tell me."))
    assert await desk.heard() == ["Hello, I am Sam. Tell me."]
    assert "Hello, I am Sam. Tell me." in shown(desk.below(place)[-1])


async def test_a_modal_about_a_conversation_that_is_over_is_refused_and_sends_nothing(
    desk: Writing, place: Place
) -> None:
    view = await opened(desk, place, Action.REPLIES)
    await desk.clicks(Action.REPLIES_PICK, view=filled(view, reply="r1"), chosen="r1")
    picked = desk.slack.modals[-1]
    await desk.desk(e.Released, desk="slack")
    assert (await desk.submits(filled(picked, reply="r1"))).acknowledged
    assert await desk.heard() == []
    assert len(desk.slack.whispers()) == 1


async def test_a_modal_that_opens_too_late_says_where_to_go(desk: Writing, place: Place) -> None:
    desk.slack.fail("views.open", DeliveryFailed("expired_trigger_id", hopeless=True))
    await desk.clicks(Action.CLOSE, (await desk.talk()).id, place=place)
    assert "too old" in desk.slack.whispers()[0][1]
