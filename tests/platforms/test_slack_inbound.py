"""What supporters do in Slack, through an emulator nobody here wrote: over a socket, and over HTTP with signatures."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from connectors.slack.names import COMMAND_NOTE, SHORTCUT_NOTE, Action, Modal
from handoff.core.conversation import Phase
from handoff.core.entries import EntryKind
from tests.conftest import RedisProcess
from tests.emulators.slack import Member, SlackWorld
from tests.emulators.slack_blocks import Json, action_of, element_in, words_of
from tests.emulators.slack_front import APP_TOKEN, BOT_TOKEN, SECRET
from tests.journey.line import eventually
from tests.journey.processes import OwnLine, StandInBot, line_settings, own_line
from tests.journey.talk import Seeker
from tests.platforms.both import HTTP, SOCKET, on_the_roster, reach

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=[SOCKET, HTTP])
async def line(
    request: pytest.FixtureRequest,
    redis: RedisProcess,
    bot: StandInBot,
    slack: SlackWorld,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[OwnLine]:
    way = request.param
    door = {"slack_app_token": APP_TOKEN} if way == SOCKET else {"slack_signing_secret": SECRET}
    settings = line_settings(
        tmp_path_factory.mktemp("line"), redis.url, bot.url, line=f"inbound-{way}", slack_bot_token=BOT_TOKEN,
        slack_api=slack.api, slack_queue_channel=slack.queue, slack_leads_channel=slack.leads, **door,
    )  # fmt: skip
    slack.front.http_url = f"{settings.base_url()}/slack/events" if way == HTTP else None
    async with own_line(settings) as running:
        await reach(slack, settings, way)
        await on_the_roster(running, slack, slack.member("ana"), capacity=9)
        await on_the_roster(running, slack, slack.member("lou"), lead=True)
        yield running


async def waiting(line: OwnLine, slack: SlackWorld, ann: Seeker) -> tuple[str, str]:
    """Ann asked for a person; (pseudonym's short form, where the card stands)."""
    await ann.say("i can't sleep")
    await ann.tap("warmline:person")
    await ann.hears("I'm looking for a supporter")
    short = (await line.conversation(ann.conversation)).pseudonym[:4]
    return short, str((await slack.sees(slack.queue, short))["ts"])


async def accepted(line: OwnLine, slack: SlackWorld, ann: Seeker, who: Member) -> tuple[str, str]:
    """Where the thread is."""
    await who.runs("/warmline", "available")
    short, card = await waiting(line, slack, ann)
    await who.clicks(slack.queue, card, Action.QUEUE_ACCEPT)
    return await who.thread_about(short)


async def held_by(line: OwnLine, name: str) -> tuple[str, ...]:
    return next(each.holding for each in await line.store.supporters() if each.name == name)


def clicked(channel: str, message: Json, action: Action) -> Json:
    """A button under a message as it stood when somebody looked at it."""
    return {
        "type": "block_actions", "channel": {"id": channel}, "message": message,
        "container": {"type": "message", "channel_id": channel, "message_ts": message["ts"]},
        "actions": [action_of(element_in(message["blocks"], action))],
    }  # fmt: skip


async def test_the_first_click_wins_and_a_late_one_is_told(line: OwnLine, slack: SlackWorld) -> None:
    ana, lou = slack.member("ana"), slack.member("lou")
    async with line.seeker() as ann:
        await ana.runs("/warmline", "available")
        await lou.runs("/warmline", "available")
        _, card = await waiting(line, slack, ann)
        before = next(each for each in await slack.messages(slack.queue) if each["ts"] == card)
        await ana.clicks(slack.queue, card, Action.QUEUE_ACCEPT)
        await lou._interact(clicked(slack.queue, before, Action.QUEUE_ACCEPT))
        await lou.is_told("Ana")
        assert (await line.conversation(ann.conversation)).supporter_name == "Ana"


async def test_words_are_changed_and_taken_back_and_those_outside_reach_nobody(
    line: OwnLine, slack: SlackWorld
) -> None:
    ana = slack.member("ana")
    async with line.seeker() as ann:
        channel, thread = await accepted(line, slack, ann, ana)
        first = await ana.writes(channel, "helo", thread)
        await ann.hears("helo")
        outside = await ana.writes(channel, "is this the thread?")
        await slack.sees(channel, "outside of a conversation's thread", outside)
        await ana.edits(channel, first, "hello")
        await ana.deletes(channel, first)
        await ana.writes(channel, "last", thread)
        await ann.hears("last")
        pseudonym = (await line.conversation(ann.conversation)).pseudonym
        mine = [each for each in await line.store.feed(pseudonym) if each.speaker.value == "supporter"]
        kinds = [(each.kind, each.text) for each in mine]
        assert kinds == [
            (EntryKind.TEXT, "helo"), (EntryKind.EDIT, "hello"), (EntryKind.UNSAID, ""), (EntryKind.TEXT, "last"),
        ]  # fmt: skip
        assert "x" in await slack.reactions(channel, outside)


async def test_notes_come_by_command_and_shortcut_and_never_reach_the_seeker(line: OwnLine, slack: SlackWorld) -> None:
    ana = slack.member("ana")
    async with line.seeker() as ann:
        channel, thread = await accepted(line, slack, ann, ana)
        await ann.say("i have a cat")
        hers = await slack.sees(channel, "i have a cat", thread)
        await ana.uses_shortcut(SHORTCUT_NOTE, channel, hers["ts"], thread)
        await ana.submits(Modal.NOTE)
        await ana.runs(COMMAND_NOTE, "likes tea")
        if len(await held_by(line, "Ana")) > 1:
            await ana.submits(Modal.NOTE, which=ann.conversation)

        async def noted() -> bool:
            margin = await line.store.margin(ann.conversation)
            return {"i have a cat", "likes tea"} <= {each.text for each in margin}

        await eventually(noted, "both notes")
        pseudonym = (await line.conversation(ann.conversation)).pseudonym
        assert "likes tea" not in [each.text for each in await line.store.feed(pseudonym)]


async def test_a_close_asks_how_it_ended_and_then_the_thread_is_deaf(line: OwnLine, slack: SlackWorld) -> None:
    ana = slack.member("ana")
    async with line.seeker() as ann:
        channel, thread = await accepted(line, slack, ann, ana)
        pseudonym = (await line.conversation(ann.conversation)).pseudonym
        await ana.clicks(channel, thread, Action.CLOSE)
        assert "outcome" in (await ana.submits(Modal.CLOSE))["errors"]
        assert not (await ana.submits(Modal.CLOSE, outcome="supported")).get("errors")

        async def closing() -> bool:
            return (await line.conversation(ann.conversation)).phase is Phase.CLOSING

        await eventually(closing, "the close")
        await slack.sees(channel, f"{pseudonym[:4]} is closed")
        late = await ana.writes(channel, "one more thing", thread)
        await slack.sees(channel, "reached nobody", thread)
        assert "x" in await slack.reactions(channel, late)


async def test_a_lead_adds_somebody_who_says_the_rest_and_later_loses_access(line: OwnLine, slack: SlackWorld) -> None:
    ben, lou = slack.member("ben"), slack.member("lou")
    assert "don't know you" in await ben.runs("/warmline", "available")
    lou.opens_home()

    async def drawn() -> bool:
        return "Lou" in lou.home()

    await eventually(drawn, "Lou's home")
    await lou.clicks_home(Action.ADD_PERSON)
    await lou.submits(Modal.PERSON, name="Ben", slack=ben.user, role="supporter", training="basic")
    welcome = await slack.sees(await ben.direct(), "Welcome!")
    await ben.clicks(await ben.direct(), welcome["ts"], Action.PROFILE)
    await ben.submits(Modal.PROFILE, languages=["en", "es"], capacity="3")
    assert "available" in (await ben.runs("/warmline", "available")).lower()
    found = next(each for each in await line.store.supporters() if each.name == "Ben")
    assert (found.languages, found.capacity) == (("en", "es"), 3)
    await slack.deactivates(ben)

    async def gone() -> bool:
        return all(each.name != "Ben" for each in await line.store.supporters())

    await eventually(gone, "Ben is gone")
    assert "don't know you" in await ben.runs("/warmline", "available")


async def test_nothing_that_was_typed_into_a_modal_is_posted_in_channels(line: OwnLine, slack: SlackWorld) -> None:
    ana = slack.member("ana")
    async with line.seeker() as ann:
        channel, thread = await accepted(line, slack, ann, ana)
        await ana.clicks(channel, thread, Action.ESCALATE)
        await ana.submits(Modal.ESCALATE, why="canary reason")

        async def escalated() -> bool:
            return (await line.conversation(ann.conversation)).escalated

        await eventually(escalated, "asked for a lead")
        for public in (slack.queue, slack.leads):
            assert not any("canary" in words_of(each) for each in await slack.messages(public))
