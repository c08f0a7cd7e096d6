"""One seeker, two channels: a code that expires links them, and the conversation goes on with its history."""

from __future__ import annotations

import pytest

from handoff.core import events as e
from handoff.core.conversation import Phase
from handoff.core.ids import Address
from handoff.delivery import entry_of
from handoff.linking import Linking
from tests.core.making import SEEKER, supporter
from tests.service.house import House

PHONE = Address("telegram", "42")


class Linked(House):
    """A house whose seekers on Telegram have to be sent to, and its linking."""

    def __init__(self) -> None:
        super().__init__(pushed=frozenset({"telegram"}))
        self.linking = Linking(self.line, self.front, self.store, frozenset({"telegram"}))

    async def code(self, seeker: Address = SEEKER) -> str:
        return (await self.linking.make_code(seeker)).code

    async def on_the_phone(self) -> list[str]:
        return [entry_of(parcel).text for parcel in await self.lane("telegram")]

    def says(self, key: str, **values: object) -> str:
        return self.line.wording.say(key, "en", **values)


@pytest.fixture
async def house() -> Linked:
    house = Linked()
    await house.live(supporter("sam"))
    await house.desk(e.SupporterWrote, text="hello, I am Sam")
    return house


async def test_a_live_conversation_goes_on_in_the_other_channel_with_its_history(house: Linked) -> None:
    answer = await house.linking.use_code(await house.code(), PHONE)
    assert (answer.linked, answer.text) == (True, house.says("link_done"))
    talk = await house.talk()
    assert (talk.seeker, talk.phase, talk.supporter) == (PHONE, Phase.LIVE, "sam")
    assert "hello, I am Sam" in await house.on_the_phone()
    await house.writes("now from here", seeker=PHONE)
    assert (await house.said())[-1] == "now from here"


async def test_both_channels_are_one_person_from_then_on(house: Linked) -> None:
    await house.linking.use_code(await house.code(), PHONE)
    assert await house.front.who(PHONE) == await house.front.who(SEEKER) == house.name
    await house.writes("and back at the computer")
    assert (await house.talk()).seeker == SEEKER


async def test_what_the_other_channel_had_begun_alone_ends_without_a_word(house: Linked) -> None:
    await house.front.handle(e.SeekerOpened(id="start", seeker=PHONE))
    begun = await house.store.current(PHONE, await house.front.who(PHONE))
    await house.linking.use_code(await house.code(), PHONE)
    assert begun is not None
    ended = await house.store.conversation(begun.id)
    assert ended is not None
    assert ended.phase is Phase.CLOSED


async def test_a_code_is_used_once_and_runs_out(house: Linked) -> None:
    code = await house.code()
    assert (await house.linking.use_code(code.lower(), PHONE)).linked
    again = await house.linking.use_code(code, Address("telegram", "43"))
    assert again.text == house.says("link_unknown")
    old = await house.code()
    house.clock.now += house.line.policy.link_seconds + 1
    assert not (await house.linking.use_code(old, Address("telegram", "44"))).linked


async def test_a_code_is_not_guessed(house: Linked) -> None:
    code = await house.code()
    for _ in range(5):
        assert (await house.linking.use_code("WRONG234", PHONE)).text == house.says("link_unknown")
    assert (await house.linking.use_code(code, PHONE)).text == house.says("link_too_often")


async def test_nobody_is_taken_out_of_a_conversation_they_have_there(house: Linked) -> None:
    await house.front.handle(e.SeekerTapped(id="p", seeker=PHONE, payload="warmline:person", label="a person"))
    answer = await house.linking.use_code(await house.code(), PHONE)
    assert (answer.linked, answer.text) == (False, house.says("link_busy"))


async def test_linking_the_same_two_again_changes_nothing(house: Linked) -> None:
    await house.linking.use_code(await house.code(), PHONE)
    assert (await house.linking.use_code(await house.code(), PHONE)).text == house.says("link_already")


async def test_erasing_one_erases_both(house: Linked) -> None:
    await house.linking.use_code(await house.code(), PHONE)
    await house.store.erase(house.name, (await house.talk()).id)
    assert await house.feed() == []
    assert await house.front.who(PHONE) != house.name
