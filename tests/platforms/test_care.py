"""Around a crisis, on Telegram and with supporters in Slack: calling, a plan that Slack never sees, a follow-up."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from connectors.slack.kept import Kept
from connectors.slack.names import Action, Modal
from handoff.core.conversation import Deadline
from tests.conftest import RedisProcess
from tests.emulators.slack import Member, SlackWorld
from tests.emulators.telegram import Person, TelegramWorld
from tests.emulators.telegram_people import text_of
from tests.journey.care import ANSWERS, comes_due, in_plain_text, leaks
from tests.journey.line import eventually
from tests.journey.processes import OwnLine, StandInBot, own_line
from tests.platforms.both import SOCKET, both_settings, on_the_roster, reach
from tests.platforms.people import known_talk, talk_of

pytestmark = pytest.mark.asyncio(loop_scope="session")
WORDS = "i want to kill myself"
QUESTION = "what makes calling hard"
_chats = itertools.count(7000)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def line(
    redis: RedisProcess, bot: StandInBot, telegram: TelegramWorld, slack: SlackWorld,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[OwnLine]:  # fmt: skip
    folder = tmp_path_factory.mktemp("line")
    settings = both_settings(
        folder, redis.url, bot.url, telegram, slack, line="care", calling_question_seconds=1,
        crisis_cooldown_seconds=1,
    )  # fmt: skip
    async with own_line(settings) as running:
        await reach(slack, settings, SOCKET)
        await on_the_roster(running, slack, slack.member("ana"))
        yield running


@pytest.fixture
def ann(telegram: TelegramWorld) -> Person:
    return telegram.person(chat=next(_chats))


async def makes_a_plan(ann: Person) -> None:
    await ann.writes("/plan")
    for asked, answer in ANSWERS.items():
        await ann.sees(asked)
        await ann.writes(answer)
    await ann.sees("Your safety plan")


async def talks_with(line: OwnLine, slack: SlackWorld, ann: Person, who: Member) -> tuple[str, str]:
    """This supporter, alone on the roster, is assigned the crisis and accepts it; (channel, thread)."""
    await who.runs("/warmline", "available")

    async def assigned() -> bool:
        return (await talk_of(line, ann)).assigned_to is not None

    await eventually(assigned, "the crisis is assigned")
    short = (await talk_of(line, ann)).pseudonym[:4]
    card = await slack.sees(slack.queue, short)
    await who.clicks(slack.queue, card["ts"], Action.QUEUE_ACCEPT)
    await ann.sees(f"{who.name.title()} is here")
    kept, about = Kept(line.store, 3600), (await talk_of(line, ann)).id

    async def opened() -> bool:
        return (await kept.talk(about)).open is not None

    await eventually(opened, "the thread is opened, beside the message that brought the crisis")
    place = (await kept.talk(about)).open
    assert place is not None
    return place.channel, place.ts


async def goes(line: OwnLine, ann: Person) -> None:
    """Everything about them is deleted, so that nobody waits any more."""
    await ann.writes("/erase")
    await ann.taps("Yes, delete everything")
    await ann.sees("is being deleted everywhere")

    async def forgotten() -> bool:
        return await known_talk(line, ann) is None

    await eventually(forgotten, "nothing is kept", 30)


async def test_after_the_card_one_question_and_an_answer_that_leads_back_to_it(line: OwnLine, ann: Person) -> None:
    await ann.writes(WORDS)
    await ann.sees(QUESTION)
    await ann.taps("That police may come")
    await ann.sees("nobody is sent")
    cards = [each for each in await ann.texts() if "Find A Helpline" in each]
    await ann.taps("Urgent help")

    async def again() -> bool:
        return len([each for each in await ann.texts() if "Find A Helpline" in each]) > len(cards)

    await eventually(again, "the card once more")
    assert len([each for each in await ann.texts() if QUESTION in each]) == 1
    await goes(line, ann)


async def test_a_plan_never_reaches_slack_unless_the_person_sends_it(
    line: OwnLine, slack: SlackWorld, bot: StandInBot, ann: Person
) -> None:
    await ann.writes(WORDS)
    await ann.sees("Are you safe right now?")
    await makes_a_plan(ann)
    channel, thread = await talks_with(line, slack, ann, slack.member("ana"))
    await ann.writes("/plan")
    await ann.writes("a word for ana")
    await slack.sees(channel, "a word for ana", thread)
    everywhere = [await slack.messages(slack.queue), await slack.messages(slack.leads), slack.front.homes]
    everywhere.append(await slack.messages(channel, thread))
    assert leaks(str(everywhere), str(bot.asked)) == []
    assert await in_plain_text(line) == []
    await ann.taps("Show it to my supporter")
    await slack.sees(channel, "heron pond", thread)
    await slack.member("ana").clicks(channel, thread, Action.CLOSE)
    await slack.member("ana").submits(Modal.CLOSE, outcome="supported")
    await ann.sees("has closed this conversation")


async def test_a_corrected_message_corrects_the_plan_and_it_comes_with_the_export_and_goes_with_erase(
    line: OwnLine, ann: Person
) -> None:
    await ann.writes(WORDS)
    await ann.sees("Are you safe right now?")
    await ann.writes("/plan")
    await ann.sees("1 of 5")
    first = await ann.writes("i stop singing")
    await ann.sees("2 of 5")
    await ann.edits(first, "i stop humming")

    async def corrected() -> bool:
        return "i stop humming" in (await talk_of(line, ann)).plan.answers.values()

    await eventually(corrected, "the plan is corrected")
    await ann.writes("stop")
    await ann.sees("Your safety plan")
    await ann.writes("/export")
    file = await ann.sees("everything we keep")
    text = (await ann.world.file(file["document"]["file_id"])).decode()
    assert "Your safety plan\n\nWarning signs\ni stop humming" in text
    await goes(line, ann)


async def test_a_follow_up_comes_by_itself_when_and_as_it_was_wished(
    line: OwnLine, slack: SlackWorld, ann: Person
) -> None:
    ana = slack.member("ana")
    await ann.writes(WORDS)
    await ann.sees("Are you safe right now?")
    channel, thread = await talks_with(line, slack, ann, ana)
    await ana.writes(channel, "hello, I am here", thread)
    await ann.sees("hello, I am here")
    await ana.clicks(channel, thread, Action.CLOSE)
    await ana.submits(Modal.CLOSE, outcome="supported")
    await ann.sees("a short message from here another day")
    await ann.taps("In two days")
    await ann.taps("Here is your message")
    promise = text_of(await ann.sees("In two days, at about this time"))
    assert "It comes by itself" in promise
    await comes_due(line, (await talk_of(line, ann)).id, Deadline.FOLLOW_UP)

    async def came() -> bool:
        return any(each.startswith("You asked for a message today.") for each in await ann.texts())

    await eventually(came, "the follow-up")
    await ann.taps("All fine, thanks")
    await ann.sees("I'm glad")
