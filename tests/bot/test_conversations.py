"""The trained bot itself: a real Rasa and its action server, against a small real stand-in for the service."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.rehearsal import ROOT, Rehearsal, free_port
from handoff.running.redis_server import OwnServer, find_binary

Say = Callable[..., str]
_numbers = count()


class Memory:
    """The Redis server of these conversations, which a test may stop and start again."""

    def __init__(self, folder: Path) -> None:
        self.server = OwnServer(find_binary(), folder, free_port())
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(self.server.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert self.server.wait()

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None


@pytest.fixture(scope="module")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Memory]:
    running = Memory(tmp_path_factory.mktemp("memory"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def rehearsal(memory: Memory, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    trained = subprocess.run(
        [sys.executable, "bot/train.py"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    ).stdout.splitlines()[-1]
    running = Rehearsal(Path(trained), memory.server.url, tmp_path_factory.mktemp("bot"))
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture
def conversation() -> str:
    return f"conversation-{next(_numbers)}"


@pytest.fixture
def say(rehearsal: Rehearsal, conversation: str) -> Iterator[Say]:
    """Type or press; everything the bot says, in one text."""
    rehearsal.service.forget_calls()

    def turn(message: str, **told: Any) -> str:
        typed = message if message.startswith("/") else f" {message}"
        return " ".join(each.get("text", "") for each in rehearsal.say(conversation, typed, **told))

    yield turn
    rehearsal.service.fails = False


def saved(rehearsal: Rehearsal) -> dict[str, Any]:
    """The summary as the service has it now."""
    summary: dict[str, Any] = rehearsal.service.made("intake")[-1]["summary"]
    return summary


def test_consent_is_asked_in_three_lines_before_anything_else(say: Say) -> None:
    heard = say("my head is a mess")
    assert all(f"{number}. " in heard for number in (1, 2, 3))
    assert "I'm a bot" in heard


def test_a_whole_intake_ends_with_something_that_may_help(say: Say, rehearsal: Rehearsal, conversation: str) -> None:
    for message in (
        "hi",
        "/consent_yes",
        "call me sam",
        "panic attacks at work",
        "an 8",
        "english",
        "uk",
        "someone my age",
    ):
        say(message)
    messages = rehearsal.say(conversation, " yes")
    assert saved(rehearsal) == {
        "name": "Sam", "topics": ["anxiety", "work_study"], "heaviness": 8, "language": "en", "country": "GB",
        "preferences": ["similar_age"], "share": True,
    }  # fmt: skip
    kinds = [each["custom"]["kind"] for each in messages if "custom" in each]
    assert kinds == ["exercise", "resource"]
    asked = rehearsal.service.made("resources")[-1]
    assert asked["text"].strip() == "panic attacks at work"
    buttons = [button["payload"] for each in messages for button in each.get("buttons", [])]
    assert {"/helped", "/not_helped", "warmline:person"} <= set(buttons)


def test_every_answer_is_saved_as_it_comes(say: Say, rehearsal: Rehearsal) -> None:
    say("/consent_yes")
    say("im noor")
    assert saved(rehearsal)["name"] == "Noor"
    say("lonely since i moved")
    assert saved(rehearsal) == {
        "name": "Noor", "topics": ["loneliness"], "heaviness": None, "preferences": [], "share": None
    }  # fmt: skip


def test_a_question_in_between_is_answered_and_the_form_goes_on(say: Say) -> None:
    say("/consent_yes")
    heard = say("is this free?")
    assert "free" in heard
    assert "What would you like to be called?" in heard


def test_skip_leaves_a_question_out(say: Say, rehearsal: Rehearsal) -> None:
    say("/consent_yes")
    assert "What brings you here" in say("skip")
    assert "How heavy" in say("skip")
    assert "name" not in saved(rehearsal)


def test_an_earlier_answer_can_be_corrected(say: Say, rehearsal: Rehearsal) -> None:
    for message in ("/consent_yes", "skip", "stress", "8"):
        say(message)
    heard = say("actually make it 6")
    assert "6 out of 10" in heard
    assert "Which language" in heard
    assert saved(rehearsal)["heaviness"] == 6


def test_whoever_wants_a_person_gets_one_at_once(say: Say, rehearsal: Rehearsal) -> None:
    say("/consent_yes")
    heard = say("i want to talk to a real person")
    assert heard == "", "the service itself says what waiting is like"
    assert rehearsal.service.made("handoff")[0]["why"] == "asked"


def test_a_person_is_to_be_had_without_consent(say: Say, rehearsal: Rehearsal) -> None:
    say("get me a human please")
    assert rehearsal.service.made("handoff")


def test_the_intake_goes_on_where_it_was_after_rasa_was_killed(
    say: Say, rehearsal: Rehearsal, request: pytest.FixtureRequest
) -> None:
    for message in ("/consent_yes", "call me ines", "grief"):
        say(message)
    rehearsal.kill("rasa")
    rehearsal.start_rasa()
    assert "Which language" in say("a 7")
    assert saved(rehearsal)["name"] == "Ines"
    assert saved(rehearsal)["heaviness"] == 7


def test_while_redis_is_down_a_turn_is_refused_and_nothing_is_lost(
    say: Say, rehearsal: Rehearsal, memory: Memory, conversation: str
) -> None:
    say("/consent_yes")
    say("call me ines")
    memory.stop()
    try:
        status, answer = rehearsal.post(conversation, " grief")
    finally:
        memory.start()
    assert (status, answer["error"]) == (503, "tracker_store_down")
    assert "How heavy" in say("grief")
    assert saved(rehearsal)["name"] == "Ines"


def test_deleting_takes_two_steps(say: Say, rehearsal: Rehearsal) -> None:
    say("/consent_yes")
    assert "can't be undone" in say("delete everything")
    assert not rehearsal.service.made("forget")
    assert "It's done" in say("yes")
    assert len(rehearsal.service.made("forget")) == 1


def test_after_deleting_the_bot_knows_nobody(say: Say) -> None:
    for message in ("/consent_yes", "call me ola", "/delete", "/delete_confirmed"):
        say(message)
    assert "three things" in say("hello")


def test_a_no_keeps_everything_and_goes_on(say: Say, rehearsal: Rehearsal) -> None:
    say("/consent_yes")
    say("delete my data")
    heard = say("no")
    assert "called?" in heard
    assert not rehearsal.service.made("forget")


def test_not_understood_twice_ends_with_the_offer_of_a_person(say: Say, rehearsal: Rehearsal) -> None:
    assert "other words" in say("frobnicate the wumpus", consent=True)
    assert "talk to a person instead" in say("wibble plonk garble", consent=True)
    say("yes", consent=True)
    assert rehearsal.service.made("handoff")


def test_while_waiting_the_questions_stop_and_the_place_is_told(say: Say) -> None:
    say("/consent_yes")
    say("call me bo")
    heard = say("how long do i have to wait", phase="waiting", consent=True)
    assert "number 2" in heard
    assert "5 to 10 minutes" in heard
    assert "What brings you here" not in heard
    assert "keep your place" in say("i feel so alone", phase="waiting", consent=True)


@pytest.mark.parametrize(
    ("told", "heard"),
    [
        ({"position": 1, "estimate": None, "open": True}, "not sure how long"),
        ({"position": None, "estimate": None, "open": True}, "don't want to guess"),
        (
            {"position": None, "estimate": None, "open": False, "opens_at": "2026-05-04T18:00:00Z"},
            "2026-05-04 at 18:00",
        ),
        ({"position": None, "estimate": None, "open": False, "opens_at": None}, "leave a message"),
        ({"position": 3, "estimate": [0, 0], "open": True}, "number 3"),
    ],
)
def test_waiting_is_told_honestly(say: Say, rehearsal: Rehearsal, told: dict[str, Any], heard: str) -> None:
    usual = rehearsal.service.waiting
    rehearsal.service.waiting = told
    try:
        assert heard in say("how much longer", phase="waiting", consent=True)
    finally:
        rehearsal.service.waiting = usual


def test_a_message_is_left_for_the_supporters(say: Say, rehearsal: Rehearsal) -> None:
    say("i want to leave a message", consent=True)
    assert "with the supporters now" in say("please write on friday", consent=True)
    assert rehearsal.service.made("message")[0]["text"].strip() == "please write on friday"


def test_a_resource_is_not_offered_twice(say: Say, rehearsal: Rehearsal) -> None:
    say("do you have anything to read about sleep", consent=True)
    say("something else please", consent=True)
    assert rehearsal.service.made("resources")[1]["exclude"] == ["r1", "r2", "r3"]


def test_what_helped_is_kept(say: Say, rehearsal: Rehearsal) -> None:
    say("can we do a breathing exercise", consent=True)
    say("yes that helped", consent=True)
    assert rehearsal.service.made("resources/helped")[0]["helped"] is True


def test_a_service_that_is_down_is_told_kindly_with_urgent_help(
    rehearsal: Rehearsal, say: Say, conversation: str
) -> None:
    rehearsal.service.fails = True
    messages = rehearsal.say(conversation, " i want a person")
    assert "isn't working" in messages[0]["text"]
    assert messages[0]["buttons"][0]["payload"] == "warmline:urgent"


def test_an_answer_given_while_the_service_was_down_is_saved_with_the_next(say: Say, rehearsal: Rehearsal) -> None:
    say("/consent_yes")
    rehearsal.service.fails = True
    assert "What brings you here" in say("call me uma")
    rehearsal.service.fails = False
    say("stress")
    assert saved(rehearsal)["name"] == "Uma"


@pytest.mark.parametrize(
    ("message", "heard"),
    [
        ("a" * 4000, "couldn't read that"),
        ("i lost my job and " * 220, "Is that okay with you?"),
        ("😀😀😀", ""),
        ("<b>hello</b><script>x</script>", ""),
        ("\u202eolleh", ""),
        ("hola, necesito ayuda por favor", "Lo siento"),
        ("you stupid bot", "call me or the supporters names"),
        ("did you see my photo", "can't see pictures"),
        ("what number can i ring in an emergency", "Urgent help"),
    ],
)
def test_odd_messages_get_an_answer(say: Say, message: str, heard: str) -> None:
    answer = say(message)
    assert answer
    assert heard in answer


def test_a_request_that_is_no_turn_is_refused_with_a_reason(rehearsal: Rehearsal) -> None:
    status, answer = rehearsal.post("", "hello")
    assert status == 400
    assert answer["error"] == "bad_turn"


def test_no_words_and_no_names_are_in_the_logs(say: Say, rehearsal: Rehearsal) -> None:
    for message in ("/consent_yes", "call me zebulon", "my quokka farm makes me anxious"):
        say(message)
    rehearsal.service.fails = True
    say("get me a person for the quokka")
    for name in ("rasa", "actions"):
        assert "zebulon" not in rehearsal.log(name).lower()
        assert "quokka" not in rehearsal.log(name).lower()
