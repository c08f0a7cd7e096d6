"""What supporters write in a thread reaches the seeker; what they write elsewhere reaches nobody, and is told so."""

from __future__ import annotations

import pytest

from connectors.slack.kept import Place
from handoff.core import events as e
from handoff.core.entries import EntryKind
from tests.slack.fakes import Writing, message
from tests.slack.workspace import ME


@pytest.fixture
async def desk() -> Writing:
    made = Writing()
    await made.staffed()
    return made


async def test_what_is_written_in_the_thread_reaches_the_seeker_as_plain_words(desk: Writing) -> None:
    place = await desk.accepted()
    await desk.types("tea &amp; <https://example.org|a page> :heart: <@U123>", place)
    assert await desk.heard() == ["tea & a page (https://example.org) ❤️ somebody"]
    assert (await desk.talk()).desk == "slack"


async def test_what_is_written_outside_a_thread_is_never_passed_on_and_explained_once_an_hour(desk: Writing) -> None:
    await desk.accepted()
    outside = Place("DUSAM", "")
    first, second = await desk.types("hello?", outside), await desk.types("anybody?", outside)
    assert await desk.heard() == []
    assert "outside of a conversation's thread" in desk.answers_below("DUSAM", first)
    assert desk.answers_below("DUSAM", second) == ""
    assert desk.signs(outside, first) == desk.signs(outside, second) == ["x"]
    desk.clock.now += 3700
    third = await desk.types("hm", outside)
    assert "outside" in desk.answers_below("DUSAM", third)


async def test_words_in_a_thread_that_is_over_are_refused_with_why_and_reach_nobody(desk: Writing) -> None:
    place = await desk.accepted()
    await desk.desk(e.SupporterClosed, outcome="supported", desk="slack")
    await desk.carry()
    ts = await desk.types("one more thing", place)
    assert await desk.heard() == []
    assert desk.signs(place, ts) == ["x"]
    assert "closed" in desk.answers_below(place.channel, place.ts)


async def test_words_after_a_transfer_are_refused_and_say_who_has_it(desk: Writing) -> None:
    place = await desk.accepted()
    assert (await desk.desk(e.Transferred, to="lee", desk="slack")).refused is None
    await desk.carry()
    ts = await desk.types("still me", place)
    assert await desk.heard() == []
    assert desk.signs(place, ts) == ["x"]
    assert "with Lee now" in desk.answers_below(place.channel, place.ts)


async def test_words_that_were_typed_before_the_close_was_drawn_are_refused_by_the_core(desk: Writing) -> None:
    place = await desk.accepted()
    await desk.desk(e.Released, desk="slack")
    ts = desk.slack.person_writes(place.channel, place.ts, "too late")
    await desk.event(message("too late", place, ts))
    await desk.carry()
    assert await desk.heard() == []
    assert desk.signs(place, ts) == ["x"]


async def test_an_edit_and_a_deletion_reach_the_seeker_as_such(desk: Writing) -> None:
    place = await desk.accepted()
    ts = await desk.types("helo", place)
    await desk.changes(ts, "hello", place)
    await desk.deletes(ts, place)
    kinds = [(each.kind, each.text) for each in await desk.feed() if each.refers == f"slack:{place.channel}:{ts}"]
    assert kinds == [(EntryKind.TEXT, "helo"), (EntryKind.EDIT, "hello"), (EntryKind.UNSAID, "")]


async def test_a_preview_that_slack_adds_is_no_edit(desk: Writing) -> None:
    place = await desk.accepted()
    ts = await desk.types("look https://example.org", place)
    await desk.changes(ts, "same", place, before="same")
    assert len(await desk.heard()) == 1


async def test_changing_words_that_reached_nobody_does_not_send_the_change(desk: Writing) -> None:
    place = await desk.accepted()
    ts = await desk.types("x" * (desk.room.policy.message_limit + 1), place)
    assert desk.signs(place, ts) == ["x"]
    await desk.changes(ts, "short", place)
    assert await desk.heard() == []
    assert "Write it again" in desk.answers_below(place.channel, place.ts)


async def test_deleting_words_that_reached_nobody_tells_nobody(desk: Writing) -> None:
    place = await desk.accepted()
    ts = await desk.types("x" * (desk.room.policy.message_limit + 1), place)
    before, said = await desk.feed(), desk.answers_below(place.channel, place.ts)
    await desk.deletes(ts, place)
    assert await desk.feed() == before
    assert desk.answers_below(place.channel, place.ts) == said


async def test_changing_or_deleting_what_stands_outside_is_passed_over_in_silence(desk: Writing) -> None:
    await desk.accepted()
    ts = await desk.types("hello?", Place("DUSAM", ""))
    posts = desk.slack.count("chat.postMessage")
    as_a_root = Place("DUSAM", ts)
    await desk.changes(ts, "hello!", as_a_root)
    await desk.deletes(ts, as_a_root)
    assert desk.slack.count("chat.postMessage") == posts


async def test_what_comes_twice_is_said_once(desk: Writing) -> None:
    place = await desk.accepted()
    other = desk.another_inbound()
    ts = desk.slack.person_writes(place.channel, place.ts, "once")
    for inbound, event_id in ((desk.inbound, "Ev1"), (other, "Ev1"), (desk.inbound, "Ev2")):
        assert (await desk.event(message("once", place, ts), event_id, inbound)).acknowledged
    await desk.carry()
    assert await desk.heard() == ["once"]


async def test_what_is_written_fast_arrives_in_order(desk: Writing) -> None:
    place = await desk.accepted()
    for said in ("one", "two", "three"):
        await desk.event(message(said, place, desk.slack.person_writes(place.channel, place.ts, said)))
    await desk.carry()
    assert await desk.heard() == ["one", "two", "three"]


async def test_the_apps_own_messages_and_other_bots_are_not_words(desk: Writing) -> None:
    place = await desk.accepted()
    await desk.event(message("mine", place, "5.1", user=ME.user))
    await desk.event(message("a bot's", place, "5.2", user="UBOT", bot_id="B9"))
    await desk.carry()
    assert await desk.heard() == []


async def test_nothing_in_a_channel_is_read(desk: Writing) -> None:
    await desk.accepted()
    event = {**message("in public", Place("CQUEUE", ""), "5.3"), "channel_type": "channel"}
    assert (await desk.event(event)).acknowledged
    await desk.carry()
    assert await desk.heard() == []
    assert desk.slack.count("reactions.add") == 0


async def test_somebody_who_is_no_supporter_is_told_so(desk: Writing) -> None:
    desk.slack.messages["DUEVE"] = []
    ts = await desk.types("let me in", Place("DUEVE", "7.7"), user="UEVE")
    assert desk.signs(Place("DUEVE", "7.7"), ts) == ["x"]
    assert "don't know you" in desk.answers_below("DUEVE", "7.7")


async def test_nothing_is_acknowledged_while_the_store_is_down_and_nothing_is_lost_after(desk: Writing) -> None:
    place = await desk.accepted()
    ts = desk.slack.person_writes(place.channel, place.ts, "kept")
    desk.store.down = True
    assert not (await desk.event(message("kept", place, ts), "Ev1")).acknowledged
    desk.store.down = False
    assert (await desk.event(message("kept", place, ts), "Ev1")).acknowledged
    await desk.carry()
    assert await desk.heard() == ["kept"]
