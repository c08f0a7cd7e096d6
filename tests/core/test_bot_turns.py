"""The bot's turns: asked with what it needs, dropped when somebody else has the word, told apart when slow or down."""

from __future__ import annotations

import pytest

from handoff.core import events as e
from handoff.core.conversation import Intake, Phase
from handoff.core.effects import AskBot
from handoff.core.entries import Button, EntryKind, Speaker
from handoff.core.events import BotMessage
from handoff.core.risk import Modifier, Tier
from tests.core.making import CLOSED_ALL_DAY, conversation, line, supporter
from tests.core.world import World

HI = (BotMessage("hi there", (Button("ok", "/affirm"),)),)


def test_the_bot_is_asked_with_what_it_needs_to_know() -> None:
    world = World(talk=conversation(intake=Intake(name="Ana"), consent=False))
    world.writes("how does this work?")
    turn: AskBot = world.of(AskBot)[0]
    assert (turn.text, turn.epoch, turn.conversation) == ("how does this work?", world.talk.epoch, "c1")
    assert turn.context == {
        "language": "en", "country": "GB", "phase": "intake", "epoch": 1, "consent": False, "name": "Ana",
        "message_id": "e1",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["/restart", "  /session_start", "\n/consent_yes{}"])
def test_what_a_person_types_never_reaches_the_bot_as_a_command(text: str) -> None:
    world = World(talk=conversation())
    world.writes(text)
    assert world.asked() == [f" {text}"]
    assert world.feed[0].text == text


@pytest.mark.parametrize(
    "payload", ["/Restart", "/a{b}{c}", "anything", "/" + "a" * 50, "warmline:nonsense", "", "/x\n/y"]
)
def test_a_button_that_is_none_of_ours_is_refused(payload: str) -> None:
    world = World(talk=conversation())
    assert world.taps(payload).refused == "unknown_button"
    assert world.feed == []


def test_the_bots_own_buttons_go_back_to_it() -> None:
    world = World(talk=conversation())
    world.taps('/inform{"topic": "grief"}', label="Grief")
    assert world.asked() == ['/inform{"topic": "grief"}']
    assert (world.feed[0].speaker, world.feed[0].text) == (Speaker.SEEKER, "Grief")


def test_an_answer_is_said_with_its_buttons_and_resources() -> None:
    world = World(talk=conversation())
    world.bot(e.BotReplied, epoch=1, messages=(*HI, BotMessage("Try this", (), {"id": "breathing"})))
    first, second = world.feed
    assert (first.speaker, first.text, first.buttons) == (Speaker.BOT, "hi there", HI[0].buttons)
    assert (second.kind, second.body) == (EntryKind.RESOURCE, {"id": "breathing"})


def test_an_answer_after_a_claim_is_dropped() -> None:
    world = World(supporter())
    world.writes("hello")
    asked_under = world.of(AskBot)[0].epoch
    world.taps("warmline:person")
    world.claims()
    read = len(world.feed)
    for event in (e.BotReplied, e.BotSlow, e.BotFailed):
        assert not world.bot(event, epoch=asked_under, **({"messages": HI} if event is e.BotReplied else {})).changes
    assert len(world.feed) == read


def test_an_answer_after_a_crisis_is_dropped_in_intake_and_while_waiting() -> None:
    for asks_for_a_person in (False, True):
        world = World(supporter())
        world.writes("hello")
        asked_under = world.of(AskBot)[0].epoch
        if asks_for_a_person:
            world.taps("warmline:person")
        world.writes("words", Tier.ACTIVE)
        assert not world.bot(e.BotReplied, epoch=asked_under, messages=HI).changes


def test_an_answer_is_said_though_the_seeker_waits_by_now() -> None:
    world = World(supporter())
    world.writes("I want a person")
    world.bot(e.HandoffAsked, why="asked")
    world.bot(e.BotReplied, epoch=1, messages=HI)
    assert world.told()[-1] == "hi there"


