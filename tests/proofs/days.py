"""Three days of a line's deadlines, by a clock of our own over a real Redis: nobody is forgotten, nothing is left over.

Some come and never write again, some wait for hours, some stop answering while a supporter is there, some of the
supporters fall silent; some are in danger. Each evening a crew claims everybody who waits and closes what is open.
Between two moments in which somebody does something, the clock goes from deadline to deadline and every one is swept.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from handoff.core import events as e
from handoff.core.conversation import Conversation, Phase
from handoff.core.ids import Address
from handoff.deadlines import sweep
from handoff.store.redis import RedisStore
from tests.core.making import lead
from tests.proofs.desk import Desk, all_talks, staff, stores
from tests.proofs.rows import row
from tests.proofs.servers import server

HOUR = 3600.0
LAST_WORD_HOURS = 20
"""Nobody does anything after this; two days of feedback and follow-ups run out after it."""
END_HOURS = 24 * 3 + 1
_WORDS = ("are you there", "are you there", "it is hard T1", "it is too much T2", "I can't any more T4")
SEEDS, PEOPLE = range(1, 6), 12
SUPPORTERS = ("sam", "lee", "kim")


@dataclass(slots=True)
class Days:
    """What happened."""

    swept: int = 0
    phases: Counter[str] = field(default_factory=Counter)
    left_over: int = 0


class Run:
    """One line, its people, and the days."""

    def __init__(self, store: RedisStore, seekers: int, seed: int) -> None:
        self.desk = Desk(store)
        self.seekers = [Address("telegram", f"seeker{n}") for n in range(seekers)]
        self.chance = random.Random(seed)
        self.days = Days()

    async def through(self) -> Days:
        """All three days. Raises AssertionError where somebody is forgotten."""
        desk = self.desk
        await desk.begins(*staff(*SUPPORTERS, capacity=4), lead("lou", capacity=100))
        begin = desk.clock.now
        moments = sorted(self.chance.uniform(0, (LAST_WORD_HOURS - 1) * HOUR) for _ in range(6 * len(self.seekers)))
        for moment in moments:
            await self._passes(begin + moment)
            await self._something(self.chance.choice(self.seekers))
        await self._passes(begin + LAST_WORD_HOURS * HOUR)
        await self._crew()
        await self._passes(begin + END_HOURS * HOUR)
        await self._over()
        return self.days

    async def _passes(self, until: float) -> None:
        """Each deadline on the way falls due when it is due, a moment late as a sweep is."""
        desk = self.desk
        while (at := await self._next()) <= until:
            desk.clock.now = max(desk.clock.now, at) + 0.25
            self.days.swept += await sweep(desk.front(name=f"sweep{self.days.swept}-"), desk.store)
            if self.days.swept % 25 == 0:
                await self._nobody_forgotten()
        desk.clock.now = max(desk.clock.now, until)
        await self._nobody_forgotten()

    async def _next(self) -> float:
        found = await self.desk.store.due(float("inf"), 1)
        return found[0][2] if found else float("inf")

    async def _nobody_forgotten(self) -> None:
        """Who is open has a deadline, so that somebody looks again whatever does not happen."""
        await self.desk.laws()
        for talk in await all_talks(self.desk.store):
            assert not talk.is_open or talk.deadlines, f"nobody will ever look at somebody who is {talk.phase} again"

    async def _something(self, seeker: Address) -> None:
        talk = await self.desk.store.current(seeker, self.desk.front().pseudonym(seeker))
        doings: list[Callable[[], Awaitable[Any]]] = [lambda: self._writes(seeker)]
        if talk is not None and talk.is_open:
            doings += [lambda: self._asks(seeker), lambda: self._is_claimed(talk), lambda: self._is_answered(talk)]
        await self.chance.choice(doings)()

    async def _writes(self, seeker: Address) -> None:
        await self._do(e.SeekerWrote, seeker=seeker, text=self.chance.choice(_WORDS))

    async def _asks(self, seeker: Address) -> None:
        payload = self.chance.choice(("warmline:person", "warmline:person", "warmline:urgent"))
        await self._do(e.SeekerTapped, seeker=seeker, payload=payload, label="a person")

    async def _is_claimed(self, talk: Conversation) -> None:
        await self._do(e.Claimed, supporter=self.chance.choice(SUPPORTERS), conversation=talk.id)

    async def _is_answered(self, talk: Conversation) -> None:
        if talk.phase is Phase.LIVE and talk.supporter is not None:
            await self._do(e.SupporterWrote, supporter=talk.supporter, conversation=talk.id, text="I am here")

    async def _crew(self) -> None:
        """The lead takes everybody who waits, and everything that is open ends by hand."""
        for talk in await all_talks(self.desk.store):
            if talk.phase is Phase.WAITING:
                await self._do(e.Claimed, supporter="lou", conversation=talk.id)
            now = await self.desk.talk(talk.id)
            if now.phase is Phase.LIVE:
                await self._do(e.SupporterClosed, supporter="lou", conversation=talk.id, outcome="supported")

    async def _do(self, kind: type[Any], **about: Any) -> None:
        await self.desk.do(kind(id=f"did{self.days.swept}-{self.chance.random()}", **about))

    async def _over(self) -> None:
        talks = await all_talks(self.desk.store)
        self.days.phases = Counter(each.phase.value for each in talks)
        self.days.left_over = len(await self.desk.store.due(float("inf"), 100_000))
        assert set(self.days.phases) <= {"closed"}, self.days.phases
        assert self.days.left_over == 0, await self.desk.store.due(float("inf"))
        counts = await self.desk.store.counts()
        assert (counts["waiting"], counts["live"]) == (0, 0)


async def measure() -> list[dict[str, Any]]:
    """Three days of so many people, each time others."""
    found = []
    with server() as url:
        async with stores(url, 1) as (own,):
            for seed in SEEDS:
                found.append(await Run(own, PEOPLE, seed).through())
    swept, talks = sum(each.swept for each in found), sum(each.phases.total() for each in found)
    return [
        row("three days of deadlines: deadlines left over", 0, "", n=swept, aim=0, at_most=True),
        row("three days of deadlines: conversations not closed", 0, "", n=talks, aim=0, at_most=True),
    ]
