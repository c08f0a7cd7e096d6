"""What may be shown, without a server: nothing of who somebody is elsewhere, and no more than they agreed to."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from connectors.console import views
from connectors.console.deeds import Say
from connectors.console.pace import FRAMES, SECONDS, Pace, Pacer
from connectors.console.parsing import parse
from handoff.core.conversation import Conversation, Intake, Phase, Reason
from handoff.core.entries import Entry, EntryKind, Speaker
from handoff.core.ids import Address
from handoff.core.risk import Tier
from handoff.core.supporter import Presence, Supporter, Training

NOW = 1_780_000_000.0
CONVERSATION = Conversation(
    id="c", seeker=Address("telegram", "424242"), pseudonym="k5xqk5xqk5xqk5xq", language="en", country="GB",
    phase=Phase.LIVE, opened_at=NOW - 900, changed_at=NOW, waiting_since=NOW - 600, tier=Tier.CONCERN,
    intake=Intake(name="Robin", topics=("grief",), heaviness=8, preferences=("same age",), share=True),
)  # fmt: skip
HERE = Supporter(
    id="sam", name="Sam", presence=Presence.AVAILABLE, present_until=NOW + 60, training=Training.CRISIS, minors=False
)


def line(**changes: object) -> Entry:
    entry = Entry(
        seq=3, id="telegram:424242:m7/1", at=NOW - 700, conversation="c", speaker=Speaker.SEEKER, name="@robin_hood",
        text="hello", refers="424242-7",
    )  # fmt: skip
    return replace(entry, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", list(EntryKind))
@pytest.mark.parametrize("speaker", [Speaker.SEEKER, Speaker.BOT, Speaker.SYSTEM])
def test_no_line_tells_who_somebody_is_elsewhere(kind: EntryKind, speaker: Speaker) -> None:
    shown = json.dumps(
        [views.entry(line(kind=kind, speaker=speaker), CONVERSATION), views.held(CONVERSATION, (), NOW, mine=True)]
    )
    assert "424242" not in shown
    assert "robin_hood" not in shown
    assert "telegram" not in shown


def test_a_feedback_form_is_the_seekers_alone() -> None:
    shown = views.entry(line(kind=EntryKind.FEEDBACK, speaker=Speaker.SYSTEM, body={"conversation": "c"}), CONVERSATION)
    assert shown["body"] is None


@pytest.mark.parametrize(
    ("at", "seq", "kind", "shown"),
    [
        (NOW - 700, 3, EntryKind.TEXT, False),
        (NOW - 700, 4, EntryKind.TEXT, True),
        (NOW - 700, 3, EntryKind.CARD, True),
        (NOW - 600, 3, EntryKind.TEXT, True),
        (NOW - 10, 3, EntryKind.TEXT, True),
    ],
    ids=["told the bot", "raised the urgency", "crisis card", "asked for a person", "later"],
)
def test_what_was_told_the_bot_stays_there_when_it_is_not_shared(
    at: float, seq: int, kind: EntryKind, shown: bool
) -> None:
    private = replace(
        CONVERSATION, intake=Intake(share=False), reasons=(Reason(Tier.CONCERN, "suicide", "hopeless words", NOW, 4),)
    )
    assert ("text" in views.entry(line(at=at, seq=seq, kind=kind), private)) is shown


def test_what_is_the_seekers_alone_is_never_shown() -> None:
    known = replace(CONVERSATION, reasons=(Reason(Tier.CONCERN, "suicide", "hopeless words", NOW, 4),))
    shown = views.entry(replace(line(at=NOW, seq=4, kind=EntryKind.TEXT), private=True), known)
    assert shown == {"type": "entry", "conversation": known.id, "seq": 4, "kind": "withheld"}


@pytest.mark.parametrize(
    ("who", "conversation", "may"),
    [
        (HERE, CONVERSATION, True),
        (replace(HERE, presence=Presence.BUSY), CONVERSATION, False),
        (replace(HERE, present_until=NOW - 1), CONVERSATION, False),
        (replace(HERE, holding=("a", "b")), CONVERSATION, False),
        (replace(HERE, cool_until=NOW + 1), CONVERSATION, False),
        (replace(HERE, removed=True), CONVERSATION, False),
        (replace(HERE, knows=(CONVERSATION.pseudonym,)), CONVERSATION, False),
        (HERE, replace(CONVERSATION, supporter="sam"), False),
        (HERE, replace(CONVERSATION, tier=Tier.IMMINENT), False),
        (HERE, replace(CONVERSATION, modifiers=("minor",)), False),
        (replace(HERE, minors=True), replace(CONVERSATION, modifiers=("minor",)), True),
    ],
)
def test_a_transfer_is_offered_only_where_it_can_succeed(who: Supporter, conversation: Conversation, may: bool) -> None:
    assert views.may_take(conversation, who, NOW) is may


def test_no_frame_shows_its_words_in_a_log() -> None:
    frame = parse('{"type": "say", "id": "a", "conversation": "c", "text": "secret words"}', 4000)
    assert isinstance(frame, Say)
    assert "secret" not in repr(frame)
    assert "secret" not in repr(frame.event("mira"))


def test_nobody_types_too_fast_but_a_stuck_page_is_cut_off() -> None:
    pacer = Pacer(NOW)
    assert {pacer.take(NOW + second / 2) for second in range(200)} == {Pace.FINE}
    pacer = Pacer(NOW)
    taken = [pacer.take(NOW) for _ in range(FRAMES + 60)]
    assert taken[:FRAMES] == [Pace.FINE] * FRAMES
    assert taken[FRAMES] is Pace.TOO_FAST
    assert taken[-1] is Pace.FLOODED
    assert pacer.take(NOW + SECONDS) is Pace.FINE
