"""The home tab, the leads' channel, and what `/warmline` answers."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from connectors.slack import answers, leads
from connectors.slack.home import home, stranger
from connectors.slack.home_scene import Held, HomeScene
from connectors.slack.names import Action
from handoff.core.queue import Place, place
from handoff.core.supporter import Presence
from tests.slack import values as v
from tests.slack.block_kit import texts, view_faults


def shown(view: dict[str, Any]) -> str:
    return "\n".join(texts(view))


def values(view: dict[str, Any]) -> list[tuple[str, str]]:
    found = []
    for block in view["blocks"]:
        for element in [*block.get("elements", []), block.get("accessory", {})]:
            if element.get("type") == "button":
                found.append((element["action_id"], element.get("value", element.get("url", ""))))
    return found


def waiting() -> list[Place]:
    spots = [place(each, v.POLICY) for each in (v.crisis(), v.conversation())]
    return [spot for spot in spots if spot is not None]


def scene(**changes: Any) -> HomeScene:
    base = HomeScene(
        me=v.supporter(holding=("5f0e3a",)), now=v.NOW, held=[Held(v.live(), "https://example.org/thread")],
        places=waiting(), supporters=[v.supporter(), v.lead()], waiting=2, queue_link="https://example.org/queue",
        alerts=[v.alert()], dead_letters=1, console="https://example.org/desk",
    )  # fmt: skip
    return replace(base, **changes)


def crisis(**changes: Any) -> dict[str, Any]:
    given = {"now": v.NOW, "policy": v.POLICY, "names": {"sam": "Sam"}, **changes}
    return leads.crisis_alert(v.words(), [v.alert("not_accepted"), v.alert("crisis_now")], v.crisis(), **given)


def test_home_says_first_what_needs_me() -> None:
    said = shown(home(v.words(), scene()))
    assert said.index("What needs you") < said.index("Your conversations") < said.index("The queue")
    assert "qv3t is meant for you" in said
    assert "k5xq waits for your first word" in said
    assert "2 people are waiting. One of them is urgent." in said


def test_home_links_to_the_threads() -> None:
    assert (Action.OPEN_LINK, "https://example.org/thread") in values(home(v.words(), scene()))


@pytest.mark.parametrize("me", [v.supporter(), v.lead()])
def test_home_never_names_a_seeker(me: Any) -> None:
    drawn = json.dumps(home(v.words(), scene(me=me)))
    for secret in (v.CANARY, "424242", "telegram", "m2ab7cdefghi"):
        assert secret not in drawn


def test_a_supporters_home_has_no_alerts_and_no_people() -> None:
    actions = {action for action, _ in values(home(v.words(), scene()))}
    assert not actions & {Action.ACKNOWLEDGE, Action.ADD_PERSON, Action.EDIT_PERSON}


def test_a_leads_home_has_everything_they_look_after() -> None:
    drawn = home(v.words(), scene(me=v.lead()))
    said, buttons = shown(drawn), values(drawn)
    assert (Action.ACKNOWLEDGE, "crisis 9b41d2") in buttons
    assert (Action.EDIT_PERSON, "sam") in buttons
    assert (Action.OPEN_LINK, "https://example.org/desk") in buttons
    for part in ("Urgent: 1", "Worrying words: 1", "Sam · available · 0 of 2", "One message could not be delivered."):
        assert part in said


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, "You are available."),
        ({"presence": Presence.BUSY}, "You are busy. You keep"),
        ({"presence": Presence.BUSY, "busy_until": v.NOW + 600}, "You are busy until <!date^"),
        ({"presence": Presence.BUSY, "busy_until": v.NOW - 1}, "You are available."),
        ({"present_until": v.NOW - 1}, "You are away. Nobody is offered"),
        ({"presence": Presence.AWAY, "holding": ("x",)}, "You are away. Nobody new;"),
    ],
)
def test_home_says_my_presence(changes: dict[str, Any], line: str) -> None:
    assert line in shown(home(v.words(), scene(me=v.supporter(**changes))))


def test_a_stranger_learns_how_to_get_in() -> None:
    assert view_faults(stranger(v.words())) == []
    assert "Ask a lead to add you" in shown(stranger(v.words()))


# --- leads ------------------------------------------------------------------------------------------------------------


def test_a_crisis_message_has_the_most_urgent_first_and_both_buttons() -> None:
    drawn = crisis()
    assert values(drawn) == [
        (Action.ACKNOWLEDGE, "crisis_now,not_accepted 9b41d2"),
        (Action.TAKE_OVER, "9b41d2"),
    ]
    assert "Meant for Sam." in shown(drawn)
    assert drawn["text"] == "A lead is needed. Please look."


def test_an_acknowledged_crisis_says_by_whom_and_has_no_buttons() -> None:
    drawn = crisis(acknowledged_by="Lou")
    assert "Lou looks after it." in shown(drawn)
    assert values(drawn) == []


def test_other_kinds_are_one_message_with_a_count() -> None:
    some = [v.alert("message_left", f"c{n}", text=f"c{n} left a message.", at=v.NOW - n) for n in range(20)]
    drawn = leads.grouped(v.words(), "message_left", some)
    assert "Messages left while waiting · 20 open" in shown(drawn)
    assert len(values(drawn)) == 15
    assert "and 5 more" in shown(drawn)
    assert "nothing open" in shown(leads.grouped(v.words(), "message_left", []))


def test_reminders_count() -> None:
    assert "Reminder 3" in shown(leads.reminder(v.words(), 3))


def test_the_leads_channel_never_names_a_seeker() -> None:
    drawn = json.dumps([crisis(), leads.crisis_over(v.words(), "qv3tz7ab7cdefghi", acknowledged_by="Lou")])
    for secret in (v.CANARY, "424242", "telegram", "z7ab7"):
        assert secret not in drawn


# --- /warmline --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", answers.Asked("help")),
        (" Available ", answers.Asked("available")),
        ("busy", answers.Asked("busy")),
        ("busy 30", answers.Asked("busy", 30)),
        ("busy 30 minutes", answers.Asked("busy", 30)),
        ("busy 0", answers.Asked("help", wrong="wrong_busy")),
        ("busy ٣", answers.Asked("help", wrong="wrong_busy")),
        ("busy 9999999999", answers.Asked("help", wrong="wrong_busy")),
        ("queue", answers.Asked("queue")),
        ("dance", answers.Asked("help", wrong="wrong")),
    ],
)
def test_commands_are_read(text: str, asked: answers.Asked) -> None:
    assert answers.read_command(text) == asked


def test_something_wrong_is_named_and_help_follows() -> None:
    said = shown(answers.helping(v.words(), answers.read_command("dance"), "dance"))
    assert "I don't know “dance”." in said
    assert "busy 30: nobody new for 30 minutes" in said


def test_the_queue_is_told_without_anybodys_words() -> None:
    drawn = answers.queue(v.words(), waiting())
    assert "🟠 qv3t · Urgent · English" in shown(drawn)
    assert v.CANARY not in json.dumps(drawn)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "You are available until <!date^"),
        ({"presence": Presence.BUSY, "busy_until": v.NOW + 60}, "You are busy for one minute."),
        ({"presence": Presence.BUSY, "busy_until": v.NOW + 1800}, "You are busy for 30 minutes."),
        ({"presence": Presence.BUSY}, "You are busy until you say otherwise."),
        ({"presence": Presence.AWAY}, "Thank you for your time."),
        ({"presence": Presence.AWAY, "holding": ("x",)}, "You still hold one conversation"),
    ],
)
def test_a_change_of_presence_is_answered(changes: dict[str, Any], said: str) -> None:
    assert said in shown(answers.presence(v.words(), v.supporter(**changes), v.NOW))


def test_a_refusal_of_the_core_brings_its_own_sentence() -> None:
    assert "Sam already has this." in shown(answers.refused(v.words(), "taken", next="Sam already has this."))
    ours = answers.refused(v.words(), "thread_transferred", name="Lou")
    assert "This conversation is with Lou now. What you wrote reached nobody." in shown(ours)
    assert ours["text"] == "That was not done."


def test_an_undelivered_message_says_why() -> None:
    assert "✗ Not delivered: they blocked the chat or left it" in shown(answers.not_delivered(v.words(), "blocked"))
    assert "it could not be sent" in shown(answers.not_delivered(v.words(), "???"))
    assert "not known" in shown(answers.delivery_unknown(v.words()))
