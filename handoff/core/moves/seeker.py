"""Seeker moves: opening the chat, words, quick replies, feedback."""

from __future__ import annotations

import re
from dataclasses import replace

from handoff.core.conversation import Conversation, Deadline, FollowUp, Phase
from handoff.core.draft import Draft, Refusal
from handoff.core.entries import Button, Speaker
from handoff.core.events import CardConfirmed, SeekerEvent, SeekerOpened, SeekerTapped, SeekerWrote
from handoff.core.moves import another, calling, crisis, files, following, planning, safety
from handoff.core.moves.ending import stop
from handoff.core.moves.forgetting import ask_to_forget, forget
from handoff.core.moves.queueing import say_wait, want_person
from handoff.core.plan import NO_PLAN
from handoff.core.risk import CRISIS, NO_RISK, Assessment, Modifier, Tier

_BOT_PAYLOAD = re.compile(r"/[a-z_]{1,40}(\{[^{}]{0,200}\})?")
_URGENT_IN = re.compile(r"warmline:urgent:([A-Z]{2})")
URGENT_PAYLOAD = "warmline:urgent"
"""The quick reply that brings the crisis card; the one that works even when nothing can be saved."""


def opened(draft: Draft, event: SeekerOpened) -> None:
    """The first words: what this is, that it is automated, what is kept, where urgent help is."""
    greet(draft)
    if event.topic:
        draft.set(intake=replace(draft.conversation.intake, topics=(event.topic,)))


def greet(draft: Draft) -> None:
    """Begin: hello and the three plain lines about consent."""
    draft.set(phase=Phase.INTAKE, opened_at=draft.now)
    draft.opens = draft.conversation.id
    draft.due(Deadline.INTAKE_CLOSE, draft.policy.intake_close_seconds)
    draft.record("seeker", pseudonym=draft.conversation.pseudonym, channel=draft.conversation.seeker.channel)
    draft.say(Speaker.BOT, draft.text("opening", line=draft.line.name))
    draft.say(Speaker.BOT, draft.text("opening_consent"), buttons=_consent_buttons(draft))


def first_words(draft: Draft, event: SeekerWrote) -> None:
    """Somebody writes before the chat was opened: greet, then hear them."""
    greet(draft)
    wrote_to_bot(draft, event)


def first_tap(draft: Draft, event: SeekerTapped) -> None:
    """Likewise with a quick reply."""
    greet(draft)
    tapped(draft, event)


def wrote_to_bot(draft: Draft, event: SeekerWrote) -> None:
    """Words in intake or while waiting: risk first, then the plan's next heading, else the bot's turn."""
    planned = planning.takes(draft, event)
    assessment, rose = hear(draft, event, private=planned)
    if planned:
        planning.keep_answer(draft, event)
    if event.attachment is not None:
        files.kept_for_a_person(draft, event.attachment)
    draft.due(Deadline.INTAKE_CLOSE, draft.policy.intake_close_seconds)
    if draft.conversation.phase is not Phase.INTAKE:
        draft.not_due(Deadline.INTAKE_CLOSE)
    if assessment.tier >= CRISIS:
        crisis.crisis_before_live(draft, assessment, rose=rose)
    elif planned and not _comes_between(draft, event, assessment):
        safety.wrote_on(draft)
    else:
        answer_calm_words(draft, event, assessment)
        rose = True
    if planned:
        planning.heard(draft, event, assessment.tier, pause=rose)


def answer_calm_words(draft: Draft, event: SeekerWrote, assessment: Assessment) -> None:
    """Words without a crisis in them: our own questions first, then the bot, but for the crisis lane."""
    if safety.answered(draft, event.text):
        return
    safety.wrote_on(draft)
    if draft.conversation.in_crisis_lane:
        crisis.soothe(draft)
    elif not event.text:
        return
    elif Modifier.LANGUAGE_UNKNOWN in assessment.modifiers:
        not_understood(draft, assessment)
    elif safety.is_due(draft, assessment):
        safety.ask(draft)
    else:
        draft.ask_bot(words_only(event.text))


