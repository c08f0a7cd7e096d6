"""The web chat's protocol over a real WebSocket: the path through it, and what a client can rely on."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from connectors.web.outgoing import entry_frame
from handoff.core import events
from handoff.core.entries import Entry, Speaker
from handoff.ports import Notice, Refused
from tests.web.fake_front import CRISIS_WORDS
from tests.web.house import PATIENCE, House, eventually

PHASE_WAITING = {"phase": "waiting", "position": 2, "estimate": (5, 15), "supporter": "", "staffed": True}


async def test_somebody_new_is_welcomed_and_greeted(chat: House) -> None:
    async with chat.welcomed(language="en-GB", country="gb") as page:
        assert (page.welcome["fresh"], page.welcome["renewed"], page.welcome["seq"]) == (True, None, 0)
        assert page.welcome["line"] == "Harbour Light"
        greeting = await page.entry("Hi, I'm a bot.")
        assert greeting["from"] == "bot"
        assert greeting["buttons"][0] == {"title": "Yes, that's okay", "payload": "/consent_yes"}
    opened = chat.front.of(events.SeekerOpened)[0]
    assert (opened.language, opened.country) == ("en", "GB")


async def test_words_are_answered_and_come_back_as_an_entry(chat: House) -> None:
    async with chat.welcomed() as page:
        await page.send(type="say", id="a-1", text="hello")
        assert await page.answer("a-1") == {"type": "ok", "id": "a-1"}
        mine = await page.entry("hello")
        assert (mine["from"], mine["refers"]) == ("seeker", "a-1")
        answer = await page.entry("I heard: hello")
        assert answer["seq"] == mine["seq"] + 1
        assert answer["at"] > 1_700_000_000_000
    wrote = chat.front.of(events.SeekerWrote)[0]
    assert wrote.id == f"{wrote.seeker}:a-1"
    assert wrote.seeker.channel == "web"


def test_a_supporters_line_tells_neither_who_they_are_on_the_roster_nor_their_desks_ids() -> None:
    line = Entry(
        seq=7, id="desk:sam-smith:f/1", at=0.0, conversation="c", speaker=Speaker.SUPPORTER, text="hello", refers="a-1"
    )
    told = entry_frame(line)
    assert (told["id"], told["refers"]) == ("c/7", "")
    assert entry_frame(replace(line, speaker=Speaker.SEEKER))["refers"] == "a-1"


async def test_a_tap_carries_its_payload_and_its_label(chat: House) -> None:
    async with chat.welcomed() as page:
        await page.send(type="tap", id="t", payload="warmline:urgent", label="Urgent help")
        await page.answer("t")
        assert (await page.next("state"))["phase"] == "intake"
    tapped = chat.front.of(events.SeekerTapped)[0]
    assert (tapped.payload, tapped.label, tapped.refers) == ("warmline:urgent", "Urgent help", "t")


async def test_a_repeat_is_answered_and_appears_once(chat: House) -> None:
    async with chat.welcomed() as page:
        for _ in range(3):
            await page.send(type="say", id="same", text="only once")
            assert (await page.answer("same"))["type"] == "ok"
        await page.settled()
    assert [each.text for each in await chat.front.feed()].count("only once") == 1


async def test_resume_brings_what_came_meanwhile_in_order(chat: House) -> None:
    async with chat.welcomed() as page:
        token = page.welcome["token"]
        last = (await page.entry("Hi, I'm a bot."))["seq"]
    for count in range(450):
        await chat.front.say(f"line {count}")
    async with chat.welcomed(token, after=last) as page:
        assert (page.welcome["fresh"], page.welcome["seq"]) == (False, last + 450)
        await page.entry("line 449")
        assert [each["seq"] for each in page.entries()] == list(range(last + 1, last + 451))


async def test_two_connections_of_one_person_show_the_same(chat: House) -> None:
    async with chat.welcomed() as one:
        await one.entry("Hi, I'm a bot.")
        async with chat.welcomed(one.welcome["token"]) as two:
            await one.send(type="say", id="x", text="from the first")
            await two.entry("I heard: from the first")
            await two.send(type="say", id="y", text="from the second")
            await one.entry("I heard: from the second")
            await two.entry("I heard: from the second")
            assert one.entries() == two.entries()


async def test_a_missed_notice_leaves_no_gap(chat: House) -> None:
    async with chat.welcomed() as page:
        await page.entry("Hi, I'm a bot.")
        await page.settled()
        feed = f"feed:{chat.front.pseudonym(chat.front.seeker)}"
        await chat.store.publish(Notice(feed, "gap"))
        await chat.front.say("after the gap")
        chat.store.lose_notices()
        await chat.front.say("and on")
        await page.entry("and on")
        assert [each["seq"] for each in page.entries()] == [1, 2, 3]


async def test_marks_are_kept_and_told(chat: House) -> None:
    async with chat.welcomed() as page:
        seq = (await page.entry("Hi, I'm a bot."))["seq"]
        await page.send(type="got", seq=seq)
        assert (await page.until(lambda frame: frame.get("delivered") == 1))["read"] == 0
        await page.send(type="read", seq=seq)
        who = chat.front.pseudonym(chat.front.seeker)
        await page.settled()
        await eventually(lambda: read_up_to(chat, who, seq))
        await chat.store.mark(who, desk_read=seq)
        assert await page.until(lambda frame: frame.get("read") == 1)


async def test_a_card_is_confirmed_once_it_was_shown_and_not_before(chat: House) -> None:
    async with chat.welcomed() as page:
        await page.send(type="say", id="c", text=CRISIS_WORDS)
        card = await page.until(lambda frame: frame["type"] == "entry" and frame["kind"] == "card")
        assert card["body"]["emergency"]["dial"] == "999"
        await page.send(type="got", seq=card["seq"] - 1)
        await page.until(lambda frame: frame.get("delivered") == card["seq"] - 1)
        assert chat.front.of(events.CardConfirmed) == []
        await page.send(type="got", seq=card["seq"])
        await page.until(lambda frame: frame.get("delivered") == card["seq"])
    assert [each.seq for each in chat.front.of(events.CardConfirmed)] == [card["seq"]]


async def test_the_standing_is_told_on_change_and_again_while_waiting(chat: House) -> None:
    async with chat.welcomed() as page:
        assert (await page.next("state"))["phase"] == "intake"
        chat.front.now = PHASE_WAITING
        await chat.front.say("You are in the queue.", speaker=Speaker.SYSTEM)
        told = await page.next("state")
        assert told == {**PHASE_WAITING, "type": "state", "estimate": [5, 15]}
        assert await page.next("state") == told
        chat.front.now = {**PHASE_WAITING, "phase": "live", "position": None, "estimate": None, "supporter": "Sam"}
        await chat.front.say("Sam is here.", speaker=Speaker.SYSTEM)
        assert (await page.until(lambda frame: frame.get("phase") == "live"))["supporter"] == "Sam"


async def test_typing_goes_both_ways_and_never_back_to_oneself(chat: House) -> None:
    async with chat.welcomed() as page:
        await page.entry("Hi, I'm a bot.")
        topic = f"feed:{chat.front.pseudonym(chat.front.seeker)}"
        async with chat.store.listen([topic]) as notices:
            await page.send(type="typing")
            async with asyncio.timeout(PATIENCE):
                assert (await anext(notices)).body == "seeker"
            await chat.store.publish(Notice(topic, "typing", "supporter"))
            await chat.store.publish(Notice(topic, "typing", "Sam"))
            assert await page.next("typing") == {"type": "typing", "from": "supporter", "name": ""}
            assert await page.next("typing") == {"type": "typing", "from": "supporter", "name": "Sam"}


async def test_feedback_becomes_an_event_and_every_part_is_optional(chat: House) -> None:
    async with chat.welcomed() as page:
        given = {"rating": 4, "mood_before": 2, "mood_after": 6, "words": "ok", "review": False}
        await page.send(type="feedback", id="f1", conversation="c1", **given)
        assert (await page.answer("f1"))["type"] == "ok"
        await page.send(type="feedback", id="f2", conversation="c1")
        assert (await page.answer("f2"))["type"] == "ok"
    full, bare = chat.front.of(events.FeedbackGiven)
    assert (full.rating, full.mood_before, full.mood_after, full.words, full.review) == (4, 2, 6, "ok", False)
    assert (bare.rating, bare.mood_before, bare.words, bare.review) == (None, None, "", None)


async def test_a_refusal_of_the_service_is_passed_on_as_it_is(chat: House) -> None:
    chat.front.refusals["too late"] = Refused("gone", "This conversation is over. Write again to begin a new one.")
    async with chat.welcomed() as page:
        await page.send(type="say", id="g", text="too late")
        refused = await page.answer("g")
        assert (refused["code"], refused["next"]) == (
            "gone",
            "This conversation is over. Write again to begin a new one.",
        )


async def test_the_last_words_before_leaving_are_still_heard(chat: House) -> None:
    async with chat.welcomed() as page:
        await page.settled()
        for count in range(5):
            await page.send(type="say", id=f"bye{count}", text=f"goodbye {count}")
        page.socket.transport.close()
    await eventually(lambda: len(chat.front.of(events.SeekerWrote)) == 5)
    assert [each.text for each in await chat.front.feed() if each.refers] == [f"goodbye {count}" for count in range(5)]


async def test_erasure_is_told_and_ends_the_connection(chat: House) -> None:
    async with chat.welcomed() as page:
        await page.entry("Hi, I'm a bot.")
        await page.settled()
        seeker = chat.front.seeker
        who = chat.front.pseudonym(seeker)
        known = await chat.store.current(seeker, who)
        assert known is not None
        await chat.store.erase(who, known.id)
        await page.next("erased")
        assert await page.closed() == 1000
    async with chat.welcomed(page.welcome["token"], after=1) as again:
        assert (again.welcome["renewed"], again.welcome["fresh"], again.welcome["seq"]) == ("erased", True, 0)


async def test_a_feed_shorter_than_the_page_believes_is_sent_anew(chat: House) -> None:
    async with chat.welcomed() as page:
        await page.entry("Hi, I'm a bot.")
    async with chat.welcomed(page.welcome["token"], after=40) as again:
        assert (again.welcome["seq"], again.welcome["fresh"]) == (1, False)
        assert (await again.entry("Hi, I'm a bot."))["seq"] == 1


async def read_up_to(chat: House, who: str, seq: int) -> bool:
    return (await chat.store.marks(who)).read == seq
