"""Queue moves: into the queue, what is said there, and back into it at the original place."""

from __future__ import annotations

from handoff.core.conversation import Deadline, Owner, Phase
from handoff.core.draft import Draft, Refusal
from handoff.core.events import HandoffAsked
from handoff.core.moves.crisis import staffed, watch_wait
from handoff.core.moves.leading import bounced
from handoff.core.queue import estimate, longest_wait
from handoff.core.supporter import Supporter

LIVE_DEADLINES = (
    Deadline.FIRST_WORD,
    Deadline.NUDGE,
    Deadline.SILENT,
    Deadline.HOLDER,
    Deadline.CHECK_IN,
    Deadline.QUIET_CLOSE,
    Deadline.LEAD,
)


def handoff_asked(draft: Draft, event: HandoffAsked) -> None:
    """The bot, or one of its actions, asks for a person."""
    want_person(draft, event.why)


def want_person(draft: Draft, why: str) -> None:
    """A person is wanted: into the queue when the line is open, and in any case an honest word about waiting."""
    if not draft.line.is_open(draft.now):
        closed_hours(draft)
        return
    enter(draft)
    draft.audit("queue", "entered", why=why)
    say_wait(draft)


def enter(draft: Draft) -> None:
    """Into the queue. The bot stays while they wait, so the epoch stays too."""
    draft.set(phase=Phase.WAITING, owner=Owner.QUEUE, waiting_since=draft.conversation.waiting_since or draft.now)
    draft.not_due(Deadline.INTAKE_CLOSE)
    watch_wait(draft)
    if draft.scene.waiting + 1 >= draft.policy.queue_limit:
        draft.line_alert("queue_long", "queue", count=draft.scene.waiting + 1)


def closed_hours(draft: Draft) -> None:
    """Nobody works now: when somebody will, and what there is until then."""
    opens = draft.line.opens_at(draft.now)
    if opens is None:
        draft.notice("closed_no_date", "leave_message", "resources", "urgent")
    else:
        when = f"{opens:%H:%M}"
        draft.notice(f"closed_until_{opens:%A}".lower(), "leave_message", "resources", "urgent", time=when)


def say_wait(draft: Draft) -> None:
    """Position and an honest estimate; "not sure" without evidence; nobody here is said at once."""
    if not staffed(draft):
        draft.notice("nobody_here", "leave_message", "resources", "plan", "urgent")
        return
    waited = draft.now - (draft.conversation.waiting_since or draft.now)
    key, values = _expectation(draft.scene.average_wait, waited)
    draft.notice(key, "resources", "plan", "leave_message", "urgent", position=draft.scene.ahead + 1, **values)


def requeue(draft: Draft, holder: Supporter | None, told: str, why: str) -> None:
    """Back to the queue at the original place, the last supporter excluded, the seeker told."""
    known = draft.conversation
    free_holder(draft, holder)
    excluded = dict.fromkeys((*known.excluded, *([known.supporter] if known.supporter else [])))
    draft.owned_by(
        Owner.QUEUE,
        Phase.WAITING,
        waiting_since=known.waiting_since or draft.now,
        excluded=tuple(excluded),
        supporter=None,
        supporter_name="",
        claimed_at=None,
        first_word_at=None,
        unanswered_since=None,
        assigned_to=None,
        checked_in=False,
        relief_asked=False,
        leads=(),
        lead_calls=0,
    )
    draft.not_due(*LIVE_DEADLINES)
    watch_wait(draft)
    bounced(draft)
    if known.in_crisis_lane:
        draft.due(Deadline.ASSIGN, 0)
    draft.notice(told, "resources", "leave_message", "urgent")
    if not staffed(draft):
        draft.notice("nobody_here", "leave_message", "resources", "urgent")
    draft.audit("queue", "requeued", why=why, past=known.supporter)


def free_holder(draft: Draft, holder: Supporter | None) -> None:
    """The holder's place becomes free; whoever talked with somebody in a crisis rests before the next offer."""
    now_held = draft.supporter(holder)
    if now_held is None or draft.conversation.id not in now_held.holding:
        return
    left = tuple(each for each in now_held.holding if each != draft.conversation.id)
    draft.change(now_held, holding=left)
    if draft.conversation.in_crisis_lane and draft.conversation.first_word_at is not None:
        draft.change(now_held, cool_until=draft.now + draft.policy.crisis_cooldown_seconds)
        draft.nudge(now_held.id, "debrief")


def wait_long(draft: Draft, _event: object = None) -> None:
    """A wait past the longest of its tier pages a lead, and again after as long; nobody stays excluded any longer."""
    draft.not_due(Deadline.WAIT_LONG)
    known = draft.conversation
    if known.phase is Phase.WAITING:
        draft.alert("waiting_long", urgent=known.in_crisis_lane)
        draft.set(excluded=(), offered_last=known.assigned_to)
        draft.due(Deadline.WAIT_LONG, longest_wait(known.tier, draft.policy))


def must_be_waiting(draft: Draft) -> None:
    """Refuse what only a waiting conversation allows."""
    known = draft.conversation
    if known.phase is Phase.LIVE:
        raise Refusal("taken", name=known.supporter_name)
    if known.phase is not Phase.WAITING:
        raise Refusal("gone")


def _expectation(average_wait: float | None, waited: float) -> tuple[str, dict[str, int]]:
    """The sentence for an estimate; nobody says "0 to 1 minutes"."""
    expected = estimate(average_wait, waited)
    if expected is None:
        return "waiting_unsure", {}
    low, high = expected
    return ("waiting_estimate", {"low": low, "high": high}) if low else ("waiting_soon", {})
