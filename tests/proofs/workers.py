"""Workers that come, stall, die and come back late, on both stores at once, held against a list and a token a lane."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from handoff.core.policy import Policy
from handoff.ports import Commit, LaneHold, Outcome, Store
from handoff.sealing import Sealer
from handoff.store.memory import MemoryStore
from handoff.store.redis import RedisStore
from tests.store.making import KEY, NOW, a_parcel

LEASE = 30.0
LANES = ("telegram:1", "telegram:2", "telegram:3")
T = TypeVar("T")
_lines = itertools.count(1)


@dataclass(slots=True)
class Lane:
    """What a lane should be: what lies in it, and who may still say something of it."""

    parcels: list[int] = field(default_factory=list)
    token: int | None = None


class Workers(RuleBasedStateMachine):
    """`holds` are all that were ever given; most of them are stale."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        name = f"workers-{next(_lines)}"
        redis = self.runner.run(RedisStore.connect(self.url, name, Policy(), Sealer([KEY])))
        self.stores: tuple[Store, Store] = (MemoryStore(name, Policy()), redis)
        self.now = NOW
        self.numbers = itertools.count(1)
        self.model = {lane: Lane() for lane in LANES}
        self.holds: list[LaneHold] = []
        self.removed: dict[str, list[int]] = {lane: [] for lane in LANES}
        self.put: dict[str, list[int]] = {lane: [] for lane in LANES}

    def teardown(self) -> None:
        for store in self.stores:
            self.runner.run(store.close())
        self.runner.close()

    def both(self, ask: Callable[[Store], Awaitable[T]]) -> T:
        async def asked() -> tuple[T, T]:
            return await ask(self.stores[0]), await ask(self.stores[1])

        self.now += 0.125
        mine, theirs = self.runner.run(asked())
        assert mine == theirs
        return mine

    @rule(lane=st.sampled_from(LANES), many=st.integers(1, 3))
    def something_comes(self, lane: str, many: int) -> None:
        numbers = [next(self.numbers) for _ in range(many)]
        commit = Commit(event_id=f"put{numbers[0]}", parcels=tuple(a_parcel(lane, n=each) for each in numbers))
        assert self.both(lambda store: store.commit(commit, self.now)) is Outcome.DONE
        self.model[lane].parcels += numbers
        self.put[lane] += numbers

    @rule(most=st.integers(1, 3))
    def a_worker_comes(self, most: int) -> None:
        hold = self.both(lambda store: store.claim_lane(["telegram"], LEASE, self.now, most))
        if hold is None:
            return
        lane = self.model[hold.lane]
        assert [each.body["n"] for each in hold.parcels] == lane.parcels[:most]
        assert all(hold.token > each.token for each in self.holds), "a token was given before"
        if lane.token is not None:
            assert hold.unsure, "whoever held it before may have delivered the head"
        lane.token = hold.token
        self.holds.append(hold)

    @precondition(lambda self: self.holds)
    @rule(pick=st.integers(0, 1000), ends=st.sampled_from(("settle", "settle", "postpone", "bury")), late=st.booleans())
    def a_worker_ends(self, pick: int, ends: str, late: bool) -> None:
        """The last one, or any that ever held something and says so too late."""
        hold = self.holds[pick % len(self.holds)] if late else self.holds[-1]
        lane = self.model[hold.lane]
        counted = lane.token == hold.token
        if ends == "settle":
            done = self.both(lambda store: store.settle(hold, len(hold.parcels), self.now))
            gone = len(hold.parcels)
        elif ends == "bury":
            done, gone = self.both(lambda store: store.bury(hold, "blocked", self.now)), 1
        else:
            done, gone = self.both(lambda store: store.postpone(hold, self.now + 5)), 0
        assert done is counted, "a hold that was lost still counted, or one that stood did not"
        if counted:
            self.removed[hold.lane] += lane.parcels[:gone]
            lane.parcels, lane.token = lane.parcels[gone:], None

    @rule(seconds=st.sampled_from((1, 6, 31)))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @invariant()
    def nothing_is_lost_or_out_of_order(self) -> None:
        for lane, model in self.model.items():
            assert self.removed[lane] + model.parcels == self.put[lane]
        filled = sum(bool(model.parcels) for model in self.model.values())
        assert self.both(lambda store: store.counts())["lanes"] == filled
