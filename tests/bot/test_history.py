"""What the bot asked last, and how often in a row it did not understand."""

from __future__ import annotations

from typing import Any

from bot.reading.history import answered_since_last_message, asked_before, misses_in_a_row

MESSAGE = {"event": "user"}
FALLBACK = {"event": "action", "name": "action_fallback"}
LISTEN = {"event": "action", "name": "action_listen"}


def asked(question: str) -> dict[str, Any]:
    return {"event": "slot", "name": "asked", "value": question}


def test_the_question_of_the_turn_before_is_pending() -> None:
    assert asked_before([MESSAGE, asked("delete"), LISTEN, MESSAGE], turns_ago=1) == "delete"


def test_a_question_from_two_turns_ago_is_no_longer_pending() -> None:
    assert asked_before([MESSAGE, asked("delete"), LISTEN, MESSAGE, LISTEN, MESSAGE], turns_ago=1) is None


def test_a_question_of_this_turn_is_told_from_one_before() -> None:
    events = [MESSAGE, asked("delete"), LISTEN, MESSAGE, asked("person")]
    assert asked_before(events, turns_ago=0) == "person"
    assert asked_before(events, turns_ago=1) == "delete"


def test_a_withdrawn_question_is_none() -> None:
    assert asked_before([MESSAGE, {"event": "slot", "name": "asked", "value": None}, MESSAGE], turns_ago=1) is None


def test_misses_are_counted_only_while_they_follow_each_other() -> None:
    assert misses_in_a_row([MESSAGE, FALLBACK, MESSAGE]) == 1
    assert misses_in_a_row([MESSAGE, FALLBACK, MESSAGE, FALLBACK, MESSAGE]) == 2
    assert misses_in_a_row([MESSAGE, FALLBACK, MESSAGE, LISTEN, MESSAGE]) == 0
    assert misses_in_a_row([]) == 0


def test_a_form_alone_has_not_answered() -> None:
    assert not answered_since_last_message([MESSAGE, {"event": "action", "name": "intake_form"}])
    assert answered_since_last_message([MESSAGE, {"event": "action", "name": "utter_faq_cost"}])
