"""A crisis at the desk of a running service: not put down, not passed round, and no peer holds the heaviest alone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from handoff.core.conversation import Phase
from handoff.core.risk import Tier
from tests.conftest import RedisProcess
from tests.journey.line import Line, eventually
from tests.journey.processes import OwnLine, StandInBot, line_settings, own_line
from tests.journey.talk import Desk, Frame, Seeker

pytestmark = pytest.mark.asyncio(loop_scope="session")

ACTIVE = "I want to kill myself"
IMMINENT = "I have taken all my pills just now to die"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def hurried(
    redis: RedisProcess, bot: StandInBot, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[OwnLine]:
    """A line whose calls climb every two seconds."""
    settings = line_settings(
        tmp_path_factory.mktemp("desk"), redis.url, bot.url, line="desk", lead_call_seconds=2, crisis_ack_seconds=3,
        wait_long_seconds=4, wait_long_distress_seconds=3, wait_long_concern_seconds=3,
    )  # fmt: skip
    async with own_line(settings) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def line(hurried: OwnLine) -> AsyncIterator[OwnLine]:
    await hurried.send_home()
    yield hurried


async def accepted(line: Line, seeker: Seeker, desk: Desk, words: str) -> str:
    await seeker.say(words)
    conversation = seeker.conversation
    await desk.offer(conversation, yours=True)
    await desk.accept(conversation)
    await desk.say(conversation, "I'm here with you.")
    return conversation


def shown(desk: Desk, conversation: str) -> Frame:
    """The conversation as this desk shows it now."""
    newest = [each for each in desk.frames if each["type"] == "mine"][-1]
    found: Frame = next(each for each in newest["conversations"] if each["id"] == conversation)
    return found


async def nudged(desk: Desk, conversation: str, kind: str) -> None:
    wanted = {"type": "nudge", "conversation": conversation, "kind": kind}.items()
    await desk.until(lambda each: wanted <= each.items())


async def test_a_lead_is_called_to_what_a_peer_should_not_hold_alone_until_one_joins(line: OwnLine) -> None:
    mira, joan = await line.hire("Mira"), await line.hire("Joan", lead=True, presence="away")
    async with line.seeker(country="GB") as seeker, line.desk(mira) as desk, line.desk(joan) as leads:
        conversation = await accepted(line, seeker, desk, IMMINENT)
        assert (await line.conversation(conversation)).tier >= Tier.IMMINENT
        await leads.alert("lead_wanted", conversation)
        await leads.alert("on_call_wanted", conversation)
        await nudged(leads, conversation, "lead_wanted")
        assert (await leads.ask("ack", kind="on_call_wanted", conversation=conversation))["type"] == "ok"
        before = seeker.last
        assert (await leads.ask("join", conversation=conversation))["type"] == "ok"
        await leads.hears(conversation, IMMINENT)
        await nudged(desk, conversation, "lead_joined")
        await desk.until(lambda each: each["type"] == "margin" and "Joan, a lead, has joined" in each["text"])
        assert shown(desk, conversation)["joined"] == ["Joan"]
        assert (await leads.ask("note", conversation=conversation, text="Ask where they are."))["type"] == "ok"
        await desk.until(lambda each: each["type"] == "margin" and each["text"] == "Ask where they are.")
        assert seeker.last == before, "nothing of this is said to the seeker"
        assert (await line.recorded("audit", conversation=conversation, action="joined"))["actor"] == joan
        await leads.until(lambda each: each["type"] == "alerts" and not _about(each, conversation))
        assert (await desk.ask("close", conversation=conversation, outcome="crisis_referred"))["type"] == "ok"
        await nudged(desk, conversation, "debrief")
        await desk.until(lambda each: each["type"] == "me" and each["resting_until"] is not None)


async def test_a_crisis_is_not_put_down_before_somebody_else_has_it(line: OwnLine) -> None:
    mira, joan = await line.hire("Mira"), await line.hire("Joan", lead=True, presence="away")
    async with line.seeker(country="GB") as seeker, line.desk(mira) as desk, line.desk(joan) as leads:
        conversation = await accepted(line, seeker, desk, ACTIVE)
        assert (await desk.ask("release", conversation=conversation))["type"] == "ok"
        await nudged(desk, conversation, "relief_asked")
        await leads.alert("relief_wanted", conversation)
        known = await line.conversation(conversation)
        assert (known.phase, known.supporter) == (Phase.LIVE, mira)
        assert (await leads.ask("takeover", conversation=conversation))["type"] == "ok"
        assert (await line.conversation(conversation)).supporter == joan


async def test_a_crisis_is_not_handed_back_nor_picked_by_others(line: OwnLine) -> None:
    mira, noor = await line.hire("Mira"), await line.hire("Noor")
    async with line.seeker(country="GB") as seeker, line.desk(mira) as desk, line.desk(noor) as other:
        await seeker.say(ACTIVE)
        conversation = seeker.conversation

        async def assigned() -> str | None:
            return (await line.conversation(conversation)).assigned_to

        await eventually(assigned, "the crisis is assigned")
        first, second = (desk, other) if await assigned() == mira else (other, desk)
        to, back = (noor, mira) if first is desk else (mira, noor)
        assert (await second.ask("accept", conversation=conversation))["code"] == "not_eligible_assigned"
        await first.accept(conversation)
        assert (await first.ask("transfer", conversation=conversation, to=to))["type"] == "ok"
        assert (await second.ask("transfer", conversation=conversation, to=back))["code"] == "transfer_had_it"


async def test_declining_twice_gives_a_crisis_to_a_lead(line: OwnLine) -> None:
    staff = {await line.hire("Mira"), await line.hire("Noor"), await line.hire("Sal")}
    joan = await line.hire("Joan", lead=True)
    async with line.seeker(country="GB") as seeker, line.desk(joan) as leads:
        desks = {each: Desk(line.url, await line.session(each)) for each in staff}
        for each in desks.values():
            await each.connect()
        try:
            await seeker.say(ACTIVE)
            conversation = seeker.conversation
            before: str | None = None
            for _ in range(2):
                before = await assigned_anew(line, conversation, before)
                assert (await desks[before].ask("decline", conversation=conversation, why=""))["type"] == "ok"
            assert await assigned_anew(line, conversation, before) == joan
            await leads.alert("bounced", conversation)
        finally:
            for each in desks.values():
                await each.leave()


async def assigned_anew(line: Line, conversation: str, before: str | None) -> str:
    """Who it is assigned to, once that is somebody else than before."""

    async def anew() -> bool:
        return (await line.conversation(conversation)).assigned_to not in (None, before)

    await eventually(anew, "the crisis is assigned to somebody else")
    return (await line.conversation(conversation)).assigned_to or ""


async def test_a_calm_wait_past_its_longest_pages_leads_too(line: OwnLine) -> None:
    joan = await line.hire("Joan", lead=True, presence="away")
    async with line.seeker(country="GB") as seeker, line.desk(joan) as leads:
        await seeker.tap("warmline:person", "I want a person")
        await leads.alert("waiting_long", seeker.conversation)


def _about(frame: Frame, conversation: str) -> list[Frame]:
    return [each for each in frame["alerts"] if each["conversation"] == conversation]
