"""What carries the lanes: the bot's turns against a real small server, records, erasures, and platforms."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from handoff.carrying import Carried
from handoff.core import events as e
from handoff.core.conversation import Phase
from handoff.core.ids import action_id
from handoff.delivery import BotTurns
from handoff.ports import StoreDown
from handoff.rasa import Rasa, client
from tests.core.making import line, supporter
from tests.service.house import CRISIS_WORD, House
from tests.service.rasa_server import RasaServer, rasa_server
from tests.store.making import until


@pytest.fixture
async def rasa() -> AsyncIterator[RasaServer]:
    async with rasa_server() as made:
        yield made


async def carry(house: House, url: str) -> Carried:
    """The bot's next turn, carried and settled as the worker would."""
    hold = await house.store.claim_lane(["bot"], 100, house.clock())
    assert hold is not None
    async with client() as http:
        carried = await BotTurns(house.store, house.front, Rasa(url, http), house.line.policy).carry(hold)
    if carried.settled:
        await house.store.settle(hold, carried.settled, house.clock())
    else:
        await house.store.postpone(hold, house.clock(), failed=not carried.told)
    return carried


async def test_a_turn_is_asked_and_its_answer_said(rasa: RasaServer) -> None:
    house = House()
    await house.writes("hello")
    assert await carry(house, rasa.url) == Carried(settled=1)
    assert rasa.asked[0]["message"] == "hello"
    assert (await house.feed())[-1].text == "hello from the bot"


async def test_an_answer_that_is_carried_twice_is_said_once(rasa: RasaServer) -> None:
    house = House()
    await house.writes("hello")
    hold = await house.store.claim_lane(["bot"], 1, house.clock())
    assert hold is not None
    async with client() as http:
        turns = BotTurns(house.store, house.front, Rasa(rasa.url, http), house.line.policy)
        await turns.carry(hold)
        await turns.carry(hold)
    assert (await house.said()).count("hello from the bot") == 1


async def test_a_bot_whose_answer_was_kept_is_not_asked_again_where_the_turn_was_not_settled(rasa: RasaServer) -> None:
    house = House()
    await house.writes("hello")
    hold = await house.store.claim_lane(["bot"], 1, house.clock())
    assert hold is not None
    async with client() as http:
        turns = BotTurns(house.store, house.front, Rasa(rasa.url, http), house.line.policy)
        await turns.carry(hold)
        assert await turns.carry(replace(hold, unsure=True)) == Carried(settled=1)
    assert [each["message"] for each in rasa.asked] == ["hello"]
    assert (await house.said()).count("hello from the bot") == 1


async def test_an_unsure_turn_without_an_answer_is_asked(rasa: RasaServer) -> None:
    house = House()
    await house.writes("hello")
    hold = await house.store.claim_lane(["bot"], 1, house.clock())
    assert hold is not None
    async with client() as http:
        turns = BotTurns(house.store, house.front, Rasa(rasa.url, http), house.line.policy)
        assert await turns.carry(replace(hold, unsure=True)) == Carried(settled=1)
    assert (await house.said())[-1] == "hello from the bot"


async def test_a_stale_turn_never_reaches_the_bot(rasa: RasaServer) -> None:
    house = House()
    await house.live(supporter())
    assert await carry(house, rasa.url) == Carried(settled=1)
    assert rasa.asked == []


@pytest.mark.parametrize("meanwhile", ["claim", "crisis"])
async def test_an_answer_that_comes_when_somebody_else_has_the_word_is_dropped(
    rasa: RasaServer, meanwhile: str
) -> None:
    house = House()
    await house.add(supporter())
    await house.writes("hello")
    if meanwhile == "claim":
        await house.taps("warmline:person")
    rasa.open.clear()
    turn = asyncio.create_task(carry(house, rasa.url))

    async def asked() -> bool:
        return bool(rasa.asked)

    await until(asked)
    await (house.desk(e.Claimed) if meanwhile == "claim" else house.writes(CRISIS_WORD))
    rasa.open.set()
    assert await turn == Carried(settled=1)
    assert "hello from the bot" not in await house.said()


