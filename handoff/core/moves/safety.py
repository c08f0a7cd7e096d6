"""T2: one direct question about suicide, asked once; a yes, an unclear answer and silence raise to T3 (risk taxonomy).

Somebody who goes on writing about something else is not silent. Their words are answered, and each of them starts the
clock anew, so that no card falls into the middle of a sentence. After `policy.question_set_aside` of them the question
is taken as set aside: it is said once that it needn't be answered and that a person can be had, the tier stays what
it was, and whoever talks with them later is told that it was asked and left open. Evasion is not held against anybody;
what they write is screened all the same, and a supporter can ask where a bot should not ask twice.
"""

from __future__ import annotations

import math
from dataclasses import replace

from handoff.core.answering import Answer, Phrases, listed
from handoff.core.conversation import Deadline, Phase, Reason
from handoff.core.draft import Draft
from handoff.core.moves import crisis
from handoff.core.risk import NO_RISK, Assessment, Tier


def ask(draft: Draft) -> None:
    """The question itself. Silence or an unclear answer counts as a yes."""
    draft.set(safety_asked=True)
    draft.notice("safety_question", "safety_yes", "safety_no", "safety_unsure")
    draft.due(Deadline.SAFETY_ANSWER, draft.policy.unanswered_question_seconds)


def is_due(draft: Draft, assessment: Assessment) -> bool:
    """Whether these words call for the question: a concern, outside the crisis lane, for the first time.

    Never where somebody dangerous may read along: the question names what nobody else should read.
    """
    known = draft.conversation
    return not draft.watched and assessment.tier is Tier.CONCERN and not known.in_crisis_lane and not known.safety_asked


def is_open(draft: Draft) -> bool:
    """Whether it was asked and neither answered nor set aside."""
    return Deadline.SAFETY_ANSWER in draft.conversation.deadlines


def minutes_open(draft: Draft) -> str:
    """How long it waits for an answer at most, as people are told."""
    return str(math.ceil(draft.policy.unanswered_question_seconds / 60))


def answered(draft: Draft, text: str) -> bool:
    """A typed answer while the question is open counts as one, whoever has the word by now."""
    answer = read(draft, text)
    if answer is None:
        return False
    _ANSWERS[answer](draft)
    return True


def read(draft: Draft, text: str) -> Answer | None:
    """The answer that these words are to the open question, if any."""
    return _phrases(draft).read(text) if is_open(draft) else None


def wrote_on(draft: Draft) -> None:
    """Words about something else: not silence. The clock starts anew, until the question is set aside."""
    if not is_open(draft):
        return
    draft.set(safety_passed=draft.conversation.safety_passed + 1)
    draft.due(Deadline.SAFETY_ANSWER, draft.policy.unanswered_question_seconds)
    if draft.conversation.safety_passed >= draft.policy.question_set_aside and draft.conversation.plan.asks is None:
        _set_aside(draft)


def confirmed(draft: Draft, why: str) -> None:
    """The question was answered with a yes, not clearly, or not at all: T3."""
    draft.not_due(Deadline.SAFETY_ANSWER)
    before = draft.conversation
    rose = before.tier < Tier.PASSIVE
    tier = max(before.tier, Tier.PASSIVE)
    _note(draft, why, tier)
    draft.set(tier=tier, domains=tuple(dict.fromkeys((*before.domains, "suicide"))))
    asked = replace(NO_RISK, tier=tier, domains=("suicide",))
    if before.phase is Phase.LIVE:
        crisis.crisis_while_live(draft, asked, rose=rose)
    else:
        crisis.crisis_before_live(draft, asked, rose=rose)


def yes(draft: Draft) -> None:
    """Yes to the direct question."""
    confirmed(draft, "reason_safety_yes")


def unsure(draft: Draft) -> None:
    """Neither yes nor no counts as a yes."""
    confirmed(draft, "reason_safety_unsure")


def denied(draft: Draft) -> None:
    """A no leaves the tier where it is; the question is never asked again. A supporter thanks them, where one is."""
    draft.not_due(Deadline.SAFETY_ANSWER)
    if draft.conversation.phase is not Phase.LIVE:
        draft.notice("safety_thanks", "person", "urgent")


def _set_aside(draft: Draft) -> None:
    draft.not_due(Deadline.SAFETY_ANSWER)
    _note(draft, "reason_safety_set_aside", draft.conversation.tier)
    if draft.conversation.phase is Phase.LIVE:
        draft.jot(draft.desk_text("margin_safety_set_aside"))
    else:
        draft.notice("safety_set_aside", "person", "urgent")


def _note(draft: Draft, why: str, tier: Tier) -> None:
    known = draft.conversation
    reason = Reason(tier, "suicide", draft.desk_text(why), draft.now, known.seq)
    draft.set(reasons=(*known.reasons, reason)[-crisis.KEPT_REASONS :])


def _phrases(draft: Draft) -> Phrases:
    whole = {words: answer for answer in Answer for words in listed(draft.text(f"safety_{answer}_words"))}
    begins: dict[tuple[str, ...], Answer | None] = dict.fromkeys(listed(draft.text("safety_no_answer_begins")))
    begins |= {words: answer for answer in Answer for words in listed(draft.text(f"safety_{answer}_begins"))}
    before, turns = listed(draft.text("safety_words_before")), listed(draft.text("safety_words_turning"))
    return Phrases(whole, begins, frozenset(each[0] for each in before), frozenset(each[0] for each in turns))


_ANSWERS = {Answer.YES: yes, Answer.NO: denied, Answer.UNSURE: unsure}
