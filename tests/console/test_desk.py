"""The desk's protocol, the good way through: being drawn, taking somebody, talking, letting go."""

from __future__ import annotations

import asyncio
import json

import pytest

from handoff.core.entries import Speaker
from handoff.core.events import Claimed, Declined, PresenceRenewed, ResourceSent, SupporterClosed, SupporterWrote
from handoff.core.outcomes import OUTCOMES
from handoff.core.risk import Tier
from handoff.core.supporter import Presence
from handoff.ports import Notice
from tests.console.desk_client import desk_of, mine, offers_of
from tests.console.house import House


async def test_offers_go_only_to_whom_they_fit(house: House) -> None:
    await house.hire("Mira", knows=())
    first = await house.arrive()
    await house.hire("Sam", knows=(first.pseudonym,))
    async with desk_of(house, "sam") as sam, desk_of(house, "mira") as mira:
        assert len(await offers_of(mira, 1)) == 1
        frame = await sam.until_type("offers")
        assert (frame["offers"], frame["waiting"]) == ([], 1)


async def test_accepting_opens_the_conversation_with_all_that_was_said(house: House) -> None:
    await house.hire("Mira")
    waiting = await house.arrive("Robin")
    async with desk_of(house, "mira") as desk:
        assert (await desk.ask("accept", conversation=waiting.id))["type"] == "ok"
        view = await mine(desk, waiting.id)
        await desk.entry("A person is being found for you.")
    assert (view["name"], view["topics"], view["heaviness"], view["mine"]) == ("Robin", ["loneliness"], 6, True)
    assert [each["seq"] for each in desk.frames if each["type"] == "entry"] == list(range(1, 8))
    assert waiting.seeker.id not in json.dumps(desk.frames)


async def test_when_two_accept_one_has_it_and_the_other_is_told_who(house: House) -> None:
    await house.hire("Mira")
    await house.hire("Sam")
    waiting = await house.arrive()
    async with desk_of(house, "mira") as one, desk_of(house, "sam") as two:
        answers = await asyncio.gather(
            one.ask("accept", conversation=waiting.id), two.ask("accept", conversation=waiting.id)
        )
        held = (await house.conversation(waiting.id)).supporter_name
        assert sorted(each["type"] for each in answers) == ["ok", "refused"]
        [late] = [each for each in answers if each["type"] == "refused"]
        assert (late["code"], late["next"]) == ("taken", f"{held} has this conversation.")
        for desk in (one, two):
            await offers_of(desk, 0)


async def test_declining_is_never_a_dead_end(house: House) -> None:
    await house.hire("Mira")
    waiting = await house.arrive()
    async with desk_of(house, "mira") as desk:
        await offers_of(desk, 1)
        assert (await desk.ask("decline", conversation=waiting.id, why="close_to_home"))["type"] == "ok"
        await offers_of(desk, 0)
    assert [event.why for event in house.front.of(Declined)] == ["close_to_home"]


async def test_words_go_out_once_however_often_they_are_sent(house: House) -> None:
    await house.hire("Mira")
    held = await house.give((await house.arrive()).id, "mira")
    async with desk_of(house, "mira") as desk:
        for _ in range(3):
            assert (await desk.ask("say", id="same", conversation=held.id, text="  Hello\x00 Robin  "))["type"] == "ok"
        entry = await desk.entry("Hello Robin")
        await desk.settled()
        assert (entry["refers"], entry["from"], entry["name"]) == ("same", "supporter", "Mira")
        assert desk.texts(held.id).count("Hello Robin") == 1
    assert house.front.of(SupporterWrote)[0].id == "desk:mira:same"


