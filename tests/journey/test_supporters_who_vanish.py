"""A supporter who never writes, falls silent, or whose desk is gone: the seeker is told, keeps the original place, and
somebody else goes on with the whole transcript."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio

from handoff.core.conversation import Phase
from tests.conftest import RedisProcess
from tests.journey.line import Line
from tests.journey.processes import OwnLine, StandInBot, line_settings, own_line
from tests.journey.talk import Desk, Seeker

pytestmark = pytest.mark.asyncio(loop_scope="session")

Vanishing = Callable[[Desk, Seeker], Awaitable[None]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def hasty(
    redis: RedisProcess, bot: StandInBot, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[OwnLine]:
    """A line with very little patience with supporters."""
    settings = line_settings(
        tmp_path_factory.mktemp("hasty"), redis.url, bot.url, line="hasty", first_word_seconds=5,
        supporter_nudge_seconds=2, supporter_silent_seconds=5, presence_seconds=6, supporter_gone_seconds=2,
    )  # fmt: skip
    async with own_line(settings) as running:
        yield running


async def asks_for_a_person(seeker: Seeker, words: str) -> str:
    await seeker.say(words)
    await seeker.hears(f"I heard: {words}")
    await seeker.tap("warmline:person", "I want a person")
    await seeker.hears("I'm looking for a supporter for you")
    return seeker.conversation


async def never_writes(desk: Desk, seeker: Seeker) -> None:
    await desk.accept(seeker.conversation)
    await seeker.hears("The supporter who wanted to join couldn't start", speaker="system")
    await desk.until(lambda each: each["type"] == "left" and each["conversation"] == seeker.conversation)


async def falls_silent(desk: Desk, seeker: Seeker) -> None:
    await desk.accept(seeker.conversation)
    await desk.say(seeker.conversation, "Hello, what is on your mind?")
    await seeker.hears("Hello, what is on your mind?")
    await seeker.say("it is my sister, we do not speak")
    await desk.until(lambda each: each["type"] == "nudge" and each["kind"] == "unanswered")
    await seeker.hears("Your supporter seems to have lost the connection", speaker="system")


async def closes_the_desk(desk: Desk, seeker: Seeker) -> None:
    await desk.accept(seeker.conversation)
    await desk.say(seeker.conversation, "Hello, what is on your mind?")
    await desk.leave()
    await seeker.hears("Your supporter's connection broke off", speaker="system")


@pytest.mark.parametrize("vanishes", [never_writes, falls_silent, closes_the_desk])
async def test_the_seeker_is_told_and_somebody_else_goes_on_from_the_original_place(
    hasty: OwnLine, vanishes: Vanishing
) -> None:
    await hasty.send_home()
    mira, sam = await hasty.hire("Mira", capacity=1), await hasty.hire("Sam")
    async with hasty.seeker() as first, hasty.seeker() as later, hasty.desk(mira) as desk:
        conversation = await asks_for_a_person(first, f"the first to come, {vanishes.__name__}")
        since = (await hasty.conversation(conversation)).waiting_since
        other = await asks_for_a_person(later, "I came later")
        await vanishes(desk, first)
        known = await hasty.conversation(conversation)
        assert (known.phase, known.waiting_since, known.supporter) == (Phase.WAITING, since, None)
        assert known.excluded == (mira,)
        assert [place.conversation for place in await hasty.store.waiting()] == [conversation, other]
        await goes_on(hasty, sam, first, f"the first to come, {vanishes.__name__}")
        assert conversation not in offered_since_it_left(desk)
        await later.tap("warmline:forget_confirmed", "Delete everything")


async def goes_on(line: Line, supporter: str, seeker: Seeker, words: str) -> None:
    """Another supporter accepts, reads what was said before, and answers."""
    async with line.desk(supporter) as desk:
        await desk.accept(seeker.conversation)
        await desk.say(seeker.conversation, "I have read what you wrote")
        await desk.hears(seeker.conversation, words)
        await seeker.hears("I have read what you wrote", speaker="supporter")
        assert (await desk.ask("close", conversation=seeker.conversation, outcome="supported"))["type"] == "ok"


def offered_since_it_left(desk: Desk) -> list[str]:
    left = [at for at, frame in enumerate(desk.frames) if frame["type"] == "left"]
    after = desk.frames[left[-1] :] if left else []
    return [one["conversation"] for frame in after if frame["type"] == "offers" for one in frame["offers"]]
