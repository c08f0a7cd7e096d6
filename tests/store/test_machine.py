"""Hypothesis plays seekers, supporters and workers on both stores at once: both must answer alike, whatever is asked in
whatever order, and keep what the whole service rests on."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from handoff.core.conversation import Conversation, Deadline, Owner, Phase
from handoff.core.effects import Alert
from handoff.core.policy import Policy
from handoff.core.risk import Tier
from handoff.ports import Commit, Outcome, Store
from handoff.sealing import Sealer
from handoff.store.memory import MemoryStore
from handoff.store.redis import RedisStore
from tests.store.making import KEY, NOW, a_conversation, a_parcel, a_supporter, an_entry

SEEKERS = ("ana", "ben", "cleo")
SUPPORTERS = ("sam", "lee")
KEPT = ("telegram:1", "slack:1")
LANES = ("telegram:1", "telegram:2", "records")

T = TypeVar("T")
names, seekers, supporters = st.sampled_from(KEPT), st.sampled_from(SEEKERS), st.sampled_from(SUPPORTERS)
_lines = itertools.count(1)


class Twins(RuleBasedStateMachine):
    """Every step is taken on both stores; `model` is what a commit that was done should have left."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        line = f"machine-{next(_lines)}"
        self.memory = MemoryStore(line, Policy())
        self.redis = self.runner.run(RedisStore.connect(self.url, line, Policy(), Sealer([KEY])))
        self.now = NOW
        self.count = 0
        self.stale: list[Conversation] = []
        self.done: list[Commit] = []
        self.feeds: dict[str, list[str]] = {name: [] for name in SEEKERS}
        self.commit(supporters=tuple(a_supporter(name, capacity=2) for name in SUPPORTERS))

    def teardown(self) -> None:
        self.runner.run(self.redis.close())
        self.runner.close()

    def both(self, ask: Callable[[Store], Awaitable[T]]) -> T:
        """The one answer of both stores."""

        async def asked() -> tuple[T, T]:
            return await ask(self.memory), await ask(self.redis)

        mine, theirs = self.runner.run(asked())
        assert mine == theirs
        return mine

    def person(self, who: str) -> str:
        """Whose conversation a seeker's is: their own, or that of whom they were linked to."""
        return self.both(lambda store: store.root(f"p-{who}")).removeprefix("p-")

    def fresh(self) -> str:
        self.count += 1
        return f"{self.count}"

    def tick(self) -> None:
        """No two lanes fall due at the same moment: which of them comes first is nobody's promise."""
        self.now += 0.125

    def commit(self, **parts: Any) -> Outcome:
        self.tick()
        commit = Commit(event_id=f"event-{self.fresh()}", **parts)
        outcome = self.both(lambda store: store.commit(commit, self.now))
        if outcome is Outcome.DONE:
            self.done.append(commit)
            for pseudonym, entry in commit.feed:
                self.feeds[pseudonym.removeprefix("p-")].append(entry.text)
        return outcome

    def current(self, who: str) -> Conversation | None:
        found = self.both(lambda store: store.current(a_conversation(who=who).seeker, f"p-{who}"))
        if found is not None:
            self.stale.append(found)
        return found

    # --- seekers ---

    @rule(who=seekers)
    def opens(self, who: str) -> None:
        before = self.current(who)
        if before is not None and before.is_open:
            return
        name = f"c{self.fresh()}"
        made = a_conversation(name, self.person(who), seq=0 if before is None else before.seq)
        replaces = None if before is None else before.id
        assert self.commit(conversations=(made,), opens=name, replaces=replaces) is Outcome.DONE

    @rule(who=seekers, replaces=st.sampled_from(["nothing", "c1", "c7"]))
    def opens_over_something_else(self, who: str, replaces: str) -> None:
        before = self.current(who)
        if (None if before is None else before.id) != replaces and before is not None:
            name = f"c{self.fresh()}"
            assert (
                self.commit(conversations=(a_conversation(name, who),), opens=name, replaces=replaces)
                is Outcome.CONFLICT
            )

    @rule(who=seekers, lane=st.sampled_from(LANES), times=st.integers(1, 3))
    def writes(self, who: str, lane: str, times: int) -> None:
        if (read := self.current(who)) is None:
            return
        entries = tuple(an_entry(read.seq + n, read.id, text=self.fresh()) for n in range(1, times + 1))
        moved = replace(read, seq=read.seq + times, deadlines={Deadline.NUDGE: self.now + 60})
        parcel = a_parcel(lane, read.id, n=self.count)
        feed = tuple((read.pseudonym, entry) for entry in entries)
        assert self.commit(conversations=(moved,), feed=feed, parcels=(parcel,)) is Outcome.DONE

    @rule(who=seekers, tier=st.sampled_from(Tier))
    def asks_for_a_person(self, who: str, tier: Tier) -> None:
        read = self.current(who)
        if read is None or read.phase is not Phase.INTAKE:
            return
        since = read.waiting_since or self.now
        moved = replace(
            read,
            phase=Phase.WAITING,
            owner=Owner.QUEUE,
            epoch=read.epoch + 1,
            waiting_since=since,
            tier=max(tier, read.tier),
            deadlines={Deadline.WAIT_LONG: self.now + 1200, Deadline.ASSIGN: self.now + 30},
        )
        alerts = (Alert(kind="crisis", conversation=read.id, at=self.now, text="look"),) if moved.in_crisis_lane else ()
        assert self.commit(conversations=(moved,), alerts=alerts) is Outcome.DONE

    # --- supporters ---

    @rule(name=supporters, place=st.integers(0, 3))
    def claims(self, name: str, place: int) -> None:
        places = self.both(lambda store: store.waiting())
        supporter = self.both(lambda store: store.supporter(name))
        if len(places) <= place or supporter is None or not supporter.has_room():
            return
        read = self.both(lambda store: store.conversation(places[place].conversation))
        assert read is not None
        moved = replace(
            read,
            phase=Phase.LIVE,
            owner=Owner.SUPPORTER,
            epoch=read.epoch + 1,
            supporter=name,
            deadlines={Deadline.FIRST_WORD: self.now + 120},
        )
        held = replace(supporter, holding=(*supporter.holding, read.id))
        waited = self.now - (read.waiting_since or self.now)
        assert self.commit(conversations=(moved,), supporters=(held,), waited=waited) is Outcome.DONE

    @rule(name=supporters, closes=st.booleans())
    def lets_go(self, name: str, closes: bool) -> None:
        supporter = self.both(lambda store: store.supporter(name))
        if supporter is None or not supporter.holding:
            return
        read = self.both(lambda store: store.conversation(supporter.holding[0]))
        assert read is not None
        phase, owner = (Phase.CLOSED, Owner.NOBODY) if closes else (Phase.WAITING, Owner.QUEUE)
        moved = replace(read, phase=phase, owner=owner, epoch=read.epoch + 1, supporter=None, deadlines={})
        held = replace(supporter, holding=supporter.holding[1:])
        cleared = (read.id,) if closes else ()
        assert self.commit(conversations=(moved,), supporters=(held,), cleared=cleared) is Outcome.DONE

    # --- what goes wrong ---

    @precondition(lambda self: self.done)
    @rule(pick=st.integers(0, 10_000))
    def an_event_comes_again(self, pick: int) -> None:
        commit = self.done[pick % len(self.done)]
        assert self.both(lambda store: store.commit(commit, self.now)) is Outcome.DUPLICATE

    @precondition(lambda self: self.stale)
    @rule(pick=st.integers(0, 10_000))
    def somebody_decides_on_what_was_read_long_ago(self, pick: int) -> None:
        read = self.stale[pick % len(self.stale)]
        now = self.both(lambda store: store.conversation(read.id))
        outcome = self.commit(conversations=(replace(read, slow_told=not read.slow_told),))
        assert outcome is (Outcome.DONE if now is not None and now.version == read.version else Outcome.CONFLICT)

    @rule(who=seekers)
    def forgets(self, who: str) -> None:
        found, person = self.current(who), self.person(who)
        family = [each for each in SEEKERS if self.person(each) == person]
        self.both(lambda store: store.erase(f"p-{who}", "none" if found is None else found.id))
        for each in family:
            self.feeds[each] = []
            assert self.person(each) == each

    # --- what connectors ask for ---

    @rule(who=seekers, of=seekers)
    def is_linked(self, who: str, of: str) -> None:
        self.both(lambda store: store.alias(f"p-{who}", f"p-{of}"))
        assert self.person(who) == self.person(of)

    @rule(name=names, who=seekers, group=st.sampled_from(["", "p-", "c", "thread:"]), if_new=st.booleans())
    def keeps(self, name: str, who: str, group: str, if_new: bool) -> None:
        found = self.current(who)
        of = {"p-": f"p-{who}", "c": "none" if found is None else found.id}.get(group, group)
        kept = {"n": self.fresh()}
        self.both(lambda store: store.keep(name, kept, seconds=900, of=of, if_new=if_new))

    @rule(name=names)
    def drops(self, name: str) -> None:
        self.both(lambda store: store.drop(name))

    @rule(name=names, holder=supporters)
    def leases(self, name: str, holder: str) -> None:
        self.both(lambda store: store.lease(name, holder, 900))

    # --- time and workers ---

    @rule(seconds=st.integers(1, 90))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds
        for kind, conversation, at in self.both(lambda store: store.due(self.now)):
            self.both(lambda store, due=(kind, conversation, at): store.settle_due(*due))  # type: ignore[misc]

    @rule(kind=st.sampled_from(Deadline), who=seekers)
    def pokes(self, kind: Deadline, who: str) -> None:
        if (read := self.current(who)) is not None:
            assert self.commit(pokes=((kind, read.id),)) is Outcome.DONE

    @rule(
        kinds=st.sampled_from([("telegram",), ("records",), ("records", "telegram")]),
        ends=st.sampled_from(["settle", "postpone", "bury", "die"]),
        unsure=st.booleans(),
    )
    def works(self, kinds: tuple[str, ...], ends: str, unsure: bool) -> None:
        self.tick()
        hold = self.both(lambda store: store.claim_lane(kinds, 30, self.now, 2))
        if hold is None or ends == "die":
            return
        if ends == "settle":
            assert self.both(lambda store: store.settle(hold, len(hold.parcels), self.now))
        elif ends == "postpone":
            assert self.both(lambda store: store.postpone(hold, self.now + 5, failed=not unsure, unsure=unsure))
        else:
            assert self.both(lambda store: store.bury(hold, "gone", self.now))
        assert not self.both(lambda store: store.settle(hold, 1, self.now))

    # --- what always holds ---

    @invariant()
    def a_seeker_is_held_by_one_supporter_or_waits_or_neither(self) -> None:
        roster = self.both(lambda store: store.supporters())
        held = [conversation for each in roster for conversation in each.holding]
        places = {each.conversation for each in self.both(lambda store: store.waiting())}
        assert len(held) == len(set(held))
        assert not places.intersection(held)
        assert all(len(each.holding) <= each.capacity for each in roster)
        counts = self.both(lambda store: store.counts())
        assert (counts["live"], counts["waiting"]) == (len(held), len(places))

    @invariant()
    def the_queue_is_in_order(self) -> None:
        scores = [each.score for each in self.both(lambda store: store.waiting())]
        assert scores == sorted(scores)
        for place, score in enumerate(scores):
            assert self.both(lambda store, score=score: store.standing(score)).ahead <= place  # type: ignore[misc]

    @invariant()
    def feeds_have_no_gap_and_nothing_twice(self) -> None:
        for who, texts in self.feeds.items():
            feed = self.both(lambda store, who=who: store.feed(f"p-{who}"))  # type: ignore[misc]
            assert [each.seq for each in feed] == list(range(1, len(texts) + 1))
            assert [each.text for each in feed] == texts

    @invariant()
    def both_know_of_the_same_work(self) -> None:
        self.both(lambda store: store.due(self.now + 9e9))
        self.both(lambda store: store.alerts())
        self.both(lambda store: store.dead_letters())
        for name in KEPT:
            self.both(lambda store, name=name: store.kept(name))  # type: ignore[misc]
        assert all(self.person(self.person(who)) == self.person(who) for who in SEEKERS)


def test_both_stores_keep_their_promises_whatever_is_asked_of_them(redis_url: str) -> None:
    machine = type("Machine", (Twins,), {"url": redis_url})
    run_state_machine_as_test(machine, settings=settings(max_examples=60, stateful_step_count=40))
