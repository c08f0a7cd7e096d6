"""The queue channel: one card for each handoff that waits, and a crisis brought to whom it is assigned."""

from __future__ import annotations

import pytest

from connectors.slack.ticker import plan
from handoff.core import events as e
from handoff.core.policy import Policy
from handoff.core.queue import Place
from handoff.core.risk import Tier
from handoff.ports import DeliveryFailed
from tests.core.making import NOW, SEEKER
from tests.service.house import CRISIS_WORD
from tests.slack.desk import Desk
from tests.slack.workspace import LEADS, QUEUE, buttons, notifies, shown

LOST = DeliveryFailed("Slack did not answer", unsure=True)


@pytest.fixture
async def desk() -> Desk:
    return await Desk().staffed()


async def test_who_waits_has_one_card_with_its_buttons(desk: Desk) -> None:
    await desk.waits()
    await desk.carry()
    [card] = desk.slack.top(QUEUE)
    assert buttons(card) == ["queue_accept", "queue_decline"]
    assert (await desk.talk()).pseudonym[:4] in shown(card)


async def test_a_card_tells_nothing_of_what_anybody_wrote(desk: Desk) -> None:
    await desk.waits()
    await desk.writes("canary words while waiting")
    await desk.carry()
    [card] = desk.slack.top(QUEUE)
    assert "canary" not in shown(card) + notifies(card)
    assert "hello there" not in shown(card) + notifies(card)
    assert SEEKER.id not in str(card)


async def test_the_card_says_who_has_it_once_taken(desk: Desk) -> None:
    await desk.accepted("lee")
    [card] = desk.slack.top(QUEUE)
    assert buttons(card) == []
    assert "Lee" in shown(card)


async def test_who_comes_back_to_the_queue_has_a_new_card_and_no_old_one(desk: Desk) -> None:
    await desk.accepted()
    [old] = desk.slack.top(QUEUE)
    await desk.desk(e.Released, desk="slack")
    await desk.carry()
    [card] = desk.slack.top(QUEUE)
    assert card["ts"] != old["ts"]
    assert "queue_accept" in buttons(card)


async def test_a_restart_posts_no_second_card(desk: Desk) -> None:
    await desk.waits()
    await desk.carry()
    desk.workers = desk.another_process(desk.another_room())
    await desk.through(90, ticking=True)
    assert len(desk.slack.top(QUEUE)) == 1


async def test_a_card_somebody_deleted_is_posted_again_when_it_is_due(desk: Desk) -> None:
    await desk.waits()
    await desk.carry()
    desk.slack.messages[QUEUE].clear()
    await desk.through(90, ticking=True)
    assert len(desk.slack.top(QUEUE)) == 1


async def test_a_card_that_was_never_posted_is_posted_by_the_ticker(desk: Desk) -> None:
    desk.slack.fail("chat.postMessage", DeliveryFailed("channel_not_found", hopeless=True))
    await desk.waits()
    await desk.carry()
    assert desk.slack.top(QUEUE) == []
    assert desk.room.troubled == {"queue_channel"}
    await desk.through(60, ticking=True)
    assert len(desk.slack.top(QUEUE)) == 1
    assert desk.room.troubled == set()


async def test_a_card_that_may_be_a_repeat_says_so(desk: Desk) -> None:
    desk.slack.fail("chat.postMessage", LOST, after=True)
    await desk.waits()
    await desk.carry()
    await desk.through(5)
    first, second = desk.slack.top(QUEUE)
    assert "repeat" in shown(second)
    assert "repeat" not in shown(first)


async def test_a_card_is_drawn_again_as_the_wait_grows_and_seldom(desk: Desk) -> None:
    await desk.waits()
    await desk.carry()
    desk.slack.made.clear()
    await desk.through(620, ticking=True)
    assert 3 <= desk.slack.count("chat.update") <= 5


async def test_who_is_erased_while_waiting_leaves_no_card(desk: Desk) -> None:
    await desk.waits()
    await desk.carry()
    await desk.taps("warmline:forget_confirmed")
    await desk.carry()
    await desk.erase()
    await desk.through(5)
    assert desk.slack.top(QUEUE) == []