def _comes_between(draft: Draft, event: SeekerWrote, assessment: Assessment) -> bool:
    """Whether an answer for the plan needs an answer of ours first: a language not known so far, or the question."""
    if safety.read(draft, event.text) is not None:
        return True
    if Modifier.LANGUAGE_UNKNOWN in assessment.modifiers and draft.conversation.card_at is None:
        return True
    return safety.is_due(draft, assessment)


def wrote_to_supporter(draft: Draft, event: SeekerWrote) -> None:
    """Words in a live conversation: relayed, screened, and waiting for an answer."""
    assessment, rose = hear(draft, event)
    waits(draft)
    if assessment.tier >= CRISIS:
        crisis.crisis_while_live(draft, assessment, rose=rose)
    elif not safety.answered(draft, event.text):
        safety.wrote_on(draft)
        if rose and assessment.tier is Tier.CONCERN:
            draft.jot(draft.desk_text("margin_concern"))


def not_understood(draft: Draft, assessment: Assessment) -> None:
    """A language the screen can't read is never taken for calm: the international card once, and a person."""
    if draft.conversation.card_at is None:
        crisis.give_card(draft, assessment, rose=True)
    draft.notice("language_unknown", "person", "urgent")


def words_only(text: str) -> str:
    """What a person types never reaches the bot as a command: only quick replies may begin with a slash."""
    return f" {text}" if text.lstrip().startswith("/") else text


def waits(draft: Draft) -> None:
    """The seeker waits for the supporter's answer; a silence clock starts unless one runs."""
    draft.not_due(Deadline.CHECK_IN, Deadline.QUIET_CLOSE)
    draft.set(checked_in=False)
    if draft.conversation.unanswered_since is None and draft.conversation.first_word_at is not None:
        paused = max(0.0, draft.conversation.paused_until - draft.now)
        draft.set(unanswered_since=draft.now)
        draft.due(Deadline.NUDGE, paused + draft.policy.supporter_nudge_seconds)
        draft.due(Deadline.SILENT, paused + draft.policy.supporter_silent_seconds)


def wrote_after_close(draft: Draft, event: SeekerWrote) -> None:
    """Words after the end begin a new conversation, which knows what the person agreed to before."""
    begin_again(draft)
    wrote_to_bot(draft, event)


def tapped_after_close(draft: Draft, event: SeekerTapped) -> None:
    """Urgent help and deletion always work; any other quick reply begins a new conversation."""
    if works_after_the_end(event):
        tapped(draft, event)
    else:
        another.after_the_end(draft, event.payload)
        begin_again(draft)
        tapped(draft, event)


def begin_again(draft: Draft) -> None:
    """A new conversation after a closed one: same seeker, same feed, same consent."""
    old = draft.conversation
    draft.replaces = old.id
    draft.conversation = Conversation(
        id=draft.scene.fresh_id, seeker=old.seeker, pseudonym=old.pseudonym, language=old.language,
        country=old.country, seq=old.seq, first_seq=old.seq + 1, opened_at=draft.now, changed_at=draft.now,
        consent=old.consent, phase=Phase.INTAKE, intake=old.intake, plan=replace(old.plan, asks=None),
        follow_up=old.follow_up, deadlines=following.kept(old), refused=old.refused,
        blocked_until=old.blocked_until, blocked_told_at=old.blocked_told_at, talked_last=old.talked_last,
    )  # fmt: skip
    if old.plan != NO_PLAN or old.follow_up != FollowUp():
        draft.pokes.append((Deadline.MOVED_ON, old.id))
    draft.opens = draft.conversation.id
    draft.due(Deadline.INTAKE_CLOSE, draft.policy.intake_close_seconds)
    if old.in_crisis_lane and old.outcome == "seeker_left":
        crisis.come_back(draft, old)
    elif old.consent is None:
        draft.say(Speaker.BOT, draft.text("opening_consent"), buttons=_consent_buttons(draft))


def hear(draft: Draft, event: SeekerWrote, *, private: bool = False) -> tuple[Assessment, bool]:
    """Put the words into the feed and their risk into the record."""
    assessment = event.assessment or NO_RISK
    files.say(
        draft, Speaker.SEEKER, event.text, event.attachment, refers=event.refers, answers=event.answers,
        private=private,
    )  # fmt: skip
    learn(draft, event)
    return assessment, crisis.note_risk(draft, assessment, event.text)


