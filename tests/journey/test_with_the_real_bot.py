"""With the real bot, as `make run` starts it: asleep, awake, beside people, deleting in words, and discreet."""

from __future__ import annotations

import os
import signal

import pytest
import redis
from playwright.async_api import expect

from handoff.core.entries import Speaker
from tests.journey import whole_path as steps
from tests.journey.line import Line, eventually
from tests.journey.pages import Windows
from tests.journey.processes import MakeRun, signalled
from tests.journey.talk import Seeker
from tests.privacy.data_map import kind_of
from tests.privacy.searching import found_below

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_words_written_before_the_bot_is_awake_are_answered_once_it_is_and_nothing_is_lost(run: MakeRun) -> None:
    for pid in run.pids("rasa run") if run.is_awake else []:
        os.kill(pid, signal.SIGKILL)
    line = run.line()
    async with line.seeker(country="GB") as seeker:
        first = await seeker.say("hello, is somebody there")
        await seeker.hears("I'm just waking up", speaker="system", after=first["seq"])
        second = await seeker.say("i can wait")
        await run.awake()
        await seeker.until(
            lambda each: each["type"] == "entry" and each["from"] == "bot" and each["seq"] > second["seq"]
        )
        await seeker.tap("/consent_yes", "Yes, that's okay")
        await seeker.hears("What would you like to be called?", speaker="bot")
        said = await line.said(seeker.conversation, Speaker.SEEKER)
        assert said == ["hello, is somebody there", "i can wait", "Yes, that's okay"]
        told = await line.said(seeker.conversation, Speaker.SYSTEM)
        assert sum("waking up" in each for each in told) == 1
    await line.close()


async def test_from_the_first_words_to_the_feedback(empty_home: Line, run: MakeRun, windows: Windows) -> None:
    chat = await windows.chat(run.url)
    await steps.talks_with_the_bot(chat)
    conversation = await empty_home.conversation_with(steps.TROUBLE)
    told = (await empty_home.conversation(conversation)).intake
    assert (told.name, told.heaviness, told.share) == ("Sam", 8, True)
    assert {"anxiety", "work_study"} <= set(told.topics)
    await steps.asks_for_a_person(chat)
    desk = await steps.comes_to_the_desk(run, windows)
    await steps.sees_the_offer_without_words(desk, conversation)
    await desk.accept(conversation)
    await steps.reads_what_was_said(desk, conversation)
    await steps.talk(chat, desk, conversation)
    await steps.sends_a_note_and_a_resource(chat, desk, conversation)
    await steps.closes(desk, conversation)
    await steps.gives_feedback(chat)
    await steps.everything_is_kept(empty_home, await empty_home.conversation(conversation))


async def in_the_intake(seeker: Seeker, name: str) -> None:
    await seeker.tap("/consent_yes", "Yes, that's okay")
    await seeker.hears("What would you like to be called?", speaker="bot")
    await seeker.say(f"call me {name}")
    await seeker.hears("What brings you here", speaker="bot")


async def test_a_turn_of_the_bot_that_is_under_way_when_a_supporter_comes_is_never_heard(
    empty_home: Line, run: MakeRun
) -> None:
    mira = await empty_home.hire("Mira")
    async with empty_home.seeker(country="GB") as seeker, empty_home.desk(mira) as desk:
        await in_the_intake(seeker, "robin")
        await seeker.tap("warmline:person", "I want a person")
        with signalled(run.pids("rasa run"), signal.SIGSTOP, signal.SIGCONT):
            await seeker.say("how long will it take")
            await seeker.hears("I'm still thinking", speaker="system")
            await desk.accept(seeker.conversation)
            joined = await seeker.hears("Mira is here")
        await desk.say(seeker.conversation, "Hello, I am here")
        await seeker.say("good")

        async def the_bots_lane_is_empty() -> bool:
            return not await empty_home.keys(":lane:bot")

        await eventually(the_bots_lane_is_empty, "the bot's turn is over")
        await desk.say(seeker.conversation, "Take your time")
        await seeker.hears("Take your time")
        late = [each for each in await empty_home.feed(seeker.conversation) if each.seq > joined["seq"]]
        assert [each.speaker for each in late] == [Speaker.SUPPORTER, Speaker.SEEKER, Speaker.SUPPORTER]


async def test_crisis_words_to_the_real_bot_are_answered_by_the_card_alone(empty_home: Line) -> None:
    async with empty_home.seeker(country="GB") as seeker:
        await in_the_intake(seeker, "noor")
        said = await seeker.say("honestly I want to kill myself")
        card = await seeker.card(after=said["seq"])
        assert card["seq"] == said["seq"] + 1
        await seeker.say("i dont know what to do")
        await seeker.hears("I've kept what you wrote", speaker="system")
        later = [each.speaker for each in await empty_home.feed(seeker.conversation) if each.seq > said["seq"]]
        assert Speaker.BOT not in later


async def forgotten(line: Line, conversation: str, pseudonym: str) -> None:
    """Nothing of this person is left, in the store, in the bot's memory, or in the records."""

    async def gone() -> bool:
        keys = [*await line.keys(conversation), *await line.keys(pseudonym)]
        rows = [
            *line.rows("seekers", pseudonym=pseudonym), *line.rows("consents", pseudonym=pseudonym),
            *line.rows("conversations", pseudonym=pseudonym), *line.rows("transcripts", pseudonym=pseudonym),
            *line.rows("reviews", pseudonym=pseudonym),
        ]  # fmt: skip
        return keys == [f"{{{line.settings.line}}}:forgotten:{conversation}"] and not rows

    await eventually(gone, f"everything is gone; left: {await line.keys(conversation)} {await line.keys(pseudonym)}")


