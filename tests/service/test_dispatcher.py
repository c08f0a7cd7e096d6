"""One path for every event: screened before anything can fail, committed once, and answered for."""

from __future__ import annotations

import asyncio

import pytest

from handoff.core import events as e
from handoff.core.entries import Speaker
from handoff.core.plan import Heading
from handoff.core.risk import Tier
from handoff.ports import Contended, StoreDown
from handoff.screening import RiskScreen
from tests.core.making import SEEKER, heard, supporter
from tests.service.house import CONCERN_WORD, CRISIS_WORD, House, down_in_the_middle


@pytest.fixture
def house() -> House:
    return House()


async def test_words_are_kept_answered_for_and_put_on_their_way_to_the_bot(house: House) -> None:
    reply = await house.writes("hello there")
    assert reply.conversation is not None
    assert [entry.text for entry in reply.entries][-1] == "hello there"
    assert house.stirred == [frozenset({"records", "bot"})]
    assert [parcel.body["text"] for parcel in await house.lane("bot")] == ["hello there"]


async def test_a_redelivered_event_changes_nothing_and_says_so(house: House) -> None:
    await house.writes("hello", "web:1")
    before = await house.said()
    again = await house.writes("hello", "web:1")
    assert again.duplicate
    assert await house.said() == before


async def test_a_redelivered_event_that_would_be_refused_by_now_is_a_duplicate_and_no_refusal(house: House) -> None:
    await house.live(supporter())
    await house.desk(e.SupporterWrote, event_id="desk:1", text="I am here")
    await house.desk(e.SupporterClosed, outcome="supported")
    again = await house.desk(e.SupporterWrote, event_id="desk:1", text="I am here")
    assert again.duplicate
    assert again.refused is None
    assert (await house.desk(e.SupporterWrote, text="something else")).refused is not None


async def test_twenty_redeliveries_at_once_are_one_message(house: House) -> None:
    replies = await asyncio.gather(*(house.writes("hello", "web:1") for _ in range(20)))
    assert sum(not reply.duplicate for reply in replies) == 1
    assert (await house.said()).count("hello") == 1


async def test_a_burst_of_first_words_opens_one_conversation(house: House) -> None:
    await asyncio.gather(*(house.writes(f"word {count}") for count in range(10)))
    assert {entry.conversation for entry in await house.feed()} == {(await house.talk()).id}
    said = [text for text in await house.said() if text.startswith("word")]
    assert sorted(said) == sorted(f"word {count}" for count in range(10))


async def test_of_many_who_accept_at_once_one_wins_and_all_others_are_told_who(house: House) -> None:
    staff = [supporter(f"s{count}") for count in range(8)]
    await house.add(*staff)
    await house.writes()
    await house.taps("warmline:person")
    replies = await asyncio.gather(*(house.desk(e.Claimed, each.id) for each in staff))
    refused = [reply.refused for reply in replies if reply.refused]
    assert len(refused) == 7
    held = [each for each in await house.store.supporters() if each.holding]
    assert len(held) == 1
    assert {refusal.next for refusal in refused} == {f"{held[0].name} already has this conversation."}


async def test_a_conflict_is_decided_again(house: House) -> None:
    house.store.conflicts = 5
    assert (await house.writes()).refused is None
    assert (await house.said())[-1] == "hello"
    assert house.store.commits == 6


async def test_too_many_conflicts_are_said_to_be_no_success(house: House) -> None:
    house.store.conflicts = 1000
    with pytest.raises(Contended):
        await house.writes()
    assert await house.said() == []


# --- words that are none, or too many ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "\n\t",
        "\u200b\u200d",
        "\ufeff \u2060",
        "\u00a0\u3000",
        "\u00ad",
        "\u202e\u200f",
        "\u2800",
        "\u3164",
        "\x00\x07",
    ],
)
async def test_a_message_with_nothing_in_it_is_refused(house: House, text: str) -> None:
    reply = await house.writes(text)
    assert reply.refused is not None
    assert reply.refused.code == "empty"
    assert await house.said() == []


@pytest.mark.parametrize(
    "text", ["🙂", "👨‍👩‍👧", ".", "مرحبا", "\u202eمرحبا", "<script>alert(1)</script>", "a\u200bb", "\x00words"]
)
async def test_everything_else_is_kept_as_it_was_written(house: House, text: str) -> None:
    assert (await house.writes(text)).refused is None
    assert text in await house.said()


