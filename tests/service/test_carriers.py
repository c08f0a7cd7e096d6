"""What carries records, erasures, and entries to platforms that have to be sent to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from handoff.carrying import Carried
from handoff.core import events as e
from handoff.core.entries import Button, Entry, EntryKind, Speaker
from handoff.core.ids import Address
from handoff.delivery import Erasures, Platform, RecordKeeping, entry_of
from handoff.ports import DeliveryFailed, LaneHold, Parcel, RecordsDown, RecordsRefused
from tests.core.making import lead, supporter
from tests.service.house import CRISIS_WORD, House
from tests.store.making import a_parcel

# --- records ----------------------------------------------------------------------------------------------------------


class Table:
    """Records that take everything but what is marked bad, all or nothing, and can be down."""

    def __init__(self) -> None:
        self.rows: list[str] = []
        self.down = False

    async def write(self, parcels: Sequence[Parcel]) -> None:
        if self.down:
            raise RecordsDown("down")
        if any(parcel.body.get("bad") for parcel in parcels):
            raise RecordsRefused("refused")
        self.rows += [parcel.id for parcel in parcels]


def held(*parcels: Parcel, attempts: int = 0) -> LaneHold:
    return LaneHold("records", 1, attempts, parcels)


async def test_records_are_written_in_batches() -> None:
    table = Table()
    good = [a_parcel("records") for _ in range(3)]
    assert await RecordKeeping(table).carry(held(*good)) == Carried(settled=3)
    assert table.rows == [parcel.id for parcel in good]


async def test_a_database_that_is_down_delays_and_loses_nothing() -> None:
    table = Table()
    table.down = True
    for attempts in (0, 5, 10_000):
        carried = await RecordKeeping(table).carry(held(a_parcel("records"), attempts=attempts))
        assert carried.retry
        assert not carried.give_up


async def test_one_bad_record_is_given_up_alone_and_the_others_are_written() -> None:
    table = Table()
    keeping = RecordKeeping(table)
    first, bad, last = a_parcel("records"), a_parcel("records", bad=True), a_parcel("records")
    assert await keeping.carry(held(first, bad, last)) == Carried(settled=1)
    assert await keeping.carry(held(bad, last)) == Carried(give_up="refused")
    assert await keeping.carry(held(last)) == Carried(settled=1)
    assert table.rows == [first.id, last.id]


# --- erasures ---------------------------------------------------------------------------------------------------------


async def test_an_erasure_leaves_nothing_of_the_seeker_in_the_store() -> None:
    house = House()
    await house.live(supporter())
    await house.bot(e.MessageLeft, text="canary")
    talk = await house.talk()
    await house.taps("warmline:forget_confirmed")
    hold = await house.store.claim_lane(["erase"], 100, house.clock())
    assert hold is not None
    assert await Erasures(house.store, house.clock).carry(hold) == Carried(settled=1)
    assert await house.feed() == []
    assert await house.store.margin(talk.id) == []
    assert await house.store.conversation(talk.id) is None
    assert await house.store.alerts() == []
    assert (await house.store.counts())["live"] == 0


async def test_a_dead_letter_with_a_seekers_words_goes_with_them() -> None:
    house = House()
    await house.writes()
    await house.bot(e.MessageLeft, text="canary")
    while hold := await house.store.claim_lane(["records"], 1, house.clock()):
        await house.store.bury(hold, "refused", house.clock())
    assert any("canary" in str(letter.parcel.body) for letter in await house.store.dead_letters())
    await house.store.erase(house.name, (await house.talk()).id)
    assert not any("canary" in str(letter.parcel.body) for letter in await house.store.dead_letters())


# --- platforms --------------------------------------------------------------------------------------------------------


class Chat:
    """A platform that fails as often as it is told to."""

    channel = "web"

    def __init__(self, *failures: DeliveryFailed) -> None:
        self.failures = list(failures)
        self.delivered: list[tuple[Address, Entry]] = []

        self.again: list[bool] = []

    async def deliver(self, seeker: Address, entry: Entry, *, again: bool) -> None:
        self.again.append(again)
        if self.failures:
            raise self.failures.pop(0)
        self.delivered.append((seeker, entry))


async def pushed() -> tuple[House, LaneHold]:
    """A house whose seekers are sent to, and the hold on what goes out to one of them."""
    house = House(pushed=frozenset({"web"}))
    await house.writes(CRISIS_WORD)
    hold = await house.store.claim_lane(["web"], 100, house.clock(), most=100)
    assert hold is not None
    return house, hold


async def test_what_the_seeker_reads_is_sent_whole_and_their_own_words_are_not_sent_back() -> None:
    house, hold = await pushed()
    sent = [entry_of(parcel) for parcel in hold.parcels]
    assert sent == [entry for entry in await house.feed() if entry.speaker is not Speaker.SEEKER]
    assert EntryKind.CARD in [entry.kind for entry in sent]


async def test_a_bots_line_that_became_stale_on_its_way_is_not_sent_and_a_card_always_is() -> None:
    house, hold = await pushed()
    await house.add(lead("sam"))
    await house.desk(e.Claimed)
    chat = Chat()
    for parcel in hold.parcels:
        await Platform(house.store, house.front, chat).carry(LaneHold(hold.lane, 1, 0, (parcel,)))
    assert {entry.speaker for _, entry in chat.delivered} == {Speaker.SYSTEM}
    assert EntryKind.CARD in [entry.kind for _, entry in chat.delivered]


async def test_a_platform_that_says_when_to_come_back_is_obeyed_and_never_given_up_on() -> None:
    house, hold = await pushed()
    card = next(parcel for parcel in hold.parcels if parcel.body["kind"] == "card")
    platform = Platform(house.store, house.front, Chat(DeliveryFailed("too many", retry_after=17)))
    assert await platform.carry(LaneHold(hold.lane, 1, 10_000, (card,))) == Carried(retry=17, told=True)


async def test_a_platform_that_fails_is_tried_again_and_at_last_given_up_on() -> None:
    house, hold = await pushed()
    card = next(parcel for parcel in hold.parcels if parcel.body["kind"] == "card")
    platform = Platform(house.store, house.front, Chat(DeliveryFailed("no"), DeliveryFailed("no such chat")))
    assert (await platform.carry(LaneHold(hold.lane, 1, 0, (card,)))).retry
    assert await platform.carry(LaneHold(hold.lane, 1, 11, (card,))) == Carried(give_up="no such chat")


async def test_an_answer_that_was_lost_marks_the_next_try() -> None:
    house, hold = await pushed()
    chat = Chat(DeliveryFailed("timed out", unsure=True))
    platform = Platform(house.store, house.front, chat)
    assert (await platform.carry(LaneHold(hold.lane, 1, 0, hold.parcels[:1]))).unsure
    assert (await platform.carry(LaneHold(hold.lane, 1, 1, hold.parcels[:1], unsure=True))).settled == 1
    assert chat.again == [False, True]


async def test_what_a_platform_took_is_delivered_and_a_card_it_took_was_given() -> None:
    house, hold = await pushed()
    for parcel in hold.parcels:
        await Platform(house.store, house.front, Chat()).carry(LaneHold(hold.lane, 1, 0, (parcel,)))
    assert (await house.store.marks(house.name)).delivered == hold.parcels[-1].body["seq"]
    assert (await house.talk()).card_confirmed


async def test_somebody_who_shut_us_out_is_waited_for_no_longer() -> None:
    house, hold = await pushed()
    platform = Platform(house.store, house.front, Chat(DeliveryFailed("forbidden", gone="blocked")))
    assert await platform.carry(LaneHold(hold.lane, 1, 0, hold.parcels[:1])) == Carried(settled=1)
    assert not (await house.talk()).is_open


async def test_what_a_platform_will_never_take_is_not_tried_again() -> None:
    house, hold = await pushed()
    platform = Platform(house.store, house.front, Chat(DeliveryFailed("bad request", hopeless=True)))
    assert await platform.carry(LaneHold(hold.lane, 1, 0, hold.parcels[:1])) == Carried(give_up="bad request")


async def test_the_last_word_of_an_erasure_is_left_a_moment_to_go_out() -> None:
    house = House(pushed=frozenset({"web"}))
    await house.writes()
    await house.taps("warmline:forget_confirmed")
    hold = await house.store.claim_lane(["erase"], 100, house.clock(), most=1)
    assert hold is not None
    waits = await Erasures(house.store, house.clock).carry(hold)
    assert waits.retry
    assert waits.told
    house.clock.now += 10
    assert (await Erasures(house.store, house.clock).carry(hold)).settled == 1
    assert await house.feed() == []


def test_an_entry_survives_its_way_through_a_lane() -> None:
    entry = Entry(
        seq=3, id="x/1", at=1.5, conversation="c1", speaker=Speaker.BOT, kind=EntryKind.RESOURCE, text="try this",
        buttons=(Button("ok", "/affirm"),), body={"id": "b"},
    )  # fmt: skip
    plain: dict[str, Any] = {**asdict(entry), "speaker": "bot", "kind": "resource"}
    plain["buttons"] = [asdict(button) for button in entry.buttons]
    assert entry_of(Parcel("x/1", "web:1", "c1", 0, "entry", plain)) == entry


async def test_an_erasure_tells_the_records_every_name_and_the_desk_every_conversation() -> None:
    house = House(desk=True)
    await house.writes()
    await house.store.alias("p-other", house.name)
    await house.taps("warmline:forget_confirmed")
    talk = (await house.talk()).id
    hold = await house.store.claim_lane(["erase"], 100, house.clock(), most=1)
    assert hold is not None
    await Erasures(house.store, house.clock, desk=True).carry(hold)
    told = {parcel.body["pseudonym"] for parcel in await house.lane("records") if parcel.kind == "forget"}
    assert told == {house.name, "p-other"}
    assert [parcel.kind for parcel in await house.lane("thread") if parcel.conversation == talk] == ["erased"]
