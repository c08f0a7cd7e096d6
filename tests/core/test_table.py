"""The transition table, cell by cell: every event in every phase, in every variant that matters, held to every law."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from handoff.core import events as e
from handoff.core.conversation import Conversation, Deadline, Intake, Phase
from handoff.core.draft import Draft, Scene
from handoff.core.entries import Attachment, AttachmentKind
from handoff.core.ids import Address
from handoff.core.risk import Modifier, Tier
from handoff.core.supporter import Supporter
from handoff.core.transitions import TABLE, BrokenLaw, Cell, decide
from tests.core import laws
from tests.core.making import CLOSED_ALL_DAY, NOW, SEEKER, conversation, heard, lead, line, supporter

VOICE = Attachment(file="f1", kind=AttachmentKind.VOICE, type="audio/ogg", name="voice.ogg", size=900, seconds=4)
PAYLOADS = (
    "warmline:person", "warmline:urgent", "warmline:wait", "warmline:safety_yes", "warmline:safety_no",
    "warmline:safety_unsure", "warmline:forget", "warmline:forget_confirmed", "warmline:leave_message",
    "warmline:resources", "warmline:stop", "warmline:calling_money", "warmline:calling_not_alone", "warmline:plan",
    "warmline:plan_skip", "warmline:plan_stop", "warmline:plan_go_on", "warmline:plan_show", "warmline:plan_change",
    "warmline:plan_place", "warmline:plan_delete", "warmline:plan_delete_confirmed", "warmline:plan_send",
    "warmline:follow_tomorrow", "warmline:follow_week", "warmline:follow_today", "warmline:follow_none",
    "warmline:follow_cancel", "warmline:follow_fine", "warmline:follow_talk", "warmline:another",
    "warmline:nonsense", "/ask_privacy", "/consent_yes", "/Not A Command", "",
)  # fmt: skip
DESK = (
    e.Claimed, e.Declined, e.SupporterWrote, e.NoteWritten, e.ResourceSent, e.Released, e.Transferred, e.TakenOver,
    e.Escalated, e.RiskRaised, e.RiskLowered, e.LookedIn, e.SupporterClosed, e.SupporterEdited, e.SupporterUnsaid,
    e.PauseTaken, e.Joined, e.AlertHeeded, e.MessageFlagged, e.Reviewed, e.SeekerReported, e.SeekerBlocked,
    e.SeekerUnblocked,
)  # fmt: skip
ALL_EVENTS = (
    e.SeekerOpened, e.SeekerWrote, e.SeekerEdited, e.SeekerGone, e.SeekerMoved, e.LanguageChosen, e.SeekerTapped,
    e.CardConfirmed, e.FeedbackGiven, e.SupporterReported, *DESK, e.BotReplied, e.BotSlow,
    e.BotFailed, e.ConsentGiven, e.IntakeSaved, e.HandoffAsked, e.MessageLeft, e.ResourceRated, e.ForgetAsked,
    e.SeekerStopped, e.Due,
)  # fmt: skip
ABOUT: dict[type[e.Event], tuple[dict[str, Any], ...]] = {
    e.SeekerOpened: ({}, {"topic": "grief"}),
    e.SeekerEdited: tuple(
        {"text": "better words", "refers": "m1", "assessment": each} for each in (*map(heard, Tier), None)
    ),
    e.SeekerGone: ({"why": "blocked"}, {"why": "deactivated"}, {"why": "linked"}),
    e.SeekerMoved: ({"to": Address("web", "elsewhere")}, {"to": Address("telegram", "42")}),
    e.LanguageChosen: ({"chosen": "es"}, {"chosen": "xx"}),
    e.SupporterEdited: ({"text": "I meant this", "refers": "m2"},),
    e.SupporterUnsaid: ({"refers": "m2"},),
    e.SeekerTapped: tuple({"payload": payload, "label": "a button"} for payload in PAYLOADS),
    e.CardConfirmed: ({"seq": 3}, {"seq": 4}, {"seq": 99}),
    e.FeedbackGiven: ({"conversation": "c1", "rating": 4, "words": "thanks"},),
    e.Declined: ({"why": "tired"},),
    e.SeekerReported: ({"reason": "abusive", "note": "for leads"}, {"reason": "whatever"}),
    e.SeekerBlocked: (
        {"reason": "prank", "seconds": 3600},
        {"reason": "prank", "seconds": 10**9},
        {"reason": "whatever", "seconds": 3600},
    ),
    e.SupporterReported: ({"reason": "hurtful", "words": "for leads"}, {"reason": "whatever"}, {
        "reason": "hurtful", "words": "for leads", "assessment": heard(Tier.ACTIVE),
    }),
    e.MessageFlagged: (
        {"seq": 2, "verdict": "missed_risk", "words": "words", "context": ("before",)},
        {"seq": 2, "verdict": "whatever", "words": "words"},
        {"seq": 9, "verdict": "false_alarm"},
    ),
    e.Reviewed: ({"outcome": "nothing_missed"}, {"outcome": "whatever"}),
    e.AlertHeeded: ({"kind": "lead_wanted"}, {"kind": "crisis"}),
    e.SupporterWrote: ({"text": "hello"}, {"text": "", "attachment": VOICE, "desk": "slack"}),
    e.NoteWritten: ({"text": "a note"},),
    e.ResourceSent: ({"resource": "breathing", "title": "Breathing", "body": {"id": "b"}}, {"resource": "none"}),
    e.Transferred: ({"to": "lee"}, {"to": "sam"}, {"to": "nobody"}, {"to": "gone"}),
    e.Escalated: ({"why": ""}, {"why": "I am not sure"}),
    e.RiskRaised: tuple({"tier": tier, "why": "a feeling"} for tier in Tier),
    e.RiskLowered: tuple({"tier": tier, "why": why} for tier in Tier for why in ("checked by phone", " ")),
    e.SupporterClosed: ({"outcome": "supported"}, {"outcome": "whatever"}),
    e.BotReplied: tuple(
        {"epoch": epoch, "messages": (e.BotMessage("hi"), e.BotMessage("", (), {"id": "b"}))} for epoch in (1, 2, 7)
    ),
    e.BotSlow: tuple({"epoch": epoch, "waking": waking} for epoch in (1, 7) for waking in (True, False)),
    e.BotFailed: tuple({"epoch": epoch} for epoch in (1, 2, 7)),
    e.ConsentGiven: ({"given": True}, {"given": False}),
    e.IntakeSaved: (
        {"intake": Intake(name="Ana", topics=("grief",))},
        {"intake": Intake(), "language": "es", "country": "ES"},
    ),
    e.HandoffAsked: ({"why": "asked"}, {"why": "bot_down"}),
    e.MessageLeft: ({"text": "please call me back"},),
    e.ResourceRated: ({"resource": "breathing", "helped": True},),
    e.Due: tuple({"kind": kind, "at": NOW} for kind in Deadline),
}  # fmt: skip
CELLS = [(phase, event) for phase in Phase for event in ALL_EVENTS]


def conversations_in(phase: Phase) -> Iterator[Conversation]:
    """One as it usually stands, and the variants in which moves decide otherwise."""
    yield conversation(phase)
    yield conversation(phase, blocked_until=NOW + 3600)
    if phase is Phase.NEW:
        return
    yield conversation(phase, consent=None, card_seq=4, card_at=NOW - 30, tier=Tier.CONCERN, safety_asked=True)
    if phase is not Phase.INTAKE:
        yield conversation(phase, tier=Tier.ACTIVE, card_seq=4, card_at=NOW - 30, blocked_until=NOW + 3600)
        yield conversation(phase, tier=Tier.ACTIVE, card_seq=4, card_at=NOW - 30, modifiers=(Modifier.MINOR,))
    usual = conversation(phase)
    clocks = {**usual.deadlines, Deadline.SAFETY_ANSWER: NOW, Deadline.CARD_CONFIRM: NOW}
    if usual.is_open:
        yield replace(usual, tier=Tier.CONCERN, safety_asked=True, deadlines=clocks)
    yield replace(usual, deadlines=dict.fromkeys(usual.deadlines, NOW))
    yield replace(usual, blocked_until=NOW + 3600, blocked_told_at=NOW - 60, held_by=("sam", "lou"), talked_last="lou")
    yield conversation(phase, refused=("sam",), talked_last="sam", held_by=("sam",))
    if phase is Phase.WAITING:
        climbing = {**usual.deadlines, Deadline.CLIMB: NOW}
        yield replace(usual, tier=Tier.PASSIVE, assigned_to="sam", deadlines=climbing)
        yield replace(usual, excluded=("sam", "lee"))
    if phase is Phase.LIVE:
        yield from _live()


def _live() -> Iterator[Conversation]:
    usual = conversation(Phase.LIVE)
    yield replace(usual, first_word_at=None, deadlines={**usual.deadlines, Deadline.FIRST_WORD: NOW})
    called = {**usual.deadlines, Deadline.LEAD: NOW}
    yield replace(usual, tier=Tier.IMMINENT, deadlines=called, leads=("lou",), bounces=1, held_by=("sam", "lee"))
    yield replace(usual, tier=Tier.ACTIVE, deadlines=called, relief_asked=True, lead_calls=1, bounces=2)
    asked = {**usual.deadlines, Deadline.NUDGE: NOW, Deadline.SILENT: NOW}
    yield replace(usual, unanswered_since=NOW - 300, deadlines=asked)
    yield replace(usual, deadlines={**usual.deadlines, Deadline.CHECK_IN: NOW})
    quiet = {**usual.deadlines, Deadline.QUIET_CLOSE: NOW}
    yield replace(usual, checked_in=True, deadlines=quiet)
    yield replace(usual, checked_in=True, deadlines=quiet, tier=Tier.IMMINENT)


def events_of(kind: type[e.Event]) -> Iterator[e.Event]:
    if kind is e.SeekerWrote:
        for tier in Tier:
            yield e.SeekerWrote(id="x", seeker=SEEKER, text="words", assessment=heard(tier))
        yield e.SeekerWrote(
            id="x", seeker=SEEKER, text="kolme", assessment=heard(Tier.CONCERN, Modifier.LANGUAGE_UNKNOWN)
        )
        for text in ("yes", "no", "not sure", "/restart"):
            yield e.SeekerWrote(id="x", seeker=SEEKER, text=text, assessment=heard())
        yield e.SeekerWrote(id="x", seeker=SEEKER, text="nobody screened this")
        for text in ("", "listen to this"):
            yield e.SeekerWrote(id="x", seeker=SEEKER, text=text, attachment=VOICE, assessment=heard())
        return
    for about in ABOUT.get(kind, ({},)):
        if issubclass(kind, e.SeekerEvent):
            yield kind(id="x", seeker=SEEKER, **about)
        elif issubclass(kind, e.DeskEvent):
            for who in ("sam", "lee", "lou", "gone", "nobody"):
                yield kind(id="x", conversation="c1", **{"supporter": who, **about})
        else:
            yield kind(id="x", **{"conversation": "c1", **about})


def scenes(talk: Conversation, event: e.Event) -> Iterator[Scene]:
    """With everybody here, with nobody here, and outside the opening hours."""
    held = ("c1",) if talk.phase is Phase.LIVE else ()
    people = {
        "sam": supporter("sam", holding=held, minors=True),
        "lee": supporter("lee", holding=("c8", "c9"), capacity=2),
        "lou": lead("lou"),
        "gone": supporter("gone", removed=True),
    }
    yield _scene(talk, event, people)
    free = {**people, "lee": supporter("lee", minors=True), "sam": replace(people["sam"], present_until=NOW - 1000)}
    yield _scene(talk, event, free)
    yield replace(_scene(talk, event, people), staff=(), line=line(CLOSED_ALL_DAY), average_wait=300.0)


def _scene(talk: Conversation, event: e.Event, people: dict[str, Supporter]) -> Scene:
    return Scene(
        line=line(),
        conversation=talk,
        fresh_id="c2",
        actor=people.get(event.supporter) if isinstance(event, e.DeskEvent) else None,
        holder=people["sam"] if talk.phase is Phase.LIVE else None,
        other=people.get(event.to) if isinstance(event, e.Transferred) else None,
        staff=tuple(each for each in people.values() if not each.removed),
    )


@pytest.mark.parametrize(
    ("phase", "kind"), CELLS, ids=lambda part: getattr(part, "value", getattr(part, "__name__", ""))
)
def test_a_cell_leads_where_it_says_and_keeps_every_law(phase: Phase, kind: type[e.Event]) -> None:
    cell = TABLE[phase][kind]
    for talk in conversations_in(phase):
        for event in events_of(kind):
            for scene in scenes(talk, event):
                decision = decide(scene, event, NOW)
                now = laws.after(scene, decision)
                assert now.phase in cell.to, event
                assert decision == decide(scene, event, NOW)
                if now.phase is not Phase.NEW:
                    laws.holds(scene, event, decision)


def test_every_phase_has_a_cell_for_every_event_of_a_conversation() -> None:
    apart = (e.Event, e.SeekerEvent, e.DeskEvent, e.BotEvent, e.RosterEvent)
    known = {
        kind
        for kind in vars(e).values()
        if isinstance(kind, type)
        and issubclass(kind, e.Event)
        and kind not in apart
        and not issubclass(kind, e.RosterEvent)
    }
    assert known == set(ALL_EVENTS)
    assert set(TABLE) == set(Phase)
    assert all(set(row) == known for row in TABLE.values())


def test_staying_is_always_allowed_and_nothing_leads_back_to_the_beginning() -> None:
    for phase, row in TABLE.items():
        for cell in row.values():
            assert phase in cell.to
            assert phase is Phase.NEW or Phase.NEW not in cell.to


def test_every_phase_a_cell_names_is_reached_in_some_variant() -> None:
    """A table that promises more than the moves do would draw a wrong picture."""
    reached = {
        (phase, kind, laws.after(scene, decide(scene, event, NOW)).phase)
        for phase, kind in CELLS
        for talk in conversations_in(phase)
        for event in events_of(kind)
        for scene in scenes(talk, event)
    }
    named = {(phase, kind, to) for phase, kind in CELLS for to in TABLE[phase][kind].to if to is not phase}
    assert named == {each for each in reached if each[2] is not each[0]}


def test_a_move_that_leaves_its_cell_is_a_defect_and_not_a_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    def runaway(draft: Draft, event: e.Event) -> None:
        draft.set(phase=Phase.LIVE)

    monkeypatch.setitem(TABLE[Phase.INTAKE], e.SeekerOpened, Cell(runaway, frozenset({Phase.INTAKE})))
    event = e.SeekerOpened(id="x", seeker=SEEKER)
    with pytest.raises(BrokenLaw):
        decide(next(scenes(conversation(), event)), event, NOW)


def test_nothing_a_person_says_shows_in_the_repr_of_events_and_records() -> None:
    words = "canary-words"
    shown = [
        e.SeekerWrote(id="x", seeker=SEEKER, text=words),
        e.SeekerTapped(id="x", seeker=SEEKER, payload="/p", label=words),
        e.SupporterWrote(id="x", supporter="sam", conversation="c1", text=words),
        e.SupporterEdited(id="x", supporter="sam", conversation="c1", text=words, refers="m1"),
        e.SeekerEdited(id="x", seeker=SEEKER, text=words, refers="m1"),
        e.SeekerMoved(id="x", seeker=SEEKER, to=SEEKER),
        e.NoteWritten(id="x", supporter="sam", conversation="c1", text=words),
        e.MessageLeft(id="x", conversation="c1", text=words),
        e.FeedbackGiven(id="x", seeker=SEEKER, conversation="c1", words=words),
        e.BotReplied(id="x", conversation="c1", epoch=1, messages=(e.BotMessage(words),)),
        e.IntakeSaved(id="x", conversation="c1", intake=Intake(name=words, preferences=(words,))),
        e.Declined(id="x", supporter="sam", conversation="c1", why=words),
        conversation(recent=(words,), intake=Intake(name=words)),
        *decide(
            next(scenes(conversation(), event := e.SeekerWrote(id="x", seeker=SEEKER, text=words, assessment=heard()))),
            event,
            NOW,
        ).effects,
    ]
    assert words not in repr(shown)
    assert SEEKER.id not in repr(shown)