async def test_a_message_that_is_too_long_is_refused_with_the_limit(house: House) -> None:
    reply = await house.writes("a" * (house.line.policy.message_limit + 1))
    assert reply.refused is not None
    assert (reply.refused.code, str(house.line.policy.message_limit) in reply.refused.next) == ("too_long", True)
    assert (await house.writes("a" * house.line.policy.message_limit)).refused is None


@pytest.mark.parametrize("where", [0, 50_000, 100_000])
@pytest.mark.parametrize("earlier", ["", "hello"])
async def test_a_crisis_that_is_too_long_is_cut_kept_and_answered(house: House, where: int, earlier: str) -> None:
    """Also where the crisis is in the part that was cut off, and in the middle of a conversation."""
    if earlier:
        await house.writes(earlier)
    reply = await house.writes("a " * (where // 2) + CRISIS_WORD + " a" * ((100_000 - where) // 2))
    assert reply.refused is None
    assert len(await house.cards()) == 1
    kept = next(entry for entry in await house.feed() if entry.speaker is Speaker.SEEKER and entry.text != earlier)
    assert len(kept.text) == house.line.policy.message_limit
    assert kept.text.endswith("[…]")
    assert (await house.talk()).tier is Tier.ACTIVE


async def test_what_a_person_types_never_reaches_the_bot_as_a_command(house: House) -> None:
    await house.writes("/restart")
    assert [parcel.body["text"] for parcel in await house.lane("bot")] == [" /restart"]


# --- the screen -------------------------------------------------------------------------------------------------------


async def test_words_are_read_alone_first_and_then_with_the_last_turns(house: House) -> None:
    await house.writes(f"{CRISIS_WORD} is near")
    await house.writes("and then")
    assert house.screen.read_with[-2:] == [("and then", ()), ("and then", (f"{CRISIS_WORD} is near",))]


async def test_an_answer_is_read_with_the_question_that_we_asked_as_long_as_it_is_open(house: House) -> None:
    question = house.line.wording.say("safety_question", "en")
    await house.writes(CONCERN_WORD)
    await house.writes("well")
    assert house.screen.read_with[-1] == ("well", (CONCERN_WORD, question))
    await house.taps("warmline:safety_no")
    await house.writes("and then")
    assert house.screen.read_with[-1] == ("and then", (CONCERN_WORD, "well"))


def test_the_screen_knows_a_yes_to_our_question_for_what_it_is(house: House) -> None:
    question = house.line.wording.say("safety_question", "en")
    assert RiskScreen().read("yes", ("I am done", question)).crisis


@pytest.mark.parametrize("phase", ["new", "intake", "waiting", "live", "closing"])
async def test_a_crisis_gets_its_card_in_every_phase(house: House, phase: str) -> None:
    await house.add(supporter())
    if phase != "new":
        await house.writes()
    if phase in ("waiting", "live", "closing"):
        await house.taps("warmline:person")
    if phase in ("live", "closing"):
        await house.desk(e.Claimed)
    if phase == "closing":
        await house.desk(e.SupporterClosed, outcome="supported")
    reply = await house.writes(CRISIS_WORD)
    assert any(entry.body and entry.body.get("lines") for entry in reply.entries)


# --- the store is down ------------------------------------------------------------------------------------------------


async def test_with_the_store_down_nothing_is_acknowledged_and_a_crisis_gets_its_card(house: House) -> None:
    house.store.down = True
    with pytest.raises(StoreDown) as down:
        await house.writes(f"it is {CRISIS_WORD}")
    assert down.value.card is not None
    assert "999" in down.value.card["text"]
    assert down.value.card["lines"]


async def test_with_the_store_down_calm_words_get_no_card(house: House) -> None:
    house.store.down = True
    with pytest.raises(StoreDown) as down:
        await house.writes("hello")
    assert down.value.card is None


@pytest.mark.parametrize("answers", range(3))
async def test_a_store_lost_in_the_middle_still_carries_the_card(house: House, answers: int) -> None:
    await house.writes()
    await down_in_the_middle(house, answers)
    with pytest.raises(StoreDown) as down:
        await house.writes(CRISIS_WORD)
    assert down.value.card is not None


async def test_too_many_conflicts_still_carry_the_card(house: House) -> None:
    house.store.conflicts = 1000
    with pytest.raises(StoreDown) as down:
        await house.writes(CRISIS_WORD)
    assert down.value.card is not None


async def test_the_card_is_in_the_language_and_for_the_country_that_the_channel_knows(house: House) -> None:
    house.store.down = True
    event = e.SeekerWrote(id="x", seeker=SEEKER, text=CRISIS_WORD, language="es", country="ES")
    with pytest.raises(StoreDown) as down:
        await house.front.handle(event)
    assert down.value.card is not None
    assert (down.value.card["language"], "112" in down.value.card["text"]) == ("es", True)


async def test_after_the_store_came_back_the_same_words_are_saved_once(house: House) -> None:
    house.store.down = True
    with pytest.raises(StoreDown):
        await house.writes(CRISIS_WORD, "web:1")
    house.store.down = False
    assert (await house.writes(CRISIS_WORD, "web:1")).refused is None
    assert (await house.said()).count(CRISIS_WORD) == 1
    assert len(await house.cards()) == 1


async def test_a_quick_reply_that_says_more_than_a_button_can_is_heard_as_words(house: House) -> None:
    await house.writes()
    await house.front.handle(
        e.SeekerTapped(id="web:9", seeker=SEEKER, payload="/affirm", label=f"{CRISIS_WORD} and more")
    )
    assert (await house.talk()).in_crisis_lane
    await house.front.handle(e.SeekerTapped(id="web:10", seeker=SEEKER, payload="/affirm", label="x" * 200))
    assert "x" * 200 in await house.said()


async def test_with_the_store_down_the_urgent_button_brings_the_card_all_the_same(house: House) -> None:
    house.store.down = True
    with pytest.raises(StoreDown) as caught:
        await house.front.handle(
            e.SeekerTapped(id="web:9", seeker=SEEKER, payload="warmline:urgent", label="Urgent help")
        )
    assert caught.value.card is not None
    assert caught.value.card["lines"]


async def test_with_the_store_down_another_button_brings_no_card(house: House) -> None:
    house.store.down = True
    with pytest.raises(StoreDown) as caught:
        await house.front.handle(e.SeekerTapped(id="web:9", seeker=SEEKER, payload="/affirm", label="Yes"))
    assert caught.value.card is None


async def test_a_quick_reply_of_ours_is_never_heard_as_words(house: House) -> None:
    """Whatever a screen makes of "Show my plan", nobody typed it; the same label on another payload is words."""
    house.screen.read = lambda text, context=(), language=None: heard(Tier.ACTIVE)  # type: ignore[method-assign]
    for payload, label in (("warmline:plan_show", "Show my plan"), ("warmline:plan_show", "Ver mi plan")):
        await house.front.handle(e.SeekerTapped(id=house.id(), seeker=SEEKER, payload=payload, label=label))
    assert await house.cards() == []
    await house.front.handle(e.SeekerTapped(id=house.id(), seeker=SEEKER, payload="/affirm", label="Show my plan"))
    assert len(await house.cards()) == 1


async def test_the_command_for_the_plan_is_nobodys_words(house: House) -> None:
    house.screen.read = lambda text, context=(), language=None: heard(Tier.ACTIVE)  # type: ignore[method-assign]
    await house.writes(" /Plan ")
    talk = await house.talk()
    assert (talk.plan.asks, talk.tier, await house.cards()) == (Heading.SIGNS, Tier.NONE, [])
    assert not [entry for entry in await house.feed() if entry.text == " /Plan " and not entry.private]


@pytest.mark.parametrize(
    "text", ["/report she laughed at me", "/Report\nshe laughed at me", "/report: she laughed at me"]
)
async def test_a_typed_report_is_for_leads_and_enters_no_talk_on_any_channel(text: str) -> None:
    house = House()
    await house.live(supporter("sam"))
    before = await house.said()
    assert (await house.writes(text)).refused is None
    assert await house.said() == before
    [report] = [each for each in await house.lane("records") if each.kind == "report"]
    assert report.body["words"] == "she laughed at me"


async def test_somebody_else_can_be_typed_on_any_channel() -> None:
    house = House()
    await house.live(supporter("sam"))
    await house.writes(" /Another ")
    assert (await house.talk()).refused == ("sam",)