async def test_deleting_in_words_asks_once_more_and_then_leaves_nothing(empty_home: Line) -> None:
    async with empty_home.seeker(country="GB") as seeker:
        await in_the_intake(seeker, "ola")
        known = await empty_home.conversation(seeker.conversation)
        assert await empty_home.keys(f":tracker:{known.id}")
        await empty_home.recorded("seekers", pseudonym=known.pseudonym)
        await seeker.say("please delete everything about me")
        await seeker.hears("can't be undone", speaker="bot")
        assert await empty_home.keys(known.pseudonym)
        await seeker.ask("say", text="yes")
        await seeker.until(lambda each: each["type"] == "erased")
        await forgotten(empty_home, known.id, known.pseudonym)


async def test_deleting_from_the_menu_clears_the_page_and_leaves_nothing(empty_home: Line, windows: Windows) -> None:
    chat = await windows.chat(empty_home.url)
    await chat.tap("Yes, that's okay")
    await chat.hears("What would you like to be called?")
    await chat.write("call me wrenna")
    await chat.hears("What brings you here")
    known = await empty_home.conversation(await empty_home.conversation_with("call me wrenna"))
    assert await empty_home.keys(f":tracker:{known.id}")
    await chat.page.get_by_role("button", name="Menu").click()
    await chat.page.get_by_role("button", name="Delete my conversation").click()
    await chat.page.get_by_role("button", name="Delete everything").click()
    await expect(chat.page.get_by_role("heading", name="It is deleted")).to_be_visible()
    await expect(chat.log).not_to_contain_text("wrenna")
    assert await chat.page.evaluate("Object.keys(localStorage)") == []
    await forgotten(empty_home, known.id, known.pseudonym)


async def test_a_turn_that_is_under_way_while_somebody_deletes_brings_no_memory_back(
    empty_home: Line, run: MakeRun
) -> None:
    async with empty_home.seeker(country="GB") as seeker:
        await in_the_intake(seeker, "ines")
        known = await empty_home.conversation(seeker.conversation)
        with signalled(run.pids("rasa run"), signal.SIGSTOP, signal.SIGCONT):
            await seeker.say("it is about my brother")
            await seeker.hears("I'm still thinking", speaker="system")
            await seeker.ask("tap", payload="warmline:forget_confirmed", label="Delete everything")
            await seeker.until(lambda each: each["type"] == "erased")
            await forgotten(empty_home, known.id, known.pseudonym)
    async with empty_home.seeker(country="GB") as somebody_else:
        await in_the_intake(somebody_else, "ada")
    await forgotten(empty_home, known.id, known.pseudonym)


async def test_nobodys_words_lie_in_any_file_in_the_clear(empty_home: Line, run: MakeRun) -> None:
    mira = await empty_home.hire("Mira")
    async with empty_home.seeker(country="GB") as seeker, empty_home.desk(mira) as desk:
        await in_the_intake(seeker, "quillon")
        await seeker.say("my zibbeth farm makes me anxious")
        await seeker.hears("How heavy", speaker="bot")
        await seeker.tap("/leave_message", "Leave a message")
        await seeker.hears("message", speaker="bot", after=seeker.last)
        await seeker.say("tell them about the vorpine")
        await seeker.say("get me a person, i am so done with the plovex")
        await seeker.tap("warmline:person", "I want a person")
        conversation = seeker.conversation
        await desk.accept(conversation)
        await desk.say(conversation, "Is the grunsel still there?")
        await seeker.hears("Is the grunsel still there?")
        await desk.ask("note", conversation=conversation, text="may need the trelvane team")
        await desk.ask("escalate", conversation=conversation, why="the cromlek came up")
        await seeker.say("I want to kill myself because of the drossel")
        await desk.hears(conversation, "drossel")
        await desk.ask("close", conversation=conversation, outcome="supported")
        given = {"conversation": conversation, "rating": 5, "words": "the yarrowby helped"}
        assert (await seeker.ask("feedback", **given))["type"] == "ok"
        await empty_home.recorded("feedback", conversation=conversation)
        await empty_home.recorded("transcripts", conversation=conversation)
    words = ["quillon", "zibbeth", "vorpine", "plovex", "grunsel", "trelvane", "cromlek", "drossel", "yarrowby"]
    assert await empty_home.keys(f":tracker:{conversation}"), "the bot's memory holds words too"
    files = [each for each in run.var.rglob("*") if each.is_file() and "encoder" not in each.parts]
    assert {"warmline.log", "service.log", "rasa.log", "actions.log", "warmline.db"} <= {each.name for each in files}
    assert any(each.suffix == ".aof" for each in files)
    assert found_below(run.var, words) == []
    below = [str(each.relative_to(run.var)) for each in files]
    assert [each for each in below if kind_of(each) is None] == [], "a file that the data map does not have"
    with redis.Redis.from_url(empty_home.settings.redis_url) as client:
        client.config_set("rdbcompression", "no")
        client.save()
    assert (run.var / "redis" / "dump.rdb").exists()
    assert found_below(run.var / "redis", words) == []
