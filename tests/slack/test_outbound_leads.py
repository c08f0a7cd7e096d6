"""The leads' channel: crises one by one, everything else grouped, reminders until somebody looks, and never a flood."""

from __future__ import annotations

import pytest

from connectors.slack.board import group, next_reminder
from connectors.slack.kept import LeadPost
from handoff.core import events as e
from handoff.core.effects import Alert
from handoff.ports import DeliveryFailed
from tests.core.making import NOW
from tests.service.house import CRISIS_WORD
from tests.slack.desk import Desk
from tests.slack.workspace import LEADS, Json, buttons, notifies, shown

LOST = DeliveryFailed("Slack did not answer", unsure=True)


@pytest.fixture
async def desk() -> Desk:
    return await Desk().staffed()


def alert(kind: str, about: str, at: float = NOW) -> Alert:
    return Alert(kind=kind, conversation=about, at=at, text=f"About {about}.", urgent=True)


async def page(desk: Desk, kind: str, about: str) -> None:
    await desk.front.page(desk.id(), alert(kind, about, desk.clock()))


def reminders(desk: Desk, post: Json) -> list[str]:
    return [shown(each) for each in desk.slack.thread(LEADS, post["ts"])]


async def acknowledged(desk: Desk, about: str) -> None:
    """As inbound does it: closed, put on record, and who it was kept."""
    for each in await desk.store.alerts():
        if each.conversation == about:
            await desk.room.kept.look_after(about, "Lou")
            await desk.store.acknowledge(each.kind, about)
            done = e.AlertAcknowledged(id=desk.id(), supporter="lou", kind=each.kind, conversation=about)
            await desk.front.handle(done)


async def test_a_crisis_has_a_message_of_its_own_without_a_word_of_theirs(desk: Desk) -> None:
    await desk.crisis()
    await desk.through(3)
    [post] = desk.slack.top(LEADS)
    assert buttons(post) == ["alert_acknowledge", "alert_take_over"]
    assert CRISIS_WORD not in shown(post) + notifies(post)


async def test_reminders_climb_in_its_thread_until_somebody_looks_after_it(desk: Desk) -> None:
    await desk.crisis()
    await desk.through(200, ticking=True)
    [post] = [each for each in desk.slack.top(LEADS) if "alert_take_over" in buttons(each)]
    said = reminders(desk, post)
    assert len(said) == 3
    assert "2" in said[1]
    await acknowledged(desk, (await desk.talk()).id)
    await desk.through(200, ticking=True)
    assert reminders(desk, post) == said
    over = next(each for each in desk.slack.top(LEADS) if each["ts"] == post["ts"])
    assert "Lou" in shown(over)
    assert buttons(over) == []


async def test_reminders_missed_while_the_service_was_down_do_not_come_at_once(desk: Desk) -> None:
    await desk.crisis()
    await desk.through(3)
    desk.clock.now += 3600
    await desk.through(20, ticking=True)
    [post] = desk.slack.top(LEADS)[:1]
    assert len(reminders(desk, post)) == 1


async def test_other_alerts_of_a_kind_share_one_message(desk: Desk) -> None:
    for about in ("c91", "c92", "c93"):
        await page(desk, "supporter_silent", about)
    await desk.through(5)
    [post] = desk.slack.top(LEADS)
    assert buttons(post).count("alert_acknowledge") == 3
    await desk.store.acknowledge("supporter_silent", "c91")
    await desk.through(20, ticking=True)
    assert buttons(desk.slack.top(LEADS)[0]).count("alert_acknowledge") == 2


async def test_a_hundred_alerts_at_once_are_few_messages_a_second_apart(desk: Desk) -> None:
    for number in range(50):
        await page(desk, "crisis_now", f"c{number + 100}")
        await page(desk, "waiting_long", f"c{number + 100}")
    for second in range(30):
        before = desk.slack.count("chat.postMessage")
        await desk.through(1)
        assert desk.slack.count("chat.postMessage") - before <= 1, second
    assert len(desk.slack.top(LEADS)) == 12