def tapped(draft: Draft, event: SeekerTapped) -> None:
    """A quick reply: our own are done here, the bot's are the bot's turn."""
    draft.say(Speaker.SEEKER, event.label, refers=event.refers, private=event.payload in planning.PRIVATE)
    learn(draft, event)
    if event.payload not in planning.GOES_WITH:
        planning.let_go(draft)
    own = _OWN.get(_asks_for(event))
    if place := _URGENT_IN.fullmatch(event.payload):
        draft.set(country=place[1])
    if own is not None:
        own(draft)
    elif event.payload in _FOR_THE_BOT:
        ask_unless_crisis(draft, _FOR_THE_BOT[event.payload])
    elif _BOT_PAYLOAD.fullmatch(event.payload):
        ask_unless_crisis(draft, event.payload)
    else:
        raise Refusal("unknown_button")


def tapped_while_live(draft: Draft, event: SeekerTapped) -> None:
    """In a live conversation only urgent help, deletion and the safety answers act; the rest is words."""
    if _asks_for(event) in _WHILE_LIVE:
        tapped(draft, event)
    else:
        draft.say(Speaker.SEEKER, event.label, refers=event.refers)
        waits(draft)


def ask_unless_crisis(draft: Draft, payload: str) -> None:
    """The bot's turn, but for the crisis lane, where exercises alone are the bot's."""
    if draft.conversation.in_crisis_lane and not payload.startswith("/ask_exercise"):
        crisis.soothe(draft)
    else:
        draft.ask_bot(payload)


def confirmed(draft: Draft, event: CardConfirmed) -> None:
    """The device has shown a crisis card."""
    crisis.card_confirmed(draft, event.seq)


def show_urgent(draft: Draft) -> None:
    """The crisis card because somebody asked; asking says nothing about risk, what was said chooses the lines."""
    crisis.give_card(draft, replace(NO_RISK, domains=draft.conversation.domains), rose=True)


def ask_person(draft: Draft) -> None:
    """A person at once, at any point; whoever waits already is told where they are."""
    if draft.conversation.phase is Phase.INTAKE:
        want_person(draft, "asked")
    else:
        say_wait(draft)


def learn(draft: Draft, event: SeekerEvent) -> None:
    """Where they write from now; the country as the channel knows it, unless the seeker said otherwise in words."""
    if event.seeker != draft.conversation.seeker:
        draft.set(seeker=event.seeker)
    if event.country and draft.conversation.country is None:
        draft.set(country=event.country)


def _asks_for(event: SeekerTapped) -> str:
    """The payload without the country that somebody chose on the card."""
    return "warmline:urgent" if _URGENT_IN.fullmatch(event.payload) else event.payload


def works_after_the_end(event: SeekerTapped) -> bool:
    """Whether it is done without beginning a new conversation."""
    return _asks_for(event) in _AFTER_THE_END


def _consent_buttons(draft: Draft) -> tuple[Button, ...]:
    return (
        Button(draft.text("button_consent_yes"), "/consent_yes"),
        Button(draft.text("button_privacy"), "/ask_privacy"),
        *draft.buttons("person"),
    )


_OWN = {
    "warmline:person": ask_person,
    URGENT_PAYLOAD: show_urgent,
    "warmline:wait": say_wait,
    "warmline:safety_yes": safety.yes,
    "warmline:safety_no": safety.denied,
    "warmline:safety_unsure": safety.unsure,
    "warmline:forget": ask_to_forget,
    "warmline:forget_confirmed": forget,
    "warmline:stop": stop,
    "warmline:follow_talk": ask_person,
    another.PAYLOAD: another.ask_for_another,
    **calling.MOVES,
    **following.MOVES,
    **planning.MOVES,
}
_FOR_THE_BOT = {"warmline:leave_message": "/leave_message", "warmline:resources": "/ask_exercise"}
_AFTER_THE_END = frozenset(
    (
        URGENT_PAYLOAD, "warmline:forget", "warmline:forget_confirmed", "warmline:stop", *calling.MOVES,
        *following.MOVES, *planning.ABOUT_WHAT_IS,
    )
)  # fmt: skip
_WHILE_LIVE = frozenset(_OWN) - {"warmline:person", "warmline:wait", "warmline:follow_talk"}
