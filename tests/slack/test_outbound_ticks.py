"""Ticks on what a supporter wrote in Slack: it arrived, it did not and why, or nobody knows."""

from __future__ import annotations

import pytest

from connectors.slack import answers
from connectors.slack.ticks import Fate, fate, pause, place_of, refers_to, tick
from handoff.core import events as e
from handoff.ports import DeliveryFailed, Marks, Parcel
from tests.core.making import NOW
from tests.slack.desk import Desk
from tests.slack.values import words
from tests.slack.workspace import shown

ARRIVED, FAILED, UNKNOWN = "heavy_check_mark", "x", "grey_question"


@pytest.fixture
async def desk() -> Desk:
    return await Desk().staffed()


async def writes(desk: Desk, text: str = "hello, I am Sam") -> tuple[str, str]:
    """Sam writes in the thread, and it is saved; where it stands."""
    place = await desk.thread_of((await desk.talk()).id)
    ts = desk.slack.person_writes(place.channel, place.ts, text)
    refers = refers_to(place.channel, ts)
    await desk.desk(e.SupporterWrote, desk="slack", text=text, refers=refers)
    return place.channel, ts


async def arrives(desk: Desk) -> None:
    talk = await desk.talk()
    await desk.store.mark(talk.pseudonym, delivered=talk.seq)


def signs(desk: Desk, message: tuple[str, str]) -> list[str]:
    return desk.slack.reactions.get(message, [])


async def test_what_arrives_gets_a_tick(desk: Desk) -> None:
    await desk.accepted()
    message = await writes(desk)
    await desk.carry()
    assert signs(desk, message) == []
    await arrives(desk)
    await desk.through(3)
    assert signs(desk, message) == [ARRIVED]


async def test_what_nobody_knows_about_after_a_minute_is_called_so_and_ticked_when_it_comes(desk: Desk) -> None:
    await desk.accepted()
    message = await writes(desk)
    await desk.through(80)
    assert signs(desk, message) == [UNKNOWN]
    await arrives(desk)
    await desk.through(20)
    assert signs(desk, message) == [ARRIVED]


async def test_what_the_platform_gave_up_is_crossed_out_with_a_reason(desk: Desk) -> None:
    await desk.accepted()
    message = await writes(desk)
    await give_up(desk)
    await desk.carry()
    await desk.through(3)
    assert signs(desk, message) == [FAILED]
    place = await desk.thread_of((await desk.talk()).id)
    assert shown(desk.below(place)[-1]) == shown(answers.not_delivered(words(), "refused"))


async def give_up(desk: Desk) -> None:
    """The seeker's platform does not take the last entry."""
    entry, talk = (await desk.feed())[-1], await desk.talk()
    parcel = Parcel(f"p-{entry.id}", "telegram:42", talk.id, 0, "entry", {"seq": entry.seq})
    await desk.room.poke(desk.id(), parcel)
    hold = await desk.store.claim_lane(["telegram"], 30, desk.clock())
    assert hold is not None
    await desk.store.bury(hold, "refused", desk.clock())


async def test_a_lost_answer_doubles_no_sign(desk: Desk) -> None:
    await desk.accepted()
    message = await writes(desk)
    await arrives(desk)
    desk.slack.fail("reactions.add", DeliveryFailed("Slack did not answer", unsure=True), after=True)
    await desk.through(10)
    assert signs(desk, message) == [ARRIVED]
    assert await desk.dead() == []


async def test_a_message_that_waits_keeps_no_other_from_its_tick(desk: Desk) -> None:
    await desk.accepted()
    first = await writes(desk, "one")
    await arrives(desk)
    second = await writes(desk, "two")
    await desk.through(10)
    assert signs(desk, first) == [ARRIVED]
    assert signs(desk, second) == []


async def test_what_was_sent_from_a_modal_needs_no_tick(desk: Desk) -> None:
    await desk.accepted()
    calls = desk.slack.count("reactions.add")
    await desk.desk(e.SupporterWrote, desk="slack", text="a saved reply", refers="slack:click:1.2.3")
    await arrives(desk)
    await desk.through(10)
    assert desk.slack.count("reactions.add") == calls


async def test_an_erased_conversation_wants_no_ticks(desk: Desk) -> None:
    await desk.accepted()
    await writes(desk)
    await desk.taps("warmline:forget_confirmed")
    await desk.erase()
    await desk.through(30)
    assert desk.slack.reactions == {}
    assert await desk.dead() == []


def test_looking_costs_less_the_longer_it_takes() -> None:
    assert [pause(waited) for waited in (0, 4, 20, 600)] == [0.25, 1.0, 5.0, 15.0]


def due(seq: int = 7) -> Parcel:
    sent = Parcel("e/sent", "thread:c1", "c1", 0, "sent", {"refers": "slack:D1:1.1", "seq": seq})
    return tick(sent, NOW)


def test_what_is_known_of_a_message_follows_from_marks_and_time() -> None:
    assert fate(due(), Marks(delivered=7), None, NOW) is Fate.DELIVERED
    assert fate(due(), Marks(delivered=6), None, NOW + 59) is Fate.WAITING
    assert fate(due(), Marks(delivered=6), None, NOW + 61) is Fate.UNKNOWN
    assert fate(due(), Marks(delivered=6), None, NOW + 700) is Fate.FORGOTTEN
    assert fate(due(), Marks(delivered=6), "blocked", NOW) is Fate.FAILED


def test_words_from_the_thread_have_a_place_and_those_from_a_modal_have_none() -> None:
    assert place_of(refers_to("D1", "12.34")) == ("D1", "12.34")
    assert place_of("slack:T1:D1:12.34") == ("D1", "12.34")
    assert place_of("slack:click:12.34.abc") is None
    assert place_of("web-1") is None
