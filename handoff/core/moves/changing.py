"""What changes about what was said, and where and in which language somebody writes."""

from __future__ import annotations

from handoff.core.draft import Draft, Refusal
from handoff.core.entries import EntryKind, Speaker
from handoff.core.events import LanguageChosen, SeekerEdited, SeekerMoved, SeekerWrote, SupporterEdited, SupporterUnsaid
from handoff.core.moves import crisis, planning, safety
from handoff.core.moves.desk import holding
from handoff.core.moves.seeker import first_words, greet, learn, wrote_after_close
from handoff.core.risk import CRISIS, NO_RISK, Assessment


def edited_before_live(draft: Draft, event: SeekerEdited) -> None:
    """Changed words are heard like new ones; the bot has answered the old ones already and is not asked again."""
    assessment, rose = _hear_again(draft, event)
    if assessment.tier >= CRISIS:
        crisis.crisis_before_live(draft, assessment, rose=rose)
    elif safety.is_due(draft, assessment):
        safety.ask(draft)


def edited_while_live(draft: Draft, event: SeekerEdited) -> None:
    """The supporter sees the change as a change."""
    assessment, rose = _hear_again(draft, event)
    if assessment.tier >= CRISIS:
        crisis.crisis_while_live(draft, assessment, rose=rose)


def edited_new(draft: Draft, event: SeekerEdited) -> None:
    """Changed words of a talk nobody has any more: only danger in them is taken up."""
    if event.assessment and event.assessment.crisis:
        first_words(draft, as_written(event))


def edited_after_close(draft: Draft, event: SeekerEdited) -> None:
    """Changed words of a talk that is over: danger in them begins a new one."""
    if event.assessment and event.assessment.crisis:
        wrote_after_close(draft, as_written(event))


def moved(draft: Draft, event: SeekerMoved) -> None:
    """The same person, from now on at another address; the conversation goes on there."""
    draft.set(seeker=event.to)
    if draft.conversation.is_open and event.to.channel != event.seeker.channel:
        draft.notice("moved_here")
        draft.jot(draft.desk_text("margin_moved"))


def language_chosen(draft: Draft, event: LanguageChosen) -> None:
    """From now on we write in it."""
    choose(draft, event)
    draft.notice("language_chosen")


def language_first(draft: Draft, event: LanguageChosen) -> None:
    """Somebody chooses a language before anything else: hello in it."""
    choose(draft, event)
    greet(draft)


def supporter_edited(draft: Draft, event: SupporterEdited) -> None:
    """The supporter corrects themselves."""
    actor = holding(draft)
    draft.set(desk=event.desk)
    draft.say(Speaker.SUPPORTER, event.text, kind=EntryKind.EDIT, name=actor.name, refers=event.refers)


def supporter_unsaid(draft: Draft, event: SupporterUnsaid) -> None:
    """The supporter takes something back; that it was said stays on record."""
    actor = holding(draft)
    draft.set(desk=event.desk)
    draft.say(Speaker.SUPPORTER, "", kind=EntryKind.UNSAID, name=actor.name, refers=event.refers)
    draft.audit(actor.id, "unsaid")


def _hear_again(draft: Draft, event: SeekerEdited) -> tuple[Assessment, bool]:
    assessment = event.assessment or NO_RISK
    private = planning.corrected(draft, event)
    draft.say(Speaker.SEEKER, event.text, kind=EntryKind.EDIT, refers=event.refers, private=private)
    learn(draft, event)
    return assessment, crisis.note_risk(draft, assessment, event.text)


def as_written(event: SeekerEdited) -> SeekerWrote:
    """Changed words as if they had been written now."""
    return SeekerWrote(
        id=event.id, seeker=event.seeker, language=event.language, country=event.country, text=event.text,
        refers=event.refers, assessment=event.assessment,
    )  # fmt: skip


def choose(draft: Draft, event: LanguageChosen) -> None:
    """Write in this language, if we can. Refuses otherwise."""
    if event.chosen not in draft.line.wording.languages():
        raise Refusal("no_such_language")
    draft.set(language=event.chosen)
