"""Which conversation an event is about, and where a seeker stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handoff.core import events as e
from handoff.core.conversation import Phase
from handoff.core.ids import Address
from tests.core.making import SEEKER, lead, line, supporter
from tests.service.house import CRISIS_WORD, UNREADABLE, House


@pytest.fixture
def house() -> House:
    return House()


# --- who is found -----------------------------------------------------------------------------------------------------


async def test_an_event_about_a_conversation_nobody_knows_is_gone(house: House) -> None:
    for event in (
        e.Claimed(id="a", supporter="sam", conversation="nothing"),
        e.BotReplied(id="b", conversation="nothing", epoch=1, messages=()),
        e.FeedbackGiven(id="c", seeker=SEEKER, conversation="nothing"),
        e.ForgetAsked(id="d", conversation="nothing"),
    ):
        reply = await house.front.handle(event)
        assert reply.refused is not None
        assert reply.refused.code == "gone"


async def test_nobody_gives_feedback_on_somebody_elses_conversation(house: House) -> None:
    await house.live(supporter())
    await house.desk(e.SupporterClosed, outcome="supported")
    talk = (await house.talk()).id
    stranger = Address("web", "somebody-else")
    reply = await house.front.handle(e.FeedbackGiven(id="f", seeker=stranger, conversation=talk, rating=1))
    assert reply.refused is not None
    assert reply.refused.code == "gone"


async def test_feedback_on_an_earlier_conversation_is_kept_though_a_new_one_goes_on(house: House) -> None:
    await house.live(supporter())
    earlier = (await house.talk()).id
    await house.desk(e.SupporterClosed, outcome="supported")
    await house.writes("I am back")
    reply = await house.front.handle(e.FeedbackGiven(id="f", seeker=SEEKER, conversation=earlier, rating=4))
    assert reply.refused is None
    assert "feedback" in [parcel.kind for parcel in await house.lane("records")]
    assert (await house.said())[-1] == "I am back"


async def test_forgetting_asked_for_in_an_earlier_conversation_ends_the_new_one_too(house: House) -> None:
    await house.live(supporter())
    earlier = (await house.talk()).id
    await house.desk(e.SupporterClosed, outcome="supported")
    await house.writes("I am back")
    reply = await house.front.handle(e.ForgetAsked(id="f", conversation=earlier))
    assert reply.refused is None
    assert (await house.talk()).phase is Phase.CLOSED
    assert [parcel.kind for parcel in await house.lane("erase")] == ["forget"]


async def test_a_language_there_is_wording_in_is_spoken_and_any_other_falls_back(house: House) -> None:
    for language, spoken in (("es", "es"), ("xx", "en")):
        seeker = Address("web", f"speaks-{language}")
        reply = await house.front.handle(e.SeekerOpened(id=language, seeker=seeker, language=language))
        assert reply.conversation is not None
        assert reply.conversation.language == spoken


async def test_refusals_are_in_the_language_of_the_conversation() -> None:
    house = House(line())
    await house.front.handle(e.SeekerOpened(id="o", seeker=SEEKER, language="es"))
    reply = await house.taps("warmline:nonsense")
    assert reply.refused is not None
    assert reply.refused.next == house.line.wording.say("refused_unknown_button", "es")


# --- where somebody stands --------------------------------------------------------------------------------------------


async def test_standing_is_told_in_every_phase(house: House) -> None:
    assert (await house.front.standing(None))["phase"] == "none"
    await house.add(supporter())
    await house.writes()
    assert (await house.front.standing(await house.talk()))["position"] is None
    await house.taps("warmline:person")
    shown = await house.front.standing(await house.talk())
    assert shown == {"phase": "waiting", "position": 1, "estimate": None, "supporter": "", "staffed": True}
    await house.desk(e.Claimed)
    assert (await house.front.standing(await house.talk()))["supporter"] == "Sam"


async def test_with_nobody_here_or_nobody_who_may_there_is_no_estimate(house: House) -> None:
    await house.live(supporter())
    await house.desk(e.Released)
    talk = await house.talk()
    shown = await house.front.standing(talk)
    assert (shown["staffed"], shown["estimate"]) == (False, None)
    assert (await house.front.standing(replace(talk, excluded=())))["estimate"] == (0, 1)


async def test_for_somebody_blocked_leads_alone_count_as_here(house: House) -> None:
    await house.live(supporter())
    await house.desk(e.Released)
    talk = replace(await house.talk(), excluded=(), blocked_until=house.front.clock() + 3600)
    assert (await house.front.standing(talk))["staffed"] is False
    await house.add(lead("lou"))
    assert (await house.front.standing(talk))["staffed"] is True


async def test_a_resource_is_looked_up_for_the_supporter_who_names_it(house: House) -> None:
    await house.live(supporter())
    await house.desk(e.ResourceSent, resource="breathing")
    assert (await house.feed())[-1].body == {"id": "breathing", "title": "Breathing"}
    reply = await house.desk(e.ResourceSent, resource="nonsense")
    assert reply.refused is not None
    assert reply.refused.code == "no_such_resource"


@pytest.mark.parametrize("text", [CRISIS_WORD, UNREADABLE])
async def test_a_card_knows_whether_somebody_is_here(text: str) -> None:
    cards = []
    for staff in ([], [supporter()]):
        house = House()
        await house.add(*staff)
        await house.writes(text)
        cards.append((await house.cards())[0].text)
    assert cards[0] != cards[1]