# --- crises -----------------------------------------------------------------------------------------------------------


async def test_a_crisis_is_brought_to_whom_it_is_assigned_and_over_when_taken(desk: Desk) -> None:
    first = await desk.crisis()
    await desk.carry()
    [brought] = desk.slack.top(f"DU{first.upper()}")
    assert "queue_accept" in buttons(brought)
    assert CRISIS_WORD not in shown(brought) + notifies(brought)
    await desk.desk(e.Claimed, first, desk="slack")
    await desk.carry()
    over = desk.slack.top(f"DU{first.upper()}")[0]
    assert over["ts"] == brought["ts"]
    assert buttons(over) == []


async def test_a_crisis_that_climbs_is_brought_to_the_next_and_stays_open_for_the_first(desk: Desk) -> None:
    await desk.crisis()
    await desk.carry()
    await desk.climb()
    second = (await desk.talk()).assigned_to
    assert second is not None
    assert "queue_accept" in buttons(desk.slack.top(f"DU{second.upper()}")[0])
    channels = [f"DU{who}" for who in ("SAM", "LEE", "LOU") if desk.slack.messages.get(f"DU{who}")]
    assert len(channels) == 2
    assert all("queue_accept" in buttons(desk.slack.top(each)[0]) for each in channels)


async def test_a_crisis_whose_assignee_left_the_workspace_goes_on_to_another(desk: Desk) -> None:
    desk.slack.fail("conversations.open", DeliveryFailed("user_disabled", gone="deactivated"))
    first = await desk.crisis()
    await desk.carry()
    gone = await desk.store.supporter(first)
    assert gone is not None
    assert gone.removed
    await desk.climb()
    assert (await desk.talk()).assigned_to not in (None, first)
    assert desk.slack.top(LEADS) != []


# --- the plan ---------------------------------------------------------------------------------------------------------

POLICY = Policy()


def waiting(number: int, since: float, tier: Tier = Tier.NONE) -> Place:
    return Place(
        conversation=f"c{number}", pseudonym=f"p{number}", score=0.0, tier=tier, since=since, language="en", topics=(),
        heaviness=None, wishes=0, reasons=(), minor=False, excluded=(), assigned_to=None,
    )  # fmt: skip


def test_what_should_not_be_there_goes_first_then_what_is_missing_then_crises() -> None:
    places = [waiting(1, NOW - 130), waiting(2, NOW - 70, Tier.ACTIVE), waiting(3, NOW - 70)]
    made = plan(places, {"c1": 0, "c2": 0, "c3": 0, "gone": 10}, {"c3"}, NOW, POLICY)
    assert made.draw == ("gone", "c3", "c2", "c1")
    assert plan(places, made.stretches, (), NOW, POLICY).draw == ()


def test_what_finds_no_room_is_drawn_in_a_later_turn_and_nothing_is_forgotten() -> None:
    places = [waiting(number, NOW - 700) for number in range(25)]
    drawn = {each.conversation: 0 for each in places} | {"gone": 10}
    seen: list[str] = []
    for _ in range(3):
        made = plan(places, drawn, (), NOW, POLICY)
        seen += made.draw
        drawn = made.stretches
    assert sorted(seen) == sorted([*(each.conversation for each in places), "gone"])


def test_a_handoff_that_just_came_gets_its_card_from_its_own_poke() -> None:
    assert plan([waiting(1, NOW - 5)], {}, {"c1"}, NOW, POLICY).draw == ()


def test_two_hundred_who_wait_are_kept_current_within_forty_updates_a_minute() -> None:
    arrived = [waiting(number, NOW + number * 7) for number in range(200)]
    drawn: dict[str, int] = {}
    a_minute: list[int] = []
    for turn in range(4 * 60):
        now = NOW + turn * 15
        here = [each for each in arrived if each.since <= now]
        made = plan(here, drawn, (), now, POLICY)
        drawn = made.stretches
        a_minute.append(len(made.draw))
    assert max(sum(a_minute[at : at + 4]) for at in range(len(a_minute))) <= 40
    assert plan(arrived, drawn, (), NOW + 60 * 60 - 15, POLICY).draw == ()