async def test_both_sides_see_each_other_write_and_read(house: House) -> None:
    await house.hire("Mira")
    held = await house.give((await house.arrive()).id, "mira")
    topic = f"feed:{held.pseudonym}"
    async with desk_of(house, "mira") as desk, house.store.listen([topic]) as notices:
        await desk.until_type("marks")
        said = await house.say(held.id, Speaker.SEEKER, "are you there?")
        await desk.entry("are you there?")
        await house.store.publish(Notice(topic, "typing", Speaker.SEEKER.value))
        assert (await desk.until_type("typing"))["conversation"] == held.id
        await desk.send("typing", conversation=held.id)
        await desk.send("read", conversation=held.id, seq=said.seq)
        await desk.settled()
        assert (await house.store.marks(held.pseudonym)).desk_read == said.seq
        typed = [await anext(notices) for _ in range(3)]
        assert "Mira" in [each.body for each in typed if each.kind == "typing"]
        await house.store.mark(held.pseudonym, delivered=said.seq, read=said.seq)
        await desk.until(lambda frame: frame["type"] == "marks" and frame["read"] == said.seq)


async def test_reading_the_future_marks_no_more_than_there_is(house: House) -> None:
    await house.hire("Mira")
    held = await house.give((await house.arrive()).id, "mira")
    async with desk_of(house, "mira") as desk:
        await desk.send("read", conversation=held.id, seq=10**9)
        await desk.settled()
    assert (await house.store.marks(held.pseudonym)).desk_read == held.seq


async def test_a_desk_that_comes_back_gets_only_what_it_missed(house: House) -> None:
    await house.hire("Mira")
    held = await house.give((await house.arrive()).id, "mira")
    await house.say(held.id, Speaker.SEEKER, "said while away")
    async with desk_of(house, "mira", after={held.id: [held.seq, 0]}) as desk:
        await desk.entry("said while away")
        await desk.until_type("marks")
        assert desk.texts(held.id) == ["said while away"]


async def test_notices_that_were_lost_are_read_again(house: House) -> None:
    await house.hire("Mira")
    held = await house.give((await house.arrive()).id, "mira")
    async with desk_of(house, "mira") as desk:
        await desk.until_type("marks")
        house.store.lose_notices()
        await house.say(held.id, Speaker.SEEKER, "one")
        await house.say(held.id, Speaker.SEEKER, "two")
        await desk.entry("two")
        assert desk.texts(held.id)[-2:] == ["one", "two"]


async def test_a_note_never_reaches_the_seekers_feed(house: House) -> None:
    await house.hire("Mira")
    held = await house.give((await house.arrive()).id, "mira")
    async with desk_of(house, "mira") as desk:
        assert (await desk.ask("note", conversation=held.id, text="for the desk alone"))["type"] == "ok"
        note = await desk.until_type("margin")
    assert (note["text"], note["name"], note["kind"]) == ("for the desk alone", "Mira", "note")
    assert "for the desk alone" not in [entry.text for entry in await house.store.feed(held.pseudonym)]


async def test_resources_are_found_and_sent_by_id(house: House) -> None:
    await house.hire("Mira")
    held = await house.give((await house.arrive()).id, "mira")
    async with desk_of(house, "mira") as desk:
        found = await desk.ask("search", conversation=held.id, text="something to breathe")
        assert [each["title"] for each in found["resources"]] == ["Breathing in a square"]
        assert "body" not in found["resources"][0]
        await desk.ask("resource", conversation=held.id, resource=found["resources"][0]["id"])
        entry = await desk.until(lambda frame: frame.get("kind") == "resource")
    assert entry["body"]["title"] == "Breathing in a square"
    assert house.front.of(ResourceSent)[0].resource == "square-breathing"