def test_no_answer_of_the_old_bot_reaches_a_requeued_seeker() -> None:
    world = World(supporter())
    world.writes("hello")
    world.taps("warmline:person")
    world.claims()
    world.desk(e.Released)
    assert not world.bot(e.BotReplied, epoch=1, messages=HI).changes


def test_slow_and_waking_up_are_two_sentences_and_each_wait_hears_one() -> None:
    slow, waking = World(talk=conversation()), World(talk=conversation())
    for _ in range(2):
        slow.bot(e.BotSlow, epoch=1)
        waking.bot(e.BotSlow, epoch=1, waking=True)
    assert slow.told() == [slow.text("bot_slow")]
    assert waking.told() == [waking.text("bot_waking")]
    slow.bot(e.BotReplied, epoch=1, messages=HI)
    slow.bot(e.BotSlow, epoch=1)
    assert slow.told().count(slow.text("bot_slow")) == 2


def test_a_failed_bot_opens_the_conversation_to_people() -> None:
    world = World(supporter(), talk=conversation())
    world.bot(e.BotFailed, epoch=1)
    assert world.told() == [world.text("bot_down"), world.text("waiting_unsure", position=1)]
    assert world.talk.phase is Phase.WAITING
    assert "bot_down" in world.alerts()


def test_a_failed_bot_while_waiting_keeps_the_place_and_says_so() -> None:
    world = World(supporter(), talk=conversation(Phase.WAITING))
    world.bot(e.BotFailed, epoch=1)
    assert world.told()[0] == world.text("bot_down_waiting")
    assert world.talk.phase is Phase.WAITING


def test_while_waiting_the_bot_stays() -> None:
    world = World(supporter(), talk=conversation(Phase.WAITING))
    world.writes("tell me something")
    assert world.asked() == ["tell me something"]
    assert world.of(AskBot)[0].context["phase"] == "waiting"


def test_in_a_live_conversation_the_bot_has_no_turn() -> None:
    world = World(supporter(), talk=conversation(Phase.LIVE))
    world.writes("hello")
    world.taps("/ask_privacy", label="Tell me more")
    world.taps("warmline:person", label="I want a person")
    assert world.asked() == []
    assert [entry.text for entry in world.feed] == ["hello", "Tell me more", "I want a person"]


def test_a_language_nobody_here_knows_is_never_silently_calm() -> None:
    world = World(talk=conversation())
    for _ in range(2):
        world.writes("kolme sanaa", Tier.CONCERN, Modifier.LANGUAGE_UNKNOWN)
    assert len(world.cards()) == 1
    assert world.told().count(world.text("language_unknown")) == 2
    assert world.asked() == []


# --- opening hours ----------------------------------------------------------------------------------------------------


def test_outside_the_opening_hours_the_next_opening_is_told_with_what_there_is_until_then() -> None:
    world = World(supporter(), at=line(CLOSED_ALL_DAY), talk=conversation())
    world.bot(e.HandoffAsked, why="asked")
    assert world.told() == [world.text("closed_until_saturday", time="10:00")]
    assert [button.payload for button in world.feed[0].buttons] == [
        "warmline:leave_message", "warmline:resources", "warmline:urgent",
    ]  # fmt: skip
    assert world.talk.phase is Phase.INTAKE


def test_whoever_waits_already_keeps_waiting_when_the_line_closes() -> None:
    world = World(supporter(), talk=conversation(Phase.WAITING))
    world.line = line(CLOSED_ALL_DAY)
    world.writes("still here")
    world.passes(60)
    assert world.talk.phase is Phase.WAITING


def test_a_failed_bot_outside_opening_hours_promises_nobody() -> None:
    world = World(at=line(CLOSED_ALL_DAY), talk=conversation())
    world.bot(e.BotFailed, epoch=1)
    assert world.told()[0] == world.text("bot_down_closed")
    assert world.is_in(Phase.INTAKE)