async def test_what_comes_much_later_is_a_new_message_that_draws_the_eye(desk: Desk) -> None:
    await page(desk, "supporter_silent", "c91")
    await desk.through(3)
    [first] = desk.slack.top(LEADS)
    desk.clock.now += 700
    await page(desk, "supporter_silent", "c92")
    await desk.through(3)
    [second] = desk.slack.top(LEADS)
    assert second["ts"] != first["ts"]
    assert buttons(second).count("alert_acknowledge") == 2


async def test_the_same_trouble_later_has_a_new_message(desk: Desk) -> None:
    await page(desk, "degraded", "bot")
    await desk.through(3)
    await desk.store.acknowledge("degraded", "bot")
    await desk.through(20, ticking=True)
    assert buttons(desk.slack.top(LEADS)[0]) == []
    await page(desk, "degraded", "bot")
    await desk.through(3)
    assert [len(buttons(each)) for each in desk.slack.top(LEADS)] == [0, 1]


async def test_a_message_that_may_be_a_repeat_says_so(desk: Desk) -> None:
    desk.slack.fail("chat.postMessage", LOST, after=True)
    await page(desk, "degraded", "bot")
    await desk.through(5)
    first, second = desk.slack.top(LEADS)
    assert "repeat" in shown(second)
    assert "repeat" not in shown(first)


async def test_told_to_wait_it_waits_and_posts_once(desk: Desk) -> None:
    desk.slack.fail("chat.postMessage", DeliveryFailed("told to wait", 5.0), times=2)
    await page(desk, "degraded", "bot")
    await desk.through(20)
    [post] = desk.slack.top(LEADS)
    assert "repeat" not in shown(post)


async def test_a_channel_that_is_not_there_shows_in_the_health_and_raises_no_alert_of_its_own(desk: Desk) -> None:
    del desk.slack.messages[LEADS]
    await page(desk, "degraded", "bot")
    await desk.through(60, ticking=True)
    assert desk.room.troubled == {"leads_channel"}
    assert await desk.dead() == []
    desk.slack.messages[LEADS] = []
    await desk.through(30, ticking=True)
    assert desk.room.troubled == set()
    assert len(desk.slack.top(LEADS)) == 1


async def test_another_process_goes_on_where_the_first_one_ended(desk: Desk) -> None:
    await desk.crisis()
    await desk.through(3)
    desk.workers = desk.another_process(desk.another_room())
    await desk.through(20, ticking=True)
    assert len([each for each in desk.slack.top(LEADS) if "alert_take_over" in buttons(each)]) == 1


def test_a_conversation_with_a_message_keeps_it_when_others_come() -> None:
    before = [alert("crisis", f"c{number}", NOW + number) for number in range(12)]
    first = group(before)
    assert "c11" not in first
    assert "kind:crisis" in first
    again = group([alert("crisis_now", "c0", NOW - 5), *before], ["c11"])
    assert "c11" in again
    assert len(again["c0"]) == 2


def test_reminders_come_every_minute_ten_times_and_then_every_ten_minutes() -> None:
    assert next_reminder(LeadPost(channel=LEADS, ts="1", shown="", since=NOW), 60) == NOW + 60
    assert (
        next_reminder(LeadPost(channel=LEADS, ts="1", shown="", since=NOW, reminded=10, reminded_at=NOW), 60)
        == NOW + 600
    )


async def test_leads_who_are_here_are_called_by_every_reminder_and_nobody_else_is(desk: Desk) -> None:
    await desk.crisis()
    await desk.through(75, ticking=True)
    [post] = [each for each in desk.slack.top(LEADS) if "alert_take_over" in buttons(each)]
    [reminder] = reminders(desk, post)
    assert "<@ULOU>" in reminder
    assert "<@USAM>" not in reminder
