"""Modals: what they offer, and what is read from them."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.slack import cards, forms, modals, modals_people
from connectors.slack.names import Action, Block, Where, alert_value, read_alert_value
from handoff.core.outcomes import OUTCOMES
from handoff.core.risk import Tier
from handoff.core.supporter import Role, Training
from tests.slack import values as v
from tests.slack.block_kit import texts

WHERE = Where("5f0e3a", "D1", "1.2")
REPLIES = [
    {"id": "hello", "category": "opening", "text": "Hello, I'm {name}. How are you?"},
    {"id": "ask-safe-now", "category": "asking_about_safety", "text": "Are you safe where you are right now?"},
]
FOUND = [{"id": "breath", "title": "One slow breath", "kind": "do", "minutes": 2, "summary": "Breathing out slowly."}]


def filled(view: dict[str, Any], **answers: Any) -> dict[str, Any]:
    """The view as Slack sends it back: each input with what was filled in, or what it began with."""
    values = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element, name = block["element"], block["block_id"].partition(":")[0]
        values[block["block_id"]] = {element["action_id"]: _answer(element, answers.get(name))}
    return {**view, "state": {"values": values}}


def _answer(element: dict[str, Any], given: Any) -> dict[str, Any]:
    many, one = {"multi_static_select", "checkboxes"}, {"static_select", "radio_buttons"}
    if element["type"] in many:
        kept = element.get("initial_options", []) if given is None else [{"value": each} for each in given]
        return {"type": element["type"], "selected_options": kept}
    if element["type"] in one:
        return {"selected_option": element.get("initial_option") if given is None else {"value": given}}
    if element["type"] == "users_select":
        return {"selected_user": element.get("initial_user") if given is None else given}
    return {"value": element.get("initial_value") if given is None else given}


def block(view: dict[str, Any], name: Block) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in view["blocks"] if each.get("block_id", "").startswith(name.value))
    return found


def test_closing_asks_for_one_of_the_outcomes() -> None:
    view = modals.close_modal(v.words(), WHERE, pseudonym="k5xqm2ab", crisis=False)
    assert [each["value"] for each in block(view, Block.OUTCOME)["element"]["options"]] == list(OUTCOMES)
    assert forms.read_close(filled(view, outcome="referred"), v.words()) == forms.CloseForm(WHERE, "referred")
    assert isinstance(forms.read_close(filled(view), v.words()), forms.Faults)


def test_closing_a_crisis_warns() -> None:
    view = modals.close_modal(v.words(), WHERE, pseudonym="k5xqm2ab", crisis=True)
    assert "sure that they are safe" in "\n".join(texts(view))


def test_a_transfer_offers_only_who_may_take_it() -> None:
    view = modals.transfer_modal(v.words(), WHERE, [v.lead(holding=("x",))], pseudonym="k5xqm2ab")
    assert [each["text"]["text"] for each in block(view, Block.TO)["element"]["options"]] == ["Lou, lead, room for 1"]
    assert forms.read_transfer(filled(view, to="lou"), v.words()) == forms.TransferForm(WHERE, "lou")


def test_a_transfer_to_nobody_says_what_else_helps() -> None:
    view = modals.transfer_modal(v.words(), WHERE, [], pseudonym="k5xqm2ab")
    assert "submit" not in view
    assert "Ask a lead" in "\n".join(texts(view))


def test_urgency_is_only_raised_upwards_and_only_lowered_downwards() -> None:
    up = modals.raise_modal(v.words(), WHERE, pseudonym="k5xqm2ab", tier=Tier.ACTIVE)
    down = modals.lower_modal(v.words(), WHERE, pseudonym="k5xqm2ab", tier=Tier.DISTRESS)
    assert [each["value"] for each in block(up, Block.TIER)["element"]["options"]] == ["imminent", "emergency"]
    assert [each["value"] for each in block(down, Block.TIER)["element"]["options"]] == ["none"]
    read = forms.read_tier(filled(up, tier="imminent", why=" a plan for tonight "), v.words())
    assert read == forms.TierForm(WHERE, Tier.IMMINENT, "a plan for tonight")


@pytest.mark.parametrize(
    ("given", "at"),
    [({"why": "x"}, "tier"), ({"tier": "active"}, "why"), ({"tier": "active", "why": "x" * 501}, "why")],
)
def test_a_change_of_urgency_needs_a_tier_and_a_reason(given: dict[str, str], at: str) -> None:
    view = modals.raise_modal(v.words(), WHERE, pseudonym="k5xqm2ab", tier=Tier.NONE)
    read = forms.read_tier(filled(view, **given), v.words())
    assert isinstance(read, forms.Faults)
    assert list(read.errors) == [at]


def test_a_note_from_a_thread_needs_no_choice() -> None:
    view = modals.note_modal(v.words(), WHERE, text="what they wrote")
    assert forms.read_note(filled(view), v.words()) == forms.NoteForm(WHERE, "what they wrote")


def test_a_note_from_elsewhere_asks_about_whom() -> None:
    view = modals.note_modal(v.words(), Where(channel="C9"), choices=[v.live(), v.crisis()])
    read = forms.read_note(filled(view, note="calm now", which="9b41d2"), v.words())
    assert read == forms.NoteForm(Where("9b41d2", "C9"), "calm now")
    assert isinstance(forms.read_note(filled(view, note="calm now"), v.words()), forms.Faults)


def test_nobody_can_send_a_resource_before_looking_for_one() -> None:
    view = modals.resources_modal(v.words(), WHERE, pseudonym="k5xqm2ab")
    assert "submit" not in view
    assert block(view, Block.SEARCH)["element"]["action_id"] == Action.RESOURCES_SEARCH


def test_a_found_resource_is_chosen_and_sent() -> None:
    view = modals.resources_modal(v.words(), WHERE, pseudonym="k5xqm2ab", searched="breathing", found=FOUND)
    assert "to do, 2 min · Breathing out slowly." in "\n".join(texts(view))
    assert forms.read_search(filled(view)) == "breathing"
    assert forms.read_resource(filled(view, resource="breath"), v.words()) == forms.ResourceForm(WHERE, "breath")
    assert isinstance(forms.read_resource(filled(view), v.words()), forms.Faults)


def test_a_choice_does_not_survive_another_search() -> None:
    one = modals.resources_modal(v.words(), WHERE, pseudonym="k5xqm2ab", searched="sleep", found=FOUND)
    two = modals.resources_modal(v.words(), WHERE, pseudonym="k5xqm2ab", searched="grief", found=FOUND)
    assert block(one, Block.RESOURCE)["block_id"] != block(two, Block.RESOURCE)["block_id"]


def test_a_saved_reply_is_chosen_seen_changed_and_sent() -> None:
    first = modals.replies_modal(v.words(), WHERE, REPLIES, pseudonym="k5xqm2ab")
    assert "submit" not in first
    assert forms.read_picked(filled(first, reply="hello")) == "hello"
    view = modals.replies_modal(v.words(), WHERE, REPLIES, pseudonym="k5xqm2ab", chosen="hello", name="Sam")
    assert forms.read_reply(filled(view), v.words()) == forms.ReplyForm(WHERE, "Hello, I'm Sam. How are you?")
    changed = forms.read_reply(filled(view, words="Hello. I'm here."), v.words())
    assert changed == forms.ReplyForm(WHERE, "Hello. I'm here.")


def test_an_emptied_reply_is_a_fault_at_its_field() -> None:
    view = modals.replies_modal(v.words(), WHERE, REPLIES, pseudonym="k5xqm2ab", chosen="hello", name="Sam")
    read = forms.read_reply(filled(view, words="  "), v.words())
    assert isinstance(read, forms.Faults)
    assert list(read.errors) == ["words:hello"]


def test_declining_is_read_with_or_without_why() -> None:
    view = cards.decline_modal(v.words(), WHERE, "k5xqm2ab")
    assert forms.read_decline(filled(view)) == forms.DeclineForm(WHERE, "")
    assert forms.read_decline(filled(view, why="know_them")) == forms.DeclineForm(WHERE, "know_them")


def test_asking_a_lead_needs_no_words_but_not_too_many() -> None:
    view = modals.escalate_modal(v.words(), WHERE, pseudonym="k5xqm2ab")
    assert forms.read_escalate(filled(view), v.words()) == forms.EscalateForm(WHERE, "")
    assert isinstance(forms.read_escalate(filled(view, why="x" * 501), v.words()), forms.Faults)


def test_a_lead_adds_a_person() -> None:
    view = modals_people.person_modal(v.words())
    read = forms.read_person(
        filled(view, name=" Ana  Maria ", slack="U9", training="crisis", minors=["yes"]), v.words()
    )
    assert read == forms.PersonForm(
        supporter="", name="Ana Maria", slack="U9", role=Role.SUPPORTER, training=Training.CRISIS, minors=True,
        remove=False,
    )  # fmt: skip


def test_a_person_without_a_name_or_a_place_in_slack_is_a_fault_at_both() -> None:
    read = forms.read_person(filled(modals_people.person_modal(v.words())), v.words())
    assert isinstance(read, forms.Faults)
    assert list(read.errors) == ["name", "slack"]


def test_a_lead_changes_a_person_and_can_end_their_access() -> None:
    view = modals_people.person_modal(v.words(), v.lead())
    read = forms.read_person(filled(view, access=["remove"]), v.words())
    assert read == forms.PersonForm(
        supporter="lou", name="Lou", slack="ULOU", role=Role.LEAD, training=Training.SENIOR, minors=False, remove=True
    )


def test_a_profile_begins_with_what_is_known_and_loses_nothing() -> None:
    known = v.supporter(languages=("en", "cy"), topics=("grief",), traits=("veteran",), capacity=3)
    read = forms.read_profile(filled(modals_people.profile_modal(v.words(), known)), v.words())
    assert isinstance(read, forms.ProfileForm)
    assert set(read.languages) == {"en", "cy"}
    assert (read.topics, read.opted_out, read.traits, read.capacity) == (("grief",), ("abuse",), ("veteran",), 3)
    assert read.supporter == "sam"


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ({"languages": []}, "languages"),
        ({"topics": ["grief"], "opted_out": ["grief"]}, "opted_out"),
        ({"capacity": "0"}, "capacity"),
        ({"capacity": "2.5"}, "capacity"),
    ],
)
def test_a_profile_that_cannot_be_is_a_fault_at_its_field(given: dict[str, Any], at: str) -> None:
    read = forms.read_profile(filled(modals_people.profile_modal(v.words(), v.supporter()), **given), v.words())
    assert isinstance(read, forms.Faults)
    assert list(read.errors) == [at]


def test_what_travels_through_slack_holds_ids_alone_and_comes_back() -> None:
    assert Where.unpack(WHERE.pack()) == WHERE
    assert Where.unpack("") == Where()
    assert read_alert_value(alert_value(["crisis", "not_accepted"], "9b41d2")) == (("crisis", "not_accepted"), "9b41d2")


def test_no_form_shows_its_words_in_a_log() -> None:
    assert v.CANARY not in repr(forms.NoteForm(WHERE, v.CANARY))
    assert v.CANARY not in repr(forms.ReplyForm(WHERE, v.CANARY))
    assert v.CANARY not in repr(forms.TierForm(WHERE, Tier.ACTIVE, v.CANARY))
