"""Which desk lanes an event concerns: a desk that must be sent to is told where to look, never what was said."""

from __future__ import annotations

import pytest

from handoff.core import events as e
from handoff.core.ids import LEADS_LANE, card_lane, home_lane, thread_lane
from handoff.core.supporter import Presence
from handoff.ports import Parcel
from tests.core.making import SEEKER, lead, supporter
from tests.service.house import CRISIS_WORD, House

WORDS = "canary words"


@pytest.fixture
async def house() -> House:
    house = House(desk=True)
    await house.add(supporter("sam"), supporter("lee"), lead("lou"))
    return house


async def pokes(house: House, *kinds: str) -> list[tuple[str, str]]:
    """(lane, what) of everything in these lanes now; they are empty afterwards."""
    return [(each.lane, each.kind) for each in await taken(house, *kinds)]


async def taken(house: House, *kinds: str) -> list[Parcel]:
    found: list[Parcel] = []
    for kind in kinds:
        while hold := await house.store.claim_lane([kind], 30, house.clock(), most=50):
            found += hold.parcels
            await house.store.settle(hold, len(hold.parcels), house.clock())
    return found


async def live(house: House, who: str = "sam", desk: str = "slack") -> str:
    await house.writes("hello")
    await house.taps("warmline:person")
    await house.desk(e.Claimed, who, desk=desk)
    await taken(house, "thread", "card", "home", "leads")
    return (await house.talk()).id


async def test_without_such_a_desk_there_are_no_pokes() -> None:
    house = House()
    await house.add(supporter("sam"))
    await house.writes("hello")
    await house.taps("warmline:person")
    await house.desk(e.Claimed)
    assert await pokes(house, "thread", "card", "home", "leads") == []


async def test_whoever_waits_has_a_card_and_it_is_drawn_again_when_taken(house: House) -> None:
    await house.writes("hello")
    assert await pokes(house, "card") == []
    await house.taps("warmline:person")
    talk = (await house.talk()).id
    assert await pokes(house, "card") == [(card_lane(talk), "redraw")]
    await house.desk(e.Claimed)
    assert await pokes(house, "card") == [(card_lane(talk), "redraw")]


async def test_plain_talk_while_waiting_draws_no_card_again(house: House) -> None:
    await house.taps("warmline:person")
    await taken(house, "card")
    await house.writes("still here")
    assert await pokes(house, "card") == []


async def test_a_claim_opens_a_thread_and_shows_on_the_supporters_own_page(house: House) -> None:
    await house.taps("warmline:person")
    await house.desk(e.Claimed, desk="slack")
    talk = (await house.talk()).id
    [opened] = await taken(house, "thread")
    assert (opened.lane, opened.kind) == (thread_lane(talk), "opened")
    assert opened.body == {"supporter": "sam", "how": "accepted"}
    assert await pokes(house, "home") == [(home_lane("sam"), "redraw")]


async def test_the_seekers_words_are_a_reason_to_look_and_travel_nowhere(house: House) -> None:
    talk = await live(house)
    await house.writes(WORDS)
    [look] = await taken(house, "thread")
    assert (look.lane, look.kind, look.body) == (thread_lane(talk), "look", {})


async def test_what_was_written_there_is_ticked_and_what_was_written_elsewhere_is_shown(house: House) -> None:
    await live(house)
    await house.desk(e.SupporterWrote, text=WORDS, refers="17.1", desk="slack")
    [sent] = await taken(house, "thread")
    assert sent.kind == "sent"
    assert sent.body == {"supporter": "sam", "refers": "17.1", "seq": (await house.talk()).seq}
    await house.desk(e.SupporterWrote, text=WORDS)
    assert [kind for _, kind in await pokes(house, "thread")] == ["look"]


async def test_passing_on_ends_one_thread_and_opens_another(house: House) -> None:
    await live(house)
    await house.desk(e.Transferred, to="lee", desk="slack")
    ended, opened, nudge = await taken(house, "thread")
    assert (ended.kind, ended.body) == ("ended", {"supporter": "sam", "why": "transferred", "to": "Lee"})
    assert (opened.kind, opened.body) == ("opened", {"supporter": "lee", "how": "transferred"})
    assert (nudge.kind, nudge.body["supporter"]) == ("nudge", "lee")


@pytest.mark.parametrize(
    ("deed", "about", "why"),
    [
        (e.Released, {}, "released"),
        (e.SupporterClosed, {"outcome": "supported"}, "closed"),
    ],
)
async def test_an_end_says_why(house: House, deed: type[e.DeskEvent], about: dict[str, str], why: str) -> None:
    await live(house)
    await house.desk(deed, **about)
    assert (await taken(house, "thread"))[0].body["why"] == why


async def test_a_seeker_who_shuts_us_out_or_deletes_everything_ends_the_thread(house: House) -> None:
    await live(house)
    await house.front.handle(e.SeekerGone(id="x", seeker=SEEKER, why="blocked"))
    assert (await taken(house, "thread"))[0].body["why"] == "gone"


async def test_an_erasure_ends_the_thread_as_erased(house: House) -> None:
    await live(house)
    await house.taps("warmline:forget_confirmed")
    assert (await taken(house, "thread"))[0].body["why"] == "erased"


async def test_alerts_and_who_looks_after_them_are_shown_to_leads(house: House) -> None:
    await house.writes(CRISIS_WORD)
    assert (LEADS_LANE, "redraw") in await pokes(house, "leads")
    await house.front.handle(e.AlertAcknowledged(id="a", supporter="lou", kind="crisis", conversation="c1"))
    assert await pokes(house, "leads") == [(LEADS_LANE, "redraw")]


async def test_renewing_presence_pokes_nobody_and_changing_it_does(house: House) -> None:
    await house.front.handle(e.PresenceRenewed(id="r", supporter="sam"))
    assert await pokes(house, "home") == []
    await house.front.handle(e.PresenceSet(id="s", supporter="sam", presence=Presence.BUSY))
    assert await pokes(house, "home") == [(home_lane("sam"), "redraw")]


async def test_a_dead_letter_is_shown_to_leads(house: House) -> None:
    await house.front.buried(Parcel("p1", "telegram:42", "c1", 0, "entry", {}))
    assert await pokes(house, "leads") == [(LEADS_LANE, "redraw")]