async def test_only_who_is_here_free_and_trained_is_named_for_a_transfer(house: House) -> None:
    await house.hire("Mira")
    await house.hire("Sam")
    await house.hire("Busy", presence=Presence.BUSY)
    await house.hire("Gone", present_until=1.0)
    await house.hire("Full", capacity=0)
    await house.hire("New", training=1)
    held = await house.give((await house.arrive(tier=Tier.ACTIVE)).id, "mira")
    async with desk_of(house, "mira") as desk, desk_of(house, "sam") as sam:
        assert (await mine(desk, held.id))["to"] == ["sam"]
        refused = await desk.ask("transfer", conversation=held.id, to="gone")
        assert refused["code"] == "not_free"
        assert (await desk.ask("transfer", conversation=held.id, to="sam"))["type"] == "ok"
        await desk.until(lambda frame: frame["type"] == "mine" and not frame["conversations"])
        await mine(sam, held.id)


async def test_after_letting_go_not_a_word_more_is_shown(house: House) -> None:
    await house.hire("Mira")
    held = await house.give((await house.arrive()).id, "mira")
    async with desk_of(house, "mira") as desk:
        assert (await desk.ask("release", conversation=held.id))["type"] == "ok"
        await desk.until(lambda frame: frame["type"] == "mine" and not frame["conversations"])
        await house.say(held.id, Speaker.SEEKER, "said to the next one")
        await desk.settled()
        assert "said to the next one" not in desk.texts(held.id)


@pytest.mark.parametrize("outcome", OUTCOMES)
async def test_a_conversation_closes_with_any_outcome(house: House, outcome: str) -> None:
    await house.hire("Mira")
    held = await house.give((await house.arrive()).id, "mira")
    async with desk_of(house, "mira") as desk:
        assert (await desk.ask("close", id="last", conversation=held.id, outcome=outcome))["type"] == "ok"
        await desk.until(lambda frame: frame["type"] == "mine" and not frame["conversations"])
        again = await desk.ask("close", id="last", conversation=held.id, outcome=outcome)
        assert again["type"] == "ok", "a retry of what was done is not refused"
    assert [event.outcome for event in house.front.of(SupporterClosed)] == [outcome]


async def test_being_here_is_renewed_while_the_desk_is_open(house: House) -> None:
    await house.hire("Mira", presence=Presence.BUSY)
    async with desk_of(house, "mira") as desk:
        await desk.settled()
        assert (await desk.until_type("me"))["presence"] == "busy", "the switch survives a reconnect"
        assert house.front.of(PresenceRenewed)
        await desk.ask("presence", state="available")
        await desk.until(lambda frame: frame["type"] == "me" and frame["presence"] == "available")


async def test_a_nudge_reaches_the_desk_it_is_for(house: House) -> None:
    await house.hire("Mira")
    waiting = await house.arrive()
    async with desk_of(house, "mira") as desk:
        await desk.settled()
        await house.store.publish(Notice("desk:mira", "nudge", (waiting.id, "assigned")))
        nudge = await desk.until_type("nudge")
    assert (nudge["conversation"], nudge["kind"]) == (waiting.id, "assigned")


async def test_where_a_conversation_went_is_said(house: House) -> None:
    await house.hire("Mira")
    await house.hire("Sam")
    for act, fields, why, holder in (
        ("release", {}, "queue", ""),
        ("transfer", {"to": "sam"}, "holder", "Sam"),
        ("close", {"outcome": "other"}, "closed", ""),
    ):
        held = await house.give((await house.arrive()).id, "mira")
        async with desk_of(house, "mira") as desk:
            assert (await desk.ask(act, id=f"{act}-it", conversation=held.id, **fields))["type"] == "ok"
            left = await desk.until_type("left")
            assert (left["conversation"], left["why"], left["holder"]) == (held.id, why, holder)


async def test_two_pages_of_one_supporter_show_the_same(house: House) -> None:
    await house.hire("Mira")
    waiting = await house.arrive()
    session = await house.session("mira")
    async with desk_of(house, "mira", session=session) as one, desk_of(house, "mira", session=session) as two:
        await one.ask("accept", conversation=waiting.id)
        await one.ask("say", conversation=waiting.id, text="Hello")
        for desk in (one, two):
            await desk.entry("Hello")
    assert len(house.front.of(Claimed)) == 1
