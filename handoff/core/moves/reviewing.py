"""Looking again, so that the screen learns: one click on a message, and a sample of what was never flagged."""

from __future__ import annotations

import hashlib
import hmac

from handoff.core.draft import Draft, Refusal
from handoff.core.events import FeedbackGiven, MessageFlagged, Reviewed
from handoff.core.moves.desk import acting
from handoff.core.risk import CRISIS

MISSED_RISK, FALSE_ALARM, NOTHING_MISSED = "missed_risk", "false_alarm", "nothing_missed"
VERDICTS = (MISSED_RISK, FALSE_ALARM)
"""What somebody may say of one message."""
OUTCOMES = (NOTHING_MISSED, MISSED_RISK, FALSE_ALARM)
"""What a lead may find in a whole conversation."""
_PARTS = 2**32


def sampled(conversation: str, key: bytes, share: float) -> bool:
    """Whether this conversation is one of the `share` (0 to 1) that leads read again: the same answer every time."""
    drawn = hmac.new(key, f"review:{conversation}".encode(), hashlib.sha256).digest()[:4]
    return int.from_bytes(drawn) < share * _PARTS


def consent_given(draft: Draft, event: FeedbackGiven) -> None:
    """The person says whether their words may be read again; only then may a sample of what was never flagged be."""
    if event.review is None:
        return
    known = draft.conversation
    draft.set(review=event.review)
    draft.record("review_consent", conversation=known.id, given=event.review)
    draft.audit("seeker", "review_consent", given=event.review)
    never_flagged = known.tier < CRISIS and all(reason.tier < CRISIS for reason in known.reasons)
    if event.review and never_flagged and sampled(known.id, draft.line.review_key, draft.policy.review_share):
        _item(draft, f"sample/{known.id}", what="sample", verdict="", by="", seq=0, words="", context=())


def flagged(draft: Draft, event: MessageFlagged) -> None:
    """Somebody who reads the conversation says that the screen was wrong about one message."""
    actor = acting(draft)
    known = draft.conversation
    if not (actor.is_lead or actor.id in (known.supporter, *known.held_by)):
        raise Refusal("leads_only")
    if event.verdict not in VERDICTS or not event.words:
        raise Refusal("no_such_message")
    item = f"message/{known.id}/{event.seq}"
    _item(
        draft, item, what="message", verdict=event.verdict, by=actor.id, seq=event.seq, words=event.words,
        context=event.context,
    )  # fmt: skip
    draft.audit(actor.id, "flagged", seq=event.seq, verdict=event.verdict)


def reviewed(draft: Draft, event: Reviewed) -> None:
    """A lead has read a sampled conversation again."""
    actor = acting(draft)
    if not actor.is_lead:
        raise Refusal("leads_only")
    if event.outcome not in OUTCOMES:
        raise Refusal("bad_outcome", outcomes=", ".join(OUTCOMES))
    draft.record("reviewed", item=review_id(f"sample/{draft.conversation.id}"), by=actor.id, outcome=event.outcome)
    draft.audit(actor.id, "reviewed", outcome=event.outcome)


def review_id(about: str) -> str:
    """The id of the item about something: short enough to type, the same for the same message."""
    return hashlib.sha256(about.encode()).hexdigest()[:12]


def _item(draft: Draft, about: str, **fields: object) -> None:
    known = draft.conversation
    draft.record(
        "review", id=review_id(about), conversation=known.id, pseudonym=known.pseudonym, tier=int(known.tier),
        language=known.language, consent=known.review, **fields,
    )  # fmt: skip
