"""A block in the running service: in both stores it outlasts erasure, and nobody gets round it by linking."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from handoff.barred import barred_until
from handoff.core import events as e
from handoff.core.conversation import Phase
from handoff.core.entries import EntryKind
from handoff.core.ids import Address
from handoff.delivery import Erasures
from handoff.dispatcher import Dispatcher
from handoff.linking import Linking
from handoff.ports import Store
from handoff.sealing import Sealer
from handoff.store.redis import RedisStore
from tests.core.making import SEEKER, lead, supporter
from tests.service.house import CRISIS_WORD, House
from tests.store.making import KEY

PHONE = Address("telegram", "42")
DAY = 86_400


@pytest.fixture(params=["memory", "redis"])
async def house(request: pytest.FixtureRequest) -> AsyncIterator[House]:
    """With Sam and Lou, over a store of each kind."""
    made = House()
    if request.param == "redis":
        store = await RedisStore.connect(request.getfixturevalue("redis_url"), "test", made.line.policy, Sealer([KEY]))
        _over(made, store)
    yield made
    await made.store.close()


def _over(house: House, store: Store) -> None:
    house.store = store  # type: ignore[assignment]
    house.front = Dispatcher(
        house.line, store, house.screen, key=b"k" * 32, clock=house.clock, new_id=lambda: f"c{next(house._ids)}"
    )


async def carried(house: House) -> None:
    """The lane of erasures, until it is empty."""
    carrier = Erasures(house.store, house.clock)
    while hold := await house.store.claim_lane(["erase"], 100, house.clock()):
        done = await carrier.carry(hold)
        await house.store.settle(hold, done.settled, house.clock())


async def blocked(house: House, seconds: int = DAY) -> None:
    await house.live(supporter("sam"))
    await house.add(lead("lou"))
    assert (await house.desk(e.SeekerBlocked, "lou", reason="abusive", seconds=seconds)).refused is None
    await carried(house)


async def test_a_block_outlasts_erasure_and_then_nothing_is_left_of_it(house: House) -> None:
    await blocked(house)
    await house.taps("warmline:forget_confirmed")
    await carried(house)
    assert await house.feed() == []
    reply = await house.writes("hello, I am new here")
    assert reply.conversation is not None
    assert reply.conversation.phase is Phase.CLOSED
    assert not reply.asked_bot
    assert len(await house.said()) == 2


async def test_danger_is_answered_after_erasure_too(house: House) -> None:
    await blocked(house)
    await house.taps("warmline:forget_confirmed")
    await carried(house)
    reply = await house.writes(CRISIS_WORD)
    assert EntryKind.CARD in [entry.kind for entry in reply.entries]
    assert reply.conversation is not None
    assert reply.conversation.phase is Phase.WAITING


async def test_what_is_kept_beside_the_conversation_is_an_end_and_goes_when_it_is_lifted(house: House) -> None:
    await blocked(house)
    assert await barred_until(house.store, house.name) == house.clock() + DAY
    await house.desk(e.SeekerUnblocked, "lou")
    await carried(house)
    assert await barred_until(house.store, house.name) == 0
    assert (await house.writes("hello")).asked_bot


async def test_a_block_holds_on_every_channel_of_a_person(house: House) -> None:
    linking = Linking(house.line, house.front, house.store, frozenset())
    await house.live(supporter("sam"))
    await house.add(lead("lou"))
    code = (await linking.make_code(SEEKER)).code
    assert (await linking.use_code(code, PHONE)).linked
    await house.desk(e.SeekerBlocked, "lou", reason="abusive", seconds=DAY)
    await carried(house)
    reply = await house.writes("from the phone", seeker=PHONE)
    assert reply.conversation is not None
    assert reply.conversation.phase is Phase.CLOSED
    await house.taps("warmline:forget_confirmed")
    await carried(house)
    for seeker in (SEEKER, PHONE):
        reply = await house.writes("and now?", seeker=seeker)
        assert reply.conversation is not None
        assert reply.conversation.phase is Phase.CLOSED


async def test_nobody_gets_round_a_block_by_linking_a_fresh_channel(house: House) -> None:
    linking = Linking(house.line, house.front, house.store, frozenset())
    await blocked(house)
    mine, fresh = (await linking.make_code(SEEKER)).code, (await linking.make_code(PHONE)).code
    assert not (await linking.use_code(mine, PHONE)).linked
    assert not (await linking.use_code(fresh, SEEKER)).linked
    await house.taps("warmline:forget_confirmed")
    await carried(house)
    assert not (await linking.use_code(fresh, SEEKER)).linked


async def test_a_block_about_an_older_talk_holds_for_the_newest_one(house: House) -> None:
    await house.live(supporter("sam"))
    await house.add(lead("lou"))
    old = (await house.talk()).id
    await house.desk(e.SeekerReported, "sam", reason="abusive", note="a note")
    await house.writes("hello again")
    assert (await house.talk()).id != old
    event = e.SeekerBlocked(id="b", supporter="lou", conversation=old, reason="abusive", seconds=3600)
    assert (await house.front.handle(event)).refused is None
    assert (await house.talk()).phase is Phase.CLOSED
    assert (await house.talk()).is_blocked(house.clock())
