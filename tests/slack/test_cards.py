"""The queue channel: what a card tells, what it never tells, and what it turns into."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connectors.slack import cards
from connectors.slack.names import Action, Where
from handoff.core.conversation import Conversation, Intake, Phase
from handoff.core.risk import Tier
from tests.slack import values as v
from tests.slack.block_kit import texts

NAMES = {"sam": "Sam"}


def card(conversation: Conversation | None, now: float = v.NOW, **more: Any) -> dict[str, Any]:
    return cards.card(v.words(), conversation, now=now, policy=v.POLICY, names=NAMES, **more)


def all_text(message: dict[str, Any]) -> str:
    return "\n".join(texts(message))


def buttons(message: dict[str, Any]) -> dict[str, str]:
    return {
        element["action_id"]: element["value"]
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    }


def test_a_card_says_what_helps_to_decide() -> None:
    said = all_text(card(v.conversation()))
    for part in (
        "k5xq",
        "Worrying words",
        "grief, loneliness",
        "English",
        "somebody about their age",
        "sounds hopeless",
    ):
        assert part in said
    assert "8 of 10" in said


@pytest.mark.parametrize("conversation", [v.conversation(), v.live(), v.crisis()])
def test_no_card_tells_who_somebody_is(conversation: Conversation) -> None:
    drawn = json.dumps(card(conversation))
    for secret in (v.CANARY, "424242", "telegram", "m2ab7cdefghi"):
        assert secret not in drawn


def test_what_the_screen_has_no_word_for_is_counted_not_shown() -> None:
    intake = Intake(topics=(v.CANARY,), preferences=(v.CANARY, "parent", "x"), share=True)
    said = all_text(card(v.conversation(intake=intake)))
    assert v.CANARY not in said
    assert "a parent, and 2 more wishes" in said
    assert "not said" in said


def test_an_intake_that_is_not_shared_is_not_on_the_card() -> None:
    said = all_text(
        card(v.conversation(intake=Intake(topics=("grief",), preferences=("parent",), heaviness=8, share=False)))
    )
    assert "grief" not in said
    assert "parent" not in said
    assert "8 of 10" not in said
    assert "kept to themselves" in said


def test_a_notification_says_nothing_of_anybody() -> None:
    assert card(v.conversation())["text"] == "A handoff is waiting."
    assert card(v.crisis())["text"] == "A handoff is waiting. Please look now."


def test_the_wait_is_kept_current_by_slack_itself() -> None:
    assert f"<!date^{int(v.NOW - 420)}^{{ago}}|" in all_text(card(v.conversation()))


@pytest.mark.parametrize(
    ("waited", "word"), [(420, None), (1200, "longer than we want"), (2400, "much longer than we want")]
)
def test_a_long_wait_has_a_word(waited: float, word: str | None) -> None:
    said = all_text(card(v.conversation(waiting_since=v.NOW - waited)))
    assert ("longer than we want" in said) == (word is not None)
    assert word is None or word in said


def test_both_buttons_carry_the_conversation() -> None:
    assert buttons(card(v.conversation())) == {Action.QUEUE_ACCEPT: "5f0e3a", Action.QUEUE_DECLINE: "5f0e3a"}


def test_a_crisis_says_whom_it_is_meant_for() -> None:
    said = all_text(card(v.crisis()))
    assert said.splitlines()[1].startswith("🟠")
    assert "Meant for Sam. For the moment only they and the leads can accept." in said
    assert "Anybody trained for a crisis can accept now." in all_text(card(v.crisis(climb=1)))
    assert "Nobody free and trained was found yet" in all_text(card(v.crisis(assigned_to=None)))


def test_an_accepted_card_says_who_and_has_no_buttons() -> None:
    drawn = card(v.live())
    assert "k5xq is with Sam." in all_text(drawn)
    assert buttons(drawn) == {}


@pytest.mark.parametrize("over", [v.conversation(phase=Phase.CLOSED, waiting_since=None), None])
def test_a_card_of_nobody_who_waits_is_a_quiet_line(over: Conversation | None) -> None:
    drawn = card(over, pseudonym="k5xqm2ab")
    assert all_text(drawn).splitlines() == ["A handoff is no longer waiting.", "k5xq is no longer waiting."]


def test_a_minor_is_marked() -> None:
    assert "may be under 18" in all_text(card(v.conversation(modifiers=("minor",))))


@pytest.mark.parametrize("tier", list(Tier))
def test_no_card_calls_a_risk_low(tier: Tier) -> None:
    said = all_text(card(v.conversation(tier=tier))).lower()
    assert "low risk" not in said
    assert "no risk" not in said


def test_declining_needs_no_reason() -> None:
    modal = cards.decline_modal(v.words(), Where("5f0e3a", "C1", "1.2"), "k5xqm2ab")
    assert modal["blocks"][1]["optional"] is True
    assert Where.unpack(modal["private_metadata"]) == Where("5f0e3a", "C1", "1.2")


def test_a_crisis_is_offered_to_its_assignee_directly() -> None:
    drawn = cards.assigned(v.words(), v.crisis(), now=v.NOW, policy=v.POLICY)
    assert buttons(drawn) == {Action.QUEUE_ACCEPT: "9b41d2"}
    assert drawn["text"] == "Somebody needs you now. Please look."
    assert "qv3t is with Lou now." in all_text(cards.assigned_over(v.words(), "qv3tz7ab", name="Lou"))
