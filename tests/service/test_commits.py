"""From a decision to a commit: what goes into which lane."""

from __future__ import annotations

import pytest

from handoff.core import events as e
from handoff.core.entries import EntryKind, Speaker
from handoff.core.ids import RECORDS_LANE, bot_lane, erase_lane
from tests.core.making import SEEKER, supporter
from tests.service.house import CRISIS_WORD, House


@pytest.fixture
def house() -> House:
    return House(pushed=frozenset({"web"}))


async def test_the_bots_turn_goes_into_the_lane_of_its_conversation_under_its_epoch(house: House) -> None:
    await house.writes("hello")
    talk = await house.talk()
    turn = (await house.lane("bot"))[0]
    assert (turn.lane, turn.conversation, turn.epoch, turn.kind) == (bot_lane(talk.id), talk.id, talk.epoch, "ask")
    assert (turn.body["seq"], turn.body["at"]) == (talk.seq, house.clock())


async def test_records_go_into_one_lane_in_order_and_name_their_conversation(house: House) -> None:
    await house.writes("hello")
    await house.bot(e.ConsentGiven, given=True)
    parcels = await house.lane("records")
    assert [parcel.kind for parcel in parcels] == ["seeker", "consent"]
    assert {parcel.lane for parcel in parcels} == {RECORDS_LANE}
    assert (parcels[1].conversation, parcels[1].epoch) == ((await house.talk()).id, 0)


async def test_a_platform_gets_what_its_seeker_reads_under_the_epoch_where_it_may_become_stale(house: House) -> None:
    await house.writes("hello")
    await house.writes(CRISIS_WORD)
    parcels = await house.lane("web")
    assert {parcel.lane for parcel in parcels} == {str(SEEKER)}
    assert Speaker.SEEKER not in [parcel.body["speaker"] for parcel in parcels]
    for parcel in parcels:
        assert (parcel.epoch == 0) == (parcel.body["speaker"] != Speaker.BOT)
    assert EntryKind.CARD in [parcel.body["kind"] for parcel in parcels]


async def test_notes_and_reasons_of_the_desk_go_into_no_lane(house: House) -> None:
    await house.live(supporter())
    await house.desk(e.NoteWritten, text="canary")
    for kind in ("web", "bot", "records"):
        assert "canary" not in str([parcel.body for parcel in await house.lane(kind)])


async def test_an_erasure_goes_to_the_records_behind_what_they_are_still_to_be_told_and_to_the_store(
    house: House,
) -> None:
    await house.writes("hello")
    await house.taps("warmline:forget_confirmed")
    talk = await house.talk()
    assert [parcel.kind for parcel in await house.lane("records")][-1] == "forget"
    erasure = (await house.lane("erase"))[0]
    assert (erasure.lane, erasure.body["pseudonym"], erasure.body["conversation"]) == (
        erase_lane(house.name),
        house.name,
        talk.id,
    )


async def test_parcels_of_one_event_have_names_of_their_own_and_the_same_again_when_it_is_redelivered(
    house: House,
) -> None:
    first, second = House(pushed=frozenset({"web"})), House(pushed=frozenset({"web"}))
    names = []
    for each in (first, second):
        await each.writes(CRISIS_WORD, "web:1")
        names.append([parcel.id for kind in ("web", "records") for parcel in await each.lane(kind)])
    assert names[0] == names[1]
    assert len(set(names[0])) == len(names[0])
