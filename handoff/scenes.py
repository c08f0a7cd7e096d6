"""Reading what `decide()` needs for one event, and no more."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from handoff.barred import barred_until
from handoff.core import events as e
from handoff.core.conversation import Conversation, Deadline, Phase
from handoff.core.draft import Scene
from handoff.core.ids import Address
from handoff.core.line import Line
from handoff.core.queue import score
from handoff.core.risk import CRISIS, NO_RISK, Modifier
from handoff.core.supporter import Supporter
from handoff.ports import Store

_HOLDER = (
    e.Released, e.Transferred, e.TakenOver, e.SupporterClosed, e.Due, e.ForgetAsked, e.SeekerTapped, e.SeekerStopped,
    e.SeekerGone, e.SeekerReported, e.SeekerBlocked,
)  # fmt: skip
_STAFF = (e.HandoffAsked, e.BotFailed, e.RiskRaised, e.SeekerTapped, e.Released, e.SeekerStopped, e.SupporterReported)
_STAFF_DUE = (
    Deadline.ASSIGN, Deadline.CLIMB, Deadline.SAFETY_ANSWER, Deadline.FIRST_WORD, Deadline.SILENT, Deadline.HOLDER,
    Deadline.FOLLOW_UP, Deadline.LEAD, Deadline.CARD_CONFIRM,
)  # fmt: skip
_STANDING = (e.HandoffAsked, e.BotFailed, e.SeekerTapped)


class Scenes:
    """Reads scenes of one line."""

    def __init__(
        self, line: Line, store: Store, pseudonym: Callable[[Address], str], new_id: Callable[[], str]
    ) -> None:
        self._line = line
        self._store = store
        self._pseudonym = pseudonym
        self._new_id = new_id

    async def conversation(self, event: e.Event, now: float) -> Conversation | None:
        """The conversation an event is about; a blank one for a seeker nobody knows yet; None when it is gone."""
        if isinstance(event, e.FeedbackGiven):
            found = await self._store.conversation(event.conversation)
            return found if found and found.pseudonym == await self._root(event.seeker) else None
        if isinstance(event, e.SeekerEvent):
            found = await self._store.current(event.seeker, self._pseudonym(event.seeker))
            return found or await self._blank(event, now)
        if isinstance(event, e.ForgetAsked | e.SeekerBlocked | e.SeekerUnblocked):
            return await self._newest(event.conversation)
        if isinstance(event, e.DeskEvent | e.BotEvent | e.Due):
            return await self._store.conversation(event.conversation)
        raise TypeError(f"{type(event).__name__} is about no conversation")

    async def _root(self, seeker: Address) -> str:
        return await self._store.root(self._pseudonym(seeker))

    async def _newest(self, conversation: str) -> Conversation | None:
        """Forgetting and blocking are about the person: what they have begun since ends too."""
        found = await self._store.conversation(conversation)
        return found and (await self._store.current(found.seeker, found.pseudonym) or found)

    async def scene(self, event: e.Event, conversation: Conversation, now: float) -> Scene:
        """Everything else that `decide()` reads for this event."""
        actor = await self._store.supporter(event.supporter) if isinstance(event, e.DeskEvent) else None
        stands = None
        if isinstance(event, _STANDING):
            since = conversation.waiting_since or now
            stands = await self._store.standing(score(conversation.tier, since, self._line.policy))
        return Scene(
            line=self._line,
            conversation=conversation,
            fresh_id=self._new_id(),
            actor=actor,
            holder=await self._holder(event, conversation, actor),
            other=await self._store.supporter(event.to) if isinstance(event, e.Transferred) else None,
            staff=tuple(await self._store.supporters()) if _wants_staff(event, conversation) else (),
            ahead=stands.ahead if stands else 0,
            waiting=stands.waiting if stands else 0,
            average_wait=stands.average if stands else None,
            superseded=_may_be_over(event) and await self._superseded(conversation),
            asked=await self._asked(conversation) if _assigns(event) else (),
        )

    async def _asked(self, conversation: Conversation) -> tuple[tuple[str, str], ...]:
        places = await self._store.waiting()
        before = itertools.takewhile(lambda place: place.conversation != conversation.id, places)
        return tuple((place.assigned_to, place.conversation) for place in before if place.assigned_to)

    async def _superseded(self, conversation: Conversation) -> bool:
        newest = await self._store.current(conversation.seeker, conversation.pseudonym)
        return newest is not None and newest.id != conversation.id

    async def _holder(self, event: e.Event, conversation: Conversation, actor: Supporter | None) -> Supporter | None:
        held_by = conversation.supporter
        if held_by is None or conversation.phase is not Phase.LIVE or not isinstance(event, _HOLDER):
            return None
        return actor if actor and actor.id == held_by else await self._store.supporter(held_by)

    async def _blank(self, event: e.SeekerEvent, now: float) -> Conversation:
        name = self._pseudonym(event.seeker)
        known = self._line.wording.languages()
        return Conversation(
            id=self._new_id(),
            seeker=event.seeker,
            pseudonym=await self._root(event.seeker),
            blocked_until=await barred_until(self._store, name),
            language=event.language if event.language in known else self._line.language,
            country=event.country,
            phase=Phase.NEW,
            opened_at=now,
            changed_at=now,
        )


def _may_be_over(event: e.Event) -> bool:
    """Whether it may be about an older conversation than the one in which the seeker's feed goes on."""
    return isinstance(event, e.FeedbackGiven) or (isinstance(event, e.Due) and event.kind is Deadline.FOLLOW_UP)


def _assigns(event: e.Event) -> bool:
    return isinstance(event, e.Due) and event.kind in (Deadline.ASSIGN, Deadline.CLIMB)


def _wants_staff(event: e.Event, conversation: Conversation) -> bool:
    if isinstance(event, e.SeekerWrote | e.SeekerEdited):
        heard = event.assessment or NO_RISK
        gets_a_card = heard.crisis or Modifier.LANGUAGE_UNKNOWN in heard.modifiers
        return gets_a_card or conversation.tier >= CRISIS or Deadline.SAFETY_ANSWER in conversation.deadlines
    if isinstance(event, e.Due):
        return event.kind in _STAFF_DUE
    return isinstance(event, _STAFF)
