"""Looking again on a running line: one click makes a sealed item, and a sample of what was never flagged is offered."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.conftest import RedisProcess
from tests.journey.line import eventually
from tests.journey.processes import OwnLine, StandInBot, line_settings, own_line
from tests.journey.talk import Desk, Frame, Seeker

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def line(
    redis: RedisProcess, bot: StandInBot, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[OwnLine]:
    """A line that draws every conversation."""
    settings = line_settings(tmp_path_factory.mktemp("again"), redis.url, bot.url, line="again", review_share=1.0)
    async with own_line(settings) as running:
        yield running


async def talked(line: OwnLine, seeker: Seeker, desk: Desk, words: str) -> tuple[str, int]:
    """Somebody asks for a person and says this; the conversation, and where the words stand."""
    await seeker.tap("warmline:person", "I want a person")
    conversation = seeker.conversation
    await desk.accept(conversation)
    await desk.say(conversation, "Hello, I'm here.")
    said = await seeker.say(words)
    await desk.hears(conversation, words)
    return conversation, int(said["seq"])


async def listed(desk: Desk, conversation: str) -> list[Frame]:
    before = len(desk.frames)
    await desk.send("reviews", id=f"r{before}")
    frame = await desk.until(lambda each: each["type"] == "reviews" and each["id"] == f"r{before}", after=before)
    return [each for each in frame["items"] if each["conversation"] == conversation]


async def test_one_click_makes_a_sealed_item_that_goes_with_its_seeker(line: OwnLine) -> None:
    await line.send_home()
    mira, joan = await line.hire("Mira"), await line.hire("Joan", lead=True)
    async with line.seeker(country="GB") as seeker, line.desk(mira) as desk, line.desk(joan) as leads:
        conversation, seq = await talked(line, seeker, desk, "the quiet scares me at night")
        marked = await desk.ask("flag", conversation=conversation, seq=seq, verdict="missed_risk")
        assert marked["type"] == "ok"
        ours = await desk.ask("flag", conversation=conversation, seq=seq - 1, verdict="missed_risk")
        assert ours["code"] == "no_such_message", "only what the seeker said can be marked"
        row = await line.recorded("reviews", conversation=conversation)
        assert (row["verdict"], row["by"], row["seq"], row["consent"]) == ("missed_risk", mira, seq, None)
        assert b"quiet" not in row["words"]
        kept = line.opened(row["words"])
        assert (kept["text"], kept["context"]) == ("the quiet scares me at night", ["I want a person"])
        [item] = await listed(leads, conversation)
        assert item["what"] == "message"
        assert "quiet" not in str(item)
        await seeker.tap("warmline:forget_confirmed", "Yes, delete everything")

        async def gone() -> bool:
            return not line.rows("reviews", conversation=conversation)

        await eventually(gone, "the item goes with its seeker")


async def test_a_sample_is_read_again_only_with_the_seekers_consent(line: OwnLine) -> None:
    await line.send_home()
    mira, joan = await line.hire("Mira", capacity=5), await line.hire("Joan", lead=True)
    async with line.desk(mira) as desk, line.desk(joan) as leads:
        for consent in (True, False, None):
            async with line.seeker(country="GB") as seeker:
                conversation, _ = await talked(line, seeker, desk, f"a long week, {consent}")
                assert (await desk.ask("close", conversation=conversation, outcome="supported"))["type"] == "ok"
                await seeker.until(lambda each: each["type"] == "entry" and each["kind"] == "feedback")
                given = {"rating": 4} | ({} if consent is None else {"review": consent})
                assert (await seeker.ask("feedback", conversation=conversation, **given))["type"] == "ok"
                await line.recorded("feedback", conversation=conversation)
                assert bool(await listed(leads, conversation)) is bool(consent)
                if consent:
                    assert (await leads.ask("look", conversation=conversation))["type"] == "ok"
                    await leads.hears(conversation, f"a long week, {consent}")
                    found = await leads.ask("reviewed", conversation=conversation, outcome="nothing_missed")
                    assert found["type"] == "ok"

                    async def on_record(about: str = conversation) -> bool:
                        return [row["outcome"] for row in line.rows("reviews", conversation=about)] == [
                            "nothing_missed"
                        ]

                    await eventually(on_record, "what the lead found")
                    assert await listed(leads, conversation) == []
