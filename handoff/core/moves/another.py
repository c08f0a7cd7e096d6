"""Another supporter, because the seeker asks for one. Whom they asked to be spared is never given to them again.

Outside the crisis lane they go back to the original place at once. In it nobody is left alone: whoever is there stays
until somebody else has taken over, and leads are called, as when a supporter asks for relief.
"""

from __future__ import annotations

from handoff.core.conversation import Deadline, Phase
from handoff.core.draft import Draft
from handoff.core.moves.crisis import staffed
from handoff.core.moves.queueing import requeue, say_wait, want_person

COMMAND, PAYLOAD = "/another", "warmline:another"
"""What is typed in any channel, and the quick reply that it stands for."""


def ask_for_another(draft: Draft, _event: object = None) -> None:
    """From whoever is there; before anybody is, it is a wish for a person like any other."""
    known = draft.conversation
    if known.phase is Phase.INTAKE:
        want_person(draft, "another")
    elif known.phase is Phase.WAITING:
        say_wait(draft)
    elif known.in_crisis_lane:
        _while_somebody_stays(draft)
    else:
        _at_once(draft)


def after_the_end(draft: Draft, payload: str) -> None:
    """Asked when the talk is over: the next one is with somebody else."""
    if payload == PAYLOAD:
        _spare(draft)


def _at_once(draft: Draft) -> None:
    holder = draft.conversation.supporter
    _spare(draft)
    draft.audit("seeker", "another_asked", past=holder)
    if holder:
        draft.nudge(holder, "another_asked")
    requeue(draft, draft.scene.holder, "requeued_another", "another_asked")
    if staffed(draft):
        say_wait(draft)


def _while_somebody_stays(draft: Draft) -> None:
    known = draft.conversation
    draft.notice("another_in_crisis", "urgent", name=known.supporter_name)
    if known.supporter is None or known.supporter in known.refused:
        return
    _spare(draft)
    draft.set(relief_asked=True, lead_calls=0)
    draft.due(Deadline.LEAD, 0)
    draft.jot(draft.desk_text("margin_another_asked"))
    draft.nudge(known.supporter, "another_asked_crisis")
    draft.audit("seeker", "another_asked", past=known.supporter)


def _spare(draft: Draft) -> None:
    known = draft.conversation
    if known.supporter:
        draft.set(refused=tuple(dict.fromkeys((*known.refused, known.supporter))))