async def test_a_slow_bot_is_said_to_be_slow_once_and_still_answers(rasa: RasaServer) -> None:
    house = House(line(bot_slow_seconds=0))
    await house.writes("hello")
    rasa.open.clear()
    turn = asyncio.create_task(carry(house, rasa.url))

    async def told() -> bool:
        return house.line.wording.say("bot_slow", "en") in await house.said()

    await until(told)
    rasa.open.set()
    await turn
    assert (await house.said())[-1] == "hello from the bot"


async def test_a_bot_that_cannot_be_reached_is_waking_up_and_then_people_take_over(
    free_port: Callable[[], int],
) -> None:
    house = House()
    await house.add(supporter())
    await house.writes("hello")
    nobody = f"http://127.0.0.1:{free_port()}"
    for _ in range(3):
        assert (await carry(house, nobody)).retry
    assert (await house.said()).count(house.line.wording.say("bot_waking", "en")) == 1
    house.clock.now += house.line.policy.bot_down_seconds
    assert await carry(house, nobody) == Carried(settled=1)
    assert (await house.talk()).phase is Phase.WAITING
    assert house.line.wording.say("bot_down", "en") in await house.said()


async def test_a_bot_that_wakes_up_in_time_answers_what_it_was_asked(
    rasa: RasaServer, free_port: Callable[[], int]
) -> None:
    house = House()
    await house.writes("hello")
    await carry(house, f"http://127.0.0.1:{free_port()}")
    await carry(house, rasa.url)
    assert (await house.said())[-1] == "hello from the bot"


@pytest.mark.parametrize("answer", [500, b"garbage", []])
async def test_a_broken_bot_is_asked_once_more_and_then_people_take_over(rasa: RasaServer, answer: object) -> None:
    house = House()
    await house.add(supporter())
    await house.writes("hello")
    rasa.answers = [answer, answer]
    assert (await carry(house, rasa.url)).retry
    assert (await house.talk()).phase is Phase.INTAKE
    assert await carry(house, rasa.url) == Carried(settled=1)
    assert len(rasa.asked) == 2
    assert (await house.talk()).phase is Phase.WAITING
    assert "bot_down" in [alert.kind for alert in await house.store.alerts()]


async def test_a_bot_that_failed_once_and_then_answers_is_heard(rasa: RasaServer) -> None:
    house = House()
    await house.writes("hello")
    rasa.answers = [500]
    await carry(house, rasa.url)
    await carry(house, rasa.url)
    assert (await house.said())[-1] == "hello from the bot"


async def test_silence_is_no_answer_because_of_what_the_service_itself_said_meanwhile(rasa: RasaServer) -> None:
    house = House(line(bot_slow_seconds=0))
    await house.writes("hello")
    rasa.answers = [[], []]
    await carry(house, rasa.url)
    await house.taps("warmline:urgent")
    await carry(house, rasa.url)
    assert "bot_down" in [alert.kind for alert in await house.store.alerts()]


async def test_silence_is_an_answer_when_one_of_its_actions_did_something(rasa: RasaServer) -> None:
    house = House()
    await house.add(supporter())
    await house.writes("I want a person")
    talk = (await house.talk()).id
    await house.front.handle(e.HandoffAsked(id=action_id("1"), conversation=talk, why="asked"))
    rasa.answers = [[]]
    assert await carry(house, rasa.url) == Carried(settled=1)
    assert "bot_down" not in [alert.kind for alert in await house.store.alerts()]


async def test_what_was_asked_while_the_store_was_lost_is_asked_again(rasa: RasaServer) -> None:
    house = House()
    await house.writes("hello")
    hold = await house.store.claim_lane(["bot"], 1, house.clock())
    assert hold is not None
    async with client() as http:
        turns = BotTurns(house.store, house.front, Rasa(rasa.url, http), house.line.policy)
        house.store.down = True
        with pytest.raises(StoreDown):
            await turns.carry(hold)
        house.store.down = False
        assert await turns.carry(hold) == Carried(settled=1)
    assert (await house.said())[-1] == "hello from the bot"
