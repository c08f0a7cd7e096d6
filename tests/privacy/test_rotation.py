"""A new key takes over while two services run and people write: nothing is lost, and nobody waits for it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from handoff.core.entries import Speaker
from handoff.running.ports import free_port
from handoff.sealing import key_bytes, key_name
from handoff.settings import Settings
from tests.conftest import RedisProcess
from tests.journey.line import Line
from tests.journey.processes import ROOT, Service, StandInBot, line_settings, outside
from tests.journey.talk import Seeker

pytestmark = pytest.mark.asyncio(loop_scope="session")


class Pair:
    """Two services of one line, that read their keys from one file as a container's secret."""

    def __init__(self, settings: Settings, file: Path) -> None:
        self.file = file
        ports = (settings.port, free_port())
        self.services = [Service(settings.model_copy(update={"port": each, "keys_file": file})) for each in ports]

    async def start(self, *keys: str) -> None:
        """Each anew with these keys, one after the other, as a rolling restart does."""
        self.file.write_text("\n".join(keys))
        for service in self.services:
            await asyncio.to_thread(service.stop)
            await service.start()

    def warmline(self, *command: str) -> subprocess.CompletedProcess[str]:
        """A command beside them, with the same settings."""
        program = Path(sys.executable).with_name("warmline")
        environment = {**outside(), **self.services[0]._program.environment}
        return subprocess.run([program, *command], cwd=ROOT, env=environment, capture_output=True, text=True)

    async def stop(self) -> None:
        for service in self.services:
            await asyncio.to_thread(service.stop)


@asynccontextmanager
async def writing(seekers: list[Seeker]) -> AsyncIterator[list[list[str]]]:
    """They write on and on; what each wrote. Whoever loses the connection comes back as the same person."""
    wrote: list[list[str]] = [[] for _ in seekers]

    async def write(seeker: Seeker, said: list[str]) -> None:
        while True:
            text = f"line {len(said) + 1}"
            while not await _said(seeker, f"m{len(said) + 1}", text):
                await _back(seeker)
            said.append(text)
            await asyncio.sleep(0.05)

    tasks = [asyncio.create_task(write(*each)) for each in zip(seekers, wrote, strict=True)]
    yield wrote
    for task in tasks:
        task.cancel()
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert [each for each in done if not isinstance(each, asyncio.CancelledError)] == []


async def _back(seeker: Seeker) -> None:
    """Into whichever process takes them; one that is about to end turns them away once more."""
    while True:
        await seeker.leave()
        with suppress(ConnectionClosed):
            await seeker.connect()
            return


async def _said(seeker: Seeker, number: str, text: str) -> bool:
    try:
        async with asyncio.timeout(5):
            answer = await seeker.ask("say", text=text, id=number)
    except (ConnectionClosed, TimeoutError):
        return False
    return bool(answer["type"] == "ok")


async def test_a_new_key_takes_over_while_people_write(
    redis: RedisProcess, bot: StandInBot, tmp_path: Path, two_keys: tuple[str, str]
) -> None:
    old, new = two_keys
    names = [key_name(key_bytes(each)) for each in two_keys]
    settings = line_settings(tmp_path / "var", redis.url, bot.url, line="rotating", keys=old)
    pair, line = Pair(settings, tmp_path / "keys"), Line(settings)
    await pair.start(old, new)
    seekers = [Seeker(each.url) for each in pair.services]
    for seeker in seekers:
        await seeker.connect()
    async with writing(seekers) as wrote:
        await pair.start(new, old)
        done = await asyncio.to_thread(pair.warmline, "keys", "rotate")
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"Nothing is sealed with {names[0]} any more" in done.stdout
        await pair.start(new)
    status = await asyncio.to_thread(pair.warmline, "keys", "status")
    assert status.returncode == 0
    assert names[0] not in status.stdout
    after = Line(settings.model_copy(update={"keys": type(settings.keys)(new)}))
    for seeker, kept in zip(seekers, wrote, strict=True):
        heard = await after.said(seeker.conversation, Speaker.SEEKER)
        assert heard[: len(kept)] == kept
        assert len(heard) - len(kept) in (0, 1), "one may have been on its way when they stopped"
        assert len(kept) > 10
        await seeker.leave()
    await pair.stop()
    await line.close()
    await after.close()


async def test_who_drops_the_old_key_too_early_is_told_and_loses_nothing(
    redis: RedisProcess, bot: StandInBot, tmp_path: Path, two_keys: tuple[str, str]
) -> None:
    old, new = two_keys
    settings = line_settings(tmp_path / "var", redis.url, bot.url, line="hasty", keys=old)
    pair, line = Pair(settings, tmp_path / "keys"), Line(settings)
    pair.services = pair.services[:1]
    await pair.start(old)
    seeker = Seeker(pair.services[0].url)
    await seeker.connect()
    await seeker.say("still here")
    await pair.stop()
    pair.file.write_text(new)
    refused = await asyncio.to_thread(pair.warmline, "serve")
    assert refused.returncode == 2
    assert f"sealed with the key {key_name(key_bytes(old))}, which is not among WARMLINE_KEYS" in refused.stderr
    assert "Put that key back at the end of them; nothing is lost." in refused.stderr
    assert "Traceback" not in refused.stderr
    await pair.start(new, old)
    assert "still here" in await line.said(seeker.conversation, Speaker.SEEKER)
    await seeker.leave()
    await pair.stop()
    await line.close()
