"""What a seeker may take home and take back: the file of everything, and deletion by a word, on every channel."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from handoff.settings import Settings
from tests.conftest import RedisProcess
from tests.journey.line import eventually
from tests.journey.processes import OwnLine, StandInBot, line_settings, own_line

pytestmark = pytest.mark.asyncio(loop_scope="session")
WORDS = "since the move it is so quiet here"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def line(
    redis: RedisProcess, bot: StandInBot, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[OwnLine]:
    folder: Path = tmp_path_factory.mktemp("home")
    settings: Settings = line_settings(folder, redis.url, bot.url, line="home")
    async with own_line(settings) as running:
        yield running


async def asked(line: OwnLine, token: str | None, language: str = "en") -> httpx.Response:
    head = {"Authorization": f"Bearer {token}"} if token else {}
    async with httpx.AsyncClient() as client:
        return await client.get(f"{line.url}/chat/export", params={"lang": language}, headers=head)


async def test_everything_said_comes_as_one_readable_file(line: OwnLine) -> None:
    async with line.seeker() as seeker:
        await seeker.say(WORDS)
        await seeker.hears("I heard:")
        answer = await asked(line, seeker.token)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="conversation.txt"'
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text.startswith("What was written with us.")
    assert f"UTC  You\n{WORDS}\n" in answer.text
    assert f"UTC  Bot\nI heard: {WORDS}\n" in answer.text


async def test_the_file_speaks_the_pages_language_and_holds_the_safety_plan(line: OwnLine) -> None:
    async with line.seeker(language="es") as seeker:
        await seeker.say("/plan")
        before = seeker.last
        await seeker.say("cuando no duermo")
        await seeker.hears("", after=before + 1)
        answer = await asked(line, seeker.token, "es")
    assert answer.text.startswith("Lo que se escribió con nosotros.")
    assert "Tu plan de seguridad\n\n" in answer.text
    assert "cuando no duermo" in answer.text.partition("* * *")[0]


@pytest.mark.parametrize("token", [None, "forged"])
async def test_nobody_else_gets_it(line: OwnLine, token: str | None) -> None:
    answer = await asked(line, token)
    assert (answer.status_code, answer.json()["error"]) == (401, "no_session")


async def test_who_writes_erase_is_asked_once_told_what_stays_and_gone_within_a_minute(line: OwnLine) -> None:
    async with line.seeker() as seeker:
        await seeker.say(WORDS)
        conversation = seeker.conversation
        pseudonym = (await line.conversation(conversation)).pseudonym
        await seeker.say("/erase")
        sure = await seeker.hears("Shall I?")
        assert "What I can't delete" in sure["text"]
        assert "history of this chat" in sure["text"]
        assert await line.store.conversation(conversation) is not None, "nothing happens before the second word"
        await seeker.tap("warmline:forget_confirmed", "Yes, delete everything")

        async def gone() -> bool:
            kept = [*await line.keys(pseudonym), *await line.keys(conversation)]
            rows = [line.rows(table, pseudonym=pseudonym) for table in ("seekers", "conversations", "messages")]
            return kept == [f"{{home}}:forgotten:{conversation}"] and not any(rows)

        await eventually(gone, "everything is gone", 60)
        assert (await asked(line, seeker.token)).text.count(WORDS) == 0


async def test_deep_chat_knows_the_word_too(line: OwnLine) -> None:
    async with httpx.AsyncClient(timeout=60) as client:
        said = {"messages": [{"role": "user", "text": "/erase"}]}
        answer = await client.post(f"{line.url}/chat/deep", json=said)
        assert "What I can't delete" in answer.text
        yes = {"messages": [{"role": "user", "text": "Yes, delete everything"}]}
        assert "within a minute" in (await client.post(f"{line.url}/chat/deep", json=yes)).text
