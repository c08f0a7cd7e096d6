"""One who waits in a simulated queue: the service's own conversation and place, and who is about to accept them."""

from __future__ import annotations

import math
from collections.abc import Iterable

from handoff.core.conversation import Conversation, Deadline, Owner, Phase
from handoff.core.draft import Scene
from handoff.core.events import Due
from handoff.core.ids import Address
from handoff.core.line import Line
from handoff.core.matching import ON_CALL
from handoff.core.policy import Policy
from handoff.core.queue import Place, longest_wait, place
from handoff.core.risk import CRISIS
from handoff.core.supporter import Supporter
from handoff.core.transitions import decide
from handoff.simulation.arriving import Arrival


class NoPlace(Exception):
    """Somebody waiting has no place in the queue: a defect here, never in a scenario."""


class Seeker:
    """Waits from the arrival on, as the service's conversation would stand right after asking for a person."""

    __slots__ = ("arrival", "conversation", "place", "reached_by", "waits")

    def __init__(self, arrival: Arrival, policy: Policy) -> None:
        self.arrival = arrival
        self.waits = True
        self.reached_by: dict[str, float] = {}
        """Who is about to accept them, and since when."""
        self.conversation = _waiting(arrival, policy)
        self.place = _place(self.conversation, policy)

    @property
    def number(self) -> int:
        return self.arrival.number

    @property
    def in_crisis(self) -> bool:
        return self.arrival.tier >= CRISIS

    def deadlines(self) -> set[tuple[Deadline, float]]:
        return set(self.conversation.deadlines.items())

    def due_at(self, kind: Deadline) -> float:
        return self.conversation.deadlines.get(kind, math.inf)

    def is_settled(self, kind: Deadline) -> bool:
        """Whether this deadline decides nothing more as long as nobody can be asked: it would only be set anew."""
        place = self.place
        if place.assigned_to is not None or place.climb < ON_CALL:
            return False
        return kind is Deadline.ASSIGN or (kind is Deadline.WAIT_LONG and place.offered_last is None)

    def looked_at_every(self, kind: Deadline, policy: Policy) -> int:
        """Seconds between two of these deadlines while nothing is decided."""
        return policy.assign_again_seconds if kind is Deadline.ASSIGN else longest_wait(self.arrival.tier, policy)

    def falls_due(
        self, kind: Deadline, line: Line, staff: tuple[Supporter, ...], before: Iterable[Seeker], now: float
    ) -> None:
        """What the service decides when a deadline of this conversation falls due; `before` are ahead in the queue."""
        places = (each.place for each in before)
        asked = tuple((place.assigned_to, place.conversation) for place in places if place.assigned_to)
        event = Due(id="due", kind=kind, conversation=self.conversation.id, at=now)
        scene = Scene(line=line, conversation=self.conversation, staff=staff, asked=asked)
        self.conversation = decide(scene, event, now).conversations[-1]
        self.place = _place(self.conversation, line.policy)


def _waiting(arrival: Arrival, policy: Policy) -> Conversation:
    name = f"s{arrival.number:08}"
    in_crisis = arrival.tier >= CRISIS
    deadlines = {Deadline.ASSIGN: arrival.at, Deadline.WAIT_LONG: arrival.at + longest_wait(arrival.tier, policy)}
    return Conversation(
        id=name, seeker=Address("web", name), pseudonym=name, language="en", phase=Phase.WAITING, owner=Owner.QUEUE,
        opened_at=arrival.at, changed_at=arrival.at, waiting_since=arrival.at, tier=arrival.tier,
        deadlines=deadlines if in_crisis else {},
    )  # fmt: skip


def _place(conversation: Conversation, policy: Policy) -> Place:
    found = place(conversation, policy)
    if found is None:
        raise NoPlace(conversation.id)
    return found
