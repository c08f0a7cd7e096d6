"""Around a crisis, on the web chat: what makes calling hard, a safety plan for oneself, and a follow-up if wished."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from handoff.core.conversation import Deadline
from handoff.core.plan import NO_PLAN
from tests.conftest import RedisProcess
from tests.journey.care import ANSWERS, comes_due, in_plain_text, leaks
from tests.journey.line import eventually
from tests.journey.processes import OwnLine, StandInBot, line_settings, own_line
from tests.journey.talk import Frame, Seeker

pytestmark = pytest.mark.asyncio(loop_scope="session")

WORDS = "I want to kill myself"
NOW = "I have the pills in my hand and I am taking them now"
QUESTION = "what makes calling hard"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def line(
    redis: RedisProcess, bot: StandInBot, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[OwnLine]:
    settings = line_settings(
        tmp_path_factory.mktemp("line"), redis.url, bot.url, calling_question_seconds=1, log_level="DEBUG"
    )
    async with own_line(settings) as running:
        yield running


async def in_crisis(seeker: Seeker, words: str = WORDS) -> Frame:
    """Say them; the card, which their page has shown."""
    said = await seeker.say(words)
    card = await seeker.card(after=said["seq"])
    await seeker.send("got", seq=card["seq"])
    return card


async def makes_a_plan(seeker: Seeker) -> Frame:
    """Answer every heading; the plan as it is shown."""
    await seeker.tap("warmline:plan", "My safety plan")
    for asked, answer in ANSWERS.items():
        question = await seeker.hears(asked)
        await seeker.say(answer)
    return await seeker.hears("Your safety plan", after=question["seq"])


def offered(entry: Frame) -> list[str]:
    return [each["payload"] for each in entry["buttons"]]


# --- what makes calling hard ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [WORDS, NOW])
async def test_after_the_card_was_shown_one_question_and_every_answer_leads_back_to_it(
    empty_line: OwnLine, words: str
) -> None:
    async with empty_line.seeker(country="GB") as seeker:
        card = await in_crisis(seeker, words)
        question = await seeker.hears(QUESTION, after=card["seq"])
        for choice in question["buttons"]:
            await seeker.tap(choice["payload"], choice["title"])
            picked = await seeker.hears(choice["title"], speaker="seeker", after=question["seq"])
            answer = await seeker.hears("", speaker="system", after=picked["seq"])
            assert offered(answer) == ["warmline:urgent"]
        await seeker.tap("warmline:urgent", "Urgent help")
        again = await seeker.card(after=answer["seq"])
        await seeker.send("got", seq=again["seq"])
        await seeker.say("still here")
        known = await empty_line.conversation(seeker.conversation)
        assert (known.calling_asked, Deadline.CALLING in known.deadlines) == (True, False)
        assert len([each for each in seeker.entries if QUESTION in str(each["text"])]) == 1


async def test_nobody_is_asked_while_a_supporter_is_here(empty_line: OwnLine) -> None:
    sam = await empty_line.hire("Sam")
    async with empty_line.seeker(country="GB") as seeker, empty_line.desk(sam) as desk:
        await seeker.say("hello")
        await seeker.tap("warmline:person", "I want a person")
        await desk.accept(seeker.conversation)
        await desk.say(seeker.conversation, "hello, I am here")
        await in_crisis(seeker)

        async def confirmed() -> bool:
            return (await empty_line.conversation(seeker.conversation)).card_confirmed

        await eventually(confirmed, "the card is confirmed")
        known = await empty_line.conversation(seeker.conversation)
        assert (known.calling_asked, Deadline.CALLING in known.deadlines) == (False, False)


# --- the safety plan ------------------------------------------------------------------------------------------------


async def test_a_plan_is_built_while_waiting_and_nobody_else_ever_reads_it(
    empty_line: OwnLine, bot: StandInBot
) -> None:
    lead = await empty_line.hire("Joan", lead=True)
    async with empty_line.seeker() as seeker:
        await in_crisis(seeker)
        shown = await makes_a_plan(seeker)
        assert leaks(shown["text"]) == [*leaks(*ANSWERS.values())]
        talk = seeker.conversation
        async with empty_line.desk(lead) as desk:
            await desk.accept(talk)
            await seeker.hears("Joan is here")
            await seeker.tap("warmline:plan_show", "Show my plan")
            again = await seeker.hears("Your safety plan", after=shown["seq"])
            assert "warmline:plan_send" in offered(again)
            await desk.ask("history", conversation=talk)
            await seeker.say("the last word for the desk")
            await desk.hears(talk, "the last word for the desk")
            assert leaks(str(desk.frames)) == []
            assert (await desk.ask("close", conversation=talk, outcome="supported"))["type"] == "ok"
        sealed = (await empty_line.recorded("transcripts", conversation=talk))["words"]
        assert "the last word for the desk" in str(empty_line.opened(sealed))
        assert leaks(str(empty_line.opened(sealed)), str(bot.asked)) == []
        assert await in_plain_text(empty_line) == []


async def test_while_waiting_grounding_stands_beside_the_plan(empty_line: OwnLine, bot: StandInBot) -> None:
    async with empty_line.seeker(country="GB") as seeker:
        card = await in_crisis(seeker)
        await seeker.say("are you there?")
        told = await seeker.hears("I've kept what you wrote", after=card["seq"])
        assert offered(told) == ["warmline:urgent", "warmline:plan", "warmline:resources"]
        await seeker.tap("warmline:resources", "Something to try")
        await seeker.hears("I heard: /ask_exercise", speaker="bot")
        assert bot.heard(seeker.conversation) == ["/ask_exercise"]


async def test_it_is_read_by_a_supporter_when_the_person_sends_it(empty_line: OwnLine) -> None:
    sam = await empty_line.hire("Sam")
    async with empty_line.seeker() as seeker, empty_line.desk(sam) as desk:
        await in_crisis(seeker)
        await makes_a_plan(seeker)
        await desk.accept(seeker.conversation)
        await seeker.hears("Sam is here")
        await seeker.tap("warmline:plan_send", "Show it to my supporter")
        sent = await desk.hears(seeker.conversation, "My safety plan")
        assert leaks(sent["text"]) == leaks(*ANSWERS.values())


async def test_danger_in_an_answer_is_met_like_danger_anywhere(empty_line: OwnLine) -> None:
    async with empty_line.seeker(country="GB") as seeker:
        await seeker.say("/plan")
        await seeker.hears("1 of 5")
        said = await seeker.say(WORDS)
        card = await seeker.card(after=said["seq"])
        assert card["seq"] == said["seq"] + 1
        paused = await seeker.hears("saved", after=card["seq"])
        assert "warmline:plan_go_on" in offered(paused)
        await seeker.tap("warmline:plan_go_on", "Go on with my plan")
        await seeker.hears("2 of 5")


async def test_it_outlives_a_restart_and_is_erased_with_everything(empty_line: OwnLine) -> None:
    async with empty_line.seeker() as seeker:
        await in_crisis(seeker)
        shown = await makes_a_plan(seeker)
        await seeker.leave()
        empty_line.service.kill()
        await empty_line.service.start()
        await seeker.connect()
        await seeker.say("/plan")
        again = await seeker.hears("Your safety plan", after=shown["seq"])
        assert leaks(again["text"]) == leaks(*ANSWERS.values())
        talk = seeker.conversation
        name = (await empty_line.conversation(talk)).pseudonym
        await seeker.tap("warmline:forget_confirmed", "Yes, delete everything")

        async def forgotten() -> bool:
            return await empty_line.store.conversation(talk) is None and not await empty_line.keys(name)

        await eventually(forgotten, "nothing is kept")


async def test_it_can_be_changed_and_deleted(empty_line: OwnLine) -> None:
    async with empty_line.seeker() as seeker:
        await in_crisis(seeker)
        await seeker.say("/plan")
        await seeker.hears("1 of 5")
        await seeker.say(ANSWERS["1 of 5"])
        await seeker.hears("2 of 5")
        await seeker.tap("warmline:plan_stop", "Stop here")
        shown = await seeker.hears("Your safety plan")
        assert offered(shown) == ["warmline:plan_change", "warmline:plan_delete", "warmline:urgent"]
        await seeker.tap("warmline:plan_signs", "Warning signs")
        await seeker.hears("1 of 5", after=shown["seq"])
        await seeker.say("i stop singing")
        changed = await seeker.hears("Your safety plan", after=shown["seq"])
        assert "i stop singing" in changed["text"]
        assert leaks(changed["text"]) == []
        await seeker.tap("warmline:plan_delete", "Delete my plan")
        await seeker.tap("warmline:plan_delete_confirmed", "Yes, delete the plan")
        await seeker.hears("Your plan is deleted")
        assert (await empty_line.conversation(seeker.conversation)).plan == NO_PLAN


# --- the follow-up --------------------------------------------------------------------------------------------------


async def closed_after_a_crisis(line: OwnLine, seeker: Seeker) -> Frame:
    """A crisis, a talk, and its end; the offer."""
    sam = await line.hire("Sam")
    async with line.desk(sam) as desk:
        await in_crisis(seeker)
        await desk.accept(seeker.conversation)
        await desk.say(seeker.conversation, "hello, I am here")
        await seeker.hears("hello, I am here")
        assert (await desk.ask("close", conversation=seeker.conversation, outcome="supported"))["type"] == "ok"
        return await seeker.hears("a short message from here another day")


async def test_after_a_crisis_a_message_comes_when_and_as_it_was_wished(empty_line: OwnLine) -> None:
    async with empty_line.seeker() as seeker:
        await closed_after_a_crisis(empty_line, seeker)
        await seeker.tap("warmline:follow_two_days", "In two days")
        await seeker.hears("Which words")
        await seeker.tap("warmline:follow_thinking", "How are you today?")
        promised = await seeker.hears("In two days, at about this time")
        await empty_line.send_home()
        await comes_due(empty_line, seeker.conversation, Deadline.FOLLOW_UP)
        came = await seeker.hears("Hi! How are you today?", after=promised["seq"])
        assert "nobody from the team is here right now" in came["text"]
        assert offered(came) == ["warmline:follow_fine", "warmline:follow_talk"]
        await seeker.tap("warmline:follow_talk", "I'd like to talk")
        await seeker.hears("no supporter is here right now", after=came["seq"])


async def test_it_can_be_declined_and_cancelled(empty_line: OwnLine) -> None:
    async with empty_line.seeker() as seeker:
        await closed_after_a_crisis(empty_line, seeker)
        await seeker.tap("warmline:follow_none", "No, thank you")
        await seeker.hears("All right, no message")
        await seeker.tap("warmline:follow_week", "In a week")
        await seeker.tap("warmline:follow_hello", "Hello again!")
        await seeker.hears("In a week, at about this time")
        await seeker.tap("warmline:follow_cancel", "Don't send it")
        await seeker.hears("I won't send it")
        assert Deadline.FOLLOW_UP not in (await empty_line.conversation(seeker.conversation)).deadlines
