"""Buttons: the first click wins, a late one is told who was first, and nobody does what is not theirs to do."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from connectors.slack import deeds
from connectors.slack.kept import Place
from connectors.slack.names import Action, Block
from handoff.core import events as e
from handoff.core.conversation import Phase
from handoff.core.supporter import Presence
from handoff.ports import DeliveryFailed
from tests.journey.line import eventually
from tests.slack.desk import in_slack
from tests.slack.fakes import Writing, click
from tests.slack.test_cards_modals import block
from tests.slack.workspace import QUEUE, Json, shown

HOME = Place("", "")


@pytest.fixture
async def desk() -> Writing:
    made = Writing(replies=({"id": "r1", "category": "start", "text": "Hello, I am {name}."},))
    await made.staffed()
    return made


async def card(desk: Writing) -> tuple[str, Place]:
    """Somebody waits; the conversation and where its card stands."""
    about = await desk.waits()
    await desk.carry()
    return about, Place(QUEUE, desk.slack.top(QUEUE)[0]["ts"])


async def test_the_first_click_wins_and_a_late_one_is_told_who_has_it_by_a_whisper(desk: Writing) -> None:
    about, place = await card(desk)
    assert (await desk.clicks(Action.QUEUE_ACCEPT, about, place=place)).acknowledged
    assert (await desk.clicks(Action.QUEUE_ACCEPT, about, place=place, user="ULEE")).acknowledged
    talk = await desk.talk()
    assert (talk.phase, talk.supporter, talk.desk) == (Phase.LIVE, "sam", "slack")
    [(user, said)] = desk.slack.whispers()
    assert user == "ULEE"
    assert "Sam" in said
    assert desk.slack.messages.get("DULEE", []) == []


async def test_two_clicks_at_once_through_two_processes_give_it_to_one(desk: Writing) -> None:
    about, place = await card(desk)
    other = desk.another_inbound()
    await asyncio.gather(
        desk.sends(click(Action.QUEUE_ACCEPT, about, "USAM", "1.1", place=place)),
        desk.sends(click(Action.QUEUE_ACCEPT, about, "ULEE", "1.2", place=place), other),
    )
    holders = [each.id for each in await desk.store.supporters() if about in each.holding]
    assert holders == [(await desk.talk()).supporter]
    assert len(desk.slack.whispers()) == 1


async def test_a_click_that_comes_twice_is_done_once_and_answered_by_nothing(desk: Writing) -> None:
    about, place = await card(desk)
    for _ in range(2):
        assert (await desk.sends(click(Action.QUEUE_ACCEPT, about, "USAM", "7.7", place=place))).acknowledged
    assert (await desk.talk()).supporter == "sam"
    assert desk.slack.whispers() == []


async def test_a_stranger_can_do_nothing_and_is_told_so(desk: Writing) -> None:
    about, place = await card(desk)
    desk.slack.messages["DUEVE"] = []
    for action in (Action.QUEUE_ACCEPT, Action.QUEUE_DECLINE, Action.ACKNOWLEDGE, Action.TAKE_OVER, Action.ADD_PERSON):
        assert (await desk.clicks(action, about, place=place, user="UEVE")).acknowledged
    assert (await desk.talk()).phase is Phase.WAITING
    assert desk.slack.modals == []
    assert {user for user, _ in desk.slack.whispers()} == {"UEVE"}
    assert all("don't know you" in said for _, said in desk.slack.whispers())


async def test_whoever_was_removed_has_no_access_any_more(desk: Writing) -> None:
    about, place = await card(desk)
    await desk.front.handle(e.SupporterRemoved(id="r", supporter="sam"))
    await desk.clicks(Action.QUEUE_ACCEPT, about, place=place)
    assert (await desk.talk()).phase is Phase.WAITING
    assert "don't know you" in desk.slack.whispers()[0][1]


async def test_a_button_of_a_conversation_that_was_erased_says_that_it_is_gone(desk: Writing) -> None:
    place = await desk.accepted()
    await desk.clicks(Action.CLOSE, "c-gone", place=place)
    assert desk.slack.modals == []
    assert "no conversation any more" in desk.slack.whispers()[0][1]


@pytest.mark.parametrize(
    "action",
    [
        Action.CLOSE, Action.TRANSFER, Action.ESCALATE, Action.RAISE, Action.LOWER, Action.RESOURCES, Action.REPLIES,
        Action.NOTE, Action.QUEUE_DECLINE,
    ],
)  # fmt: skip
async def test_what_needs_more_asks_in_a_modal_that_knows_where_it_belongs(desk: Writing, action: Action) -> None:
    place = await desk.accepted()
    about = (await desk.talk()).id
    await desk.clicks(action, about, place=place)
    [view] = desk.slack.modals
    assert about in view["private_metadata"]
    assert place.channel in view["private_metadata"]


async def test_a_transfer_is_offered_only_to_who_is_here_trained_and_free(desk: Writing) -> None:
    place = await desk.accepted()
    full = in_slack("max", holding=("x", "y"))
    await desk.add(full, in_slack("ina", presence=Presence.AWAY), in_slack("joe", opted_out=("grief",)))
    await desk.clicks(Action.TRANSFER, (await desk.talk()).id, place=place)
    offered = [each["value"] for each in block(desk.slack.modals[0], Block.TO)["element"]["options"]]
    assert sorted(offered) == ["joe", "lee", "lou"]


async def test_a_pause_is_told_to_the_seeker(desk: Writing) -> None:
    place = await desk.accepted()
    before = len(await desk.feed())
    await desk.clicks(Action.PAUSE, (await desk.talk()).id, place=place)
    assert len(await desk.feed()) > before
    assert desk.slack.whispers() == []


async def test_released_goes_back_to_its_place(desk: Writing) -> None:
    place = await desk.accepted()
    since = (await desk.talk()).waiting_since
    await desk.clicks(Action.RELEASE, (await desk.talk()).id, place=place)
    talk = await desk.talk()
    assert (talk.phase, talk.waiting_since) == (Phase.WAITING, since)


async def test_a_deed_on_somebody_elses_conversation_is_refused(desk: Writing) -> None:
    place = await desk.accepted()
    for action in (Action.RELEASE, Action.PAUSE):
        await desk.clicks(action, (await desk.talk()).id, place=place, user="ULEE")
    assert (await desk.talk()).supporter == "sam"
    assert [user for user, _ in desk.slack.whispers()] == ["ULEE", "ULEE"]


async def test_everything_so_far_comes_after_the_acknowledgement_through_the_lane(desk: Writing) -> None:
    place = await desk.accepted()
    await desk.writes("a long story")
    await desk.carry()
    before = len(desk.below(place))
    await desk.clicks(Action.EVERYTHING, (await desk.talk()).id, place=place)
    everything = "\n".join(shown(each) for each in desk.below(place)[before:])
    assert "hello there" in everything
    assert "a long story" in everything


async def test_an_answer_goes_into_a_thread_only_where_slack_shows_it_there(desk: Writing) -> None:
    place = await desk.accepted()
    await desk.clicks(Action.RELEASE, "c-gone", place=place)
    await desk.clicks(Action.RELEASE, "c-gone", place=place, below=True)
    given = [given for method, given in desk.slack.made if method == "chat.postEphemeral"]
    assert [each.get("thread_ts") for each in given] == [None, place.ts]


async def test_an_answer_finds_them_in_their_messages_where_the_app_is_not(desk: Writing) -> None:
    about, place = await card(desk)
    await desk.front.handle(e.Claimed(id="lee", supporter="lee", conversation=about, desk="slack"))
    desk.slack.fail("chat.postEphemeral", DeliveryFailed("not_in_channel", hopeless=True))
    await desk.clicks(Action.QUEUE_ACCEPT, about, place=place)
    assert "Lee" in shown(desk.slack.top("DUSAM")[-1])


async def test_slack_being_away_does_not_hold_up_the_acknowledgement_of_what_was_done(desk: Writing) -> None:
    about, place = await card(desk)
    await desk.clicks(Action.QUEUE_ACCEPT, about, place=place)
    desk.slack.fail("chat.postEphemeral", DeliveryFailed("Slack did not answer", unsure=True), times=9)
    assert (await desk.clicks(Action.QUEUE_ACCEPT, about, place=place, user="ULEE")).acknowledged
    assert (await desk.talk()).supporter == "sam"


async def test_an_answer_that_slack_is_slow_to_take_does_not_hold_up_the_acknowledgement(
    desk: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    about, place = await card(desk)
    await desk.clicks(Action.QUEUE_ACCEPT, about, place=place)
    released = asyncio.Event()
    call = desk.slack.call

    async def slow(method: str, **given: Any) -> Json:
        if method == "chat.postEphemeral":
            await released.wait()
        return await call(method, **given)

    monkeypatch.setattr(deeds, "_PATIENCE", 0.02)
    monkeypatch.setattr(desk.slack, "call", slow)
    async with asyncio.timeout(60):
        late = await desk.clicks_only(Action.QUEUE_ACCEPT, about, place=place, user="ULEE")
    assert late.acknowledged
    assert desk.slack.whispers() == []
    released.set()

    async def told() -> bool:
        return len(desk.slack.whispers()) == 1

    await eventually(told, "the answer", 10)


# --- the store is away ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", [Action.QUEUE_ACCEPT, Action.CLOSE, Action.EVERYTHING])
async def test_while_nothing_can_be_saved_a_click_is_answered_with_a_plain_sentence(
    desk: Writing, action: Action
) -> None:
    about, place = await card(desk)
    desk.store.down = True
    answer = await desk.clicks_only(action, about, place=place)
    desk.store.down = False
    assert answer.acknowledged
    assert (await desk.talk()).phase is Phase.WAITING
    [(user, said)] = desk.slack.whispers()
    assert user == "USAM"
    assert "can't save" in said


async def test_from_the_home_tab_that_sentence_comes_in_their_messages(desk: Writing) -> None:
    desk.store.down = True
    assert (await desk.clicks_only(Action.BUSY, "sam", place=HOME)).acknowledged
    assert "can't save" in shown(desk.slack.top("DUSAM")[-1])
