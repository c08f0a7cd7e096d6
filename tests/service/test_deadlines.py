"""The sweep: whatever fell due becomes one event, whoever sweeps, and one defect holds up nobody else."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from handoff.core import events as e
from handoff.core.conversation import Conversation, Deadline, Phase
from handoff.core.events import Event
from handoff.core.ids import Address
from handoff.core.transitions import BrokenLaw
from handoff.deadlines import sweep, sweep_for_ever
from handoff.ports import Aloud, Commit, Contended, Reply, StoreDown
from tests.core.making import supporter
from tests.service.house import CRISIS_WORD, House
from tests.store.making import until


@pytest.fixture
def house() -> House:
    return House()


async def test_nothing_due_is_nothing_done(house: House) -> None:
    await house.writes()
    assert await sweep(house.front, house.store) == 0


async def test_what_fell_due_happens_once(house: House) -> None:
    await house.live(supporter(), supporter("lee"))
    house.clock.now += house.line.policy.first_word_seconds
    assert await sweep(house.front, house.store) == 1
    assert (await house.talk()).phase is Phase.WAITING
    assert await sweep(house.front, house.store) == 0


async def test_many_who_sweep_at_once_do_it_once(house: House) -> None:
    await house.live(supporter(), supporter("lee"))
    house.clock.now += house.line.policy.first_word_seconds
    await asyncio.gather(*(sweep(house.front, house.store) for _ in range(8)))
    told = house.line.wording.say("requeued_no_word", "en")
    assert (await house.said()).count(told) == 1


async def test_a_crisis_is_assigned_by_the_next_sweep(house: House) -> None:
    await house.add(supporter())
    await house.writes(CRISIS_WORD)
    await sweep(house.front, house.store)
    assert (await house.talk()).assigned_to == "sam"


async def test_two_crises_at_once_are_assigned_to_two_supporters_by_one_sweep(house: House) -> None:
    await house.add(supporter(capacity=1), supporter("lee", capacity=1))
    await house.writes(CRISIS_WORD)
    house.clock.now += 0.1
    await house.writes(CRISIS_WORD, seeker=Address("web", "ben-on-the-web"))
    await sweep(house.front, house.store)
    assert {each.assigned_to for each in await house.store.waiting()} == {"sam", "lee"}


async def test_a_removed_supporters_seeker_goes_back_with_the_next_sweep(house: House) -> None:
    await house.live(supporter(), supporter("lee"))
    await house.front.handle(e.SupporterRemoved(id="r", supporter="sam"))
    await sweep(house.front, house.store)
    assert (await house.talk()).phase is Phase.WAITING


async def test_a_deadline_of_a_conversation_that_is_gone_is_settled(house: House) -> None:
    await house.writes()
    talk = await house.talk()
    await house.store.commit(Commit(event_id="poke", pokes=((Deadline.CLOSE, talk.id),)), house.clock())
    assert await sweep(house.front, house.store) == 1
    assert await sweep(house.front, house.store) == 0
    await house.store.commit(Commit(event_id="again", pokes=((Deadline.CLOSE, talk.id),)), house.clock())
    house.store._books.conversations.clear()
    assert await sweep(house.front, house.store) == 1
    assert await sweep(house.front, house.store) == 0


class Stumbling:
    """The house's front, but for conversations of which it was told to fail."""

    def __init__(self, house: House, failures: dict[str, Exception]) -> None:
        self.house = house
        self.failures = failures

    async def handle(self, event: Event) -> Reply:
        failure = self.failures.get(getattr(event, "conversation", ""))
        if failure is not None:
            raise failure
        return await self.house.front.handle(event)

    def danger_card(self, event: Aloud) -> dict[str, Any] | None:
        return self.house.front.danger_card(event)

    async def who(self, seeker: Address) -> str:
        return await self.house.front.who(seeker)

    async def standing(self, conversation: Conversation | None) -> dict[str, Any]:
        return {}

    def clock(self) -> float:
        return self.house.clock()


async def two_in_danger(house: House) -> str:
    """Ana's conversation, which is due before Ben's."""
    await house.add(supporter())
    await house.writes(CRISIS_WORD)
    house.clock.now += 0.5
    await house.writes(CRISIS_WORD, seeker=Address("web", "ben"))
    return (await house.talk()).id


@pytest.mark.parametrize("failure", [BrokenLaw("canary"), Contended("canary"), KeyError("canary")])
async def test_one_that_cannot_be_handled_holds_up_no_other_and_is_logged_without_words(
    house: House, caplog: pytest.LogCaptureFixture, failure: Exception
) -> None:
    broken = await two_in_danger(house)
    await sweep(Stumbling(house, {broken: failure}), house.store)
    ben = await house.store.current(Address("web", "ben"), house.front.pseudonym(Address("web", "ben")))
    assert ben is not None
    assert ben.assigned_to == "sam"
    logged = [record for record in caplog.records if record.levelname == "ERROR"]
    assert [record.message for record in logged] == ["deadline_broke"]
    assert (logged[0].__dict__["kind"], logged[0].__dict__["conversation"]) == ("assign", broken)
    await sweep(house.front, house.store)
    assert (await house.talk()).assigned_to == "sam"


async def test_a_store_that_is_down_ends_the_sweep_and_the_next_one_does_it(house: House) -> None:
    broken = await two_in_danger(house)
    with pytest.raises(StoreDown):
        await sweep(Stumbling(house, {broken: StoreDown("down")}), house.store)
    house.store.down = True
    with pytest.raises(StoreDown):
        await sweep(house.front, house.store)
    house.store.down = False
    assert await sweep(house.front, house.store) == 2


async def test_sweeping_goes_on_after_the_store_was_down_and_ends_when_it_is_told_to(house: House) -> None:
    await house.add(supporter())
    await house.writes(CRISIS_WORD)
    house.store.down = True
    sweeping = asyncio.create_task(sweep_for_ever(house.front, house.store))
    await asyncio.sleep(0.01)
    house.store.down = False

    async def assigned() -> bool:
        return (await house.talk()).assigned_to is not None

    await until(assigned)
    sweeping.cancel()
    await asyncio.wait({sweeping})
    assert sweeping.cancelled()
