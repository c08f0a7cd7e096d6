"""Everything a run needs, started and stopped: Redis behind a pipe, two processes of the service, a bot, platforms."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from handoff.running.ports import LOOPBACK, free_port
from handoff.running.redis_server import OwnServer
from handoff.settings import Settings
from tests.chaos import processes
from tests.chaos.disks import Disk, disk
from tests.chaos.pipe import Pipe
from tests.chaos.processes import Clock, Program
from tests.emulators.proxy import FaultProxy
from tests.emulators.slack import SlackWorld, slack_world
from tests.emulators.telegram import TelegramWorld, telegram_world
from tests.journey.line import Line, eventually
from tests.platforms.both import both_settings

_SLACK_TRIES_SECONDS = 600.0
"""Slack delivers an event again for some minutes; the emulator, in short steps, for as long as a run takes."""
_POLICY: dict[str, Any] = {
    "presence_seconds": 20,
    "supporter_gone_seconds": 25,
    "first_word_seconds": 40,
    "supporter_nudge_seconds": 60,
    "supporter_silent_seconds": 240,
    "crisis_ack_seconds": 15,
    "crisis_cooldown_seconds": 1,
    "card_confirm_seconds": 20,
    "card_again": 20,
    "seeker_checkin_seconds": 3000,
}
"""Shorter than in a real line, so that a process that was frozen for a while finds everything overdue."""


@dataclass(slots=True)
class World:
    """One line in one folder. `line` looks at its store past the pipe."""

    folder: Path
    redis: Program
    redis_port: int
    pipe: Pipe
    bot: Program
    asked: Path
    services: list[Program]
    clocks: list[Clock]
    urls: list[str]
    settings: list[Settings]
    line: Line
    telegram: TelegramWorld
    slack: SlackWorld
    proxies: tuple[FaultProxy, FaultProxy]
    """Before Telegram and before Slack."""
    disks: dict[str, Disk]
    """By what is kept there: `redis`, `database`, `log`; empty where none can be mounted."""
    stack: AsyncExitStack
    replica: tuple[Program, OwnServer] | None = None
    replicas: int = 0
    unexpected: list[str] = field(default_factory=list)

    async def mend(self) -> None:
        """Everything runs, at the right time, and can be reached."""
        for clock in self.clocks:
            clock.step(0.0)
        for each in self.disks.values():
            each.free()
        for program in (self.redis, self.bot, *self.services):
            program.thaw()
        self.pipe.heal()
        for proxy in self.proxies:
            proxy.heals()
        for program in (self.redis, self.bot, *self.services):
            if program.ended_by_itself:
                self.unexpected.append(program.name)
            await program.start()

    async def follow(self) -> None:
        """A replica of Redis as it is now; back once it has everything."""
        self.replicas += 1
        name = f"replica-{self.replicas}"
        replica, server = processes.redis(
            name, self.folder / "disks" / name, "--replicaof", f"{LOOPBACK} {self.redis_port}"
        )
        await _started(self.stack, replica)
        await eventually(lambda: _follows(server.url), "the replica follows")
        self.replica = replica, server

    async def fail_over(self) -> None:
        """Redis is killed, and the services are led to its replica, which goes on alone."""
        assert self.replica is not None
        await self.redis.kill()
        (self.redis, server), self.replica = self.replica, None
        async with Redis.from_url(server.url) as client:
            await client.replicaof("NO", "ONE")
        self.redis_port = server.port
        self.pipe.lead_to(server.port)
        self.pipe.cut()
        self.pipe.heal()
        await self.line.close()
        self.line = Line(self.line.settings.model_copy(update={"redis_url": server.url}))


async def _follows(url: str) -> bool:
    async with Redis.from_url(url) as client:
        return (await client.info("replication")).get("master_link_status") == "up"


@asynccontextmanager
async def world(folder: Path, seed: int, *, small_disks: bool, copies: int = 0) -> AsyncIterator[World]:
    """Started, and stopped in any case. `seed`: of which calls to platforms fare badly.

    With `small_disks` what is written goes to disks that can fill up; this process must have mounts of its own. With
    `copies` a replica follows from the beginning, and nothing is saved that it does not have.
    """
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(telegram_world(folder / "telegram.log"))
        slack = await stack.enter_async_context(slack_world(folder / "slack.log"))
        slack.front.patience = _SLACK_TRIES_SECONDS
        to_telegram = await stack.enter_async_context(FaultProxy(telegram.api, seed))
        to_slack = await stack.enter_async_context(FaultProxy(slack.front.url, seed + 1))
        (folder / "disks" / "database").mkdir(parents=True)
        disks = _disks(folder) if small_disks else {}
        redis, server = processes.redis("redis", folder / "disks" / "redis")
        await _started(stack, redis)
        pipe = await stack.enter_async_context(Pipe(server.port))
        bot, bot_url, asked = processes.bot(folder)
        await _started(stack, bot)
        behind = f"redis://{LOOPBACK}:{pipe.port}/0"
        platforms = {"telegram_api": to_telegram.url, "slack_api": f"{to_slack.url}/api/"}
        given = {**_POLICY, **platforms, "line": "chaos"}
        given["DATABASE_URL"] = f"sqlite+aiosqlite:///{folder}/disks/database/warmline.db"
        settings = [
            both_settings(folder / "line", behind, bot_url, telegram, slack, port=free_port(), **given)
            for _ in range(2)
        ]
        clocks = [Clock(folder / f"clock-{number}") for number in (1, 2)]
        services = [
            processes.service(f"service-{number}", each, clock, copies)
            for number, (each, clock) in enumerate(zip(settings, clocks, strict=True), 1)
        ]
        await asyncio.gather(*(_started(stack, each) for each in services))
        line = Line(settings[0].model_copy(update={"redis_url": server.url}))
        urls = [each.base_url() for each in settings]
        made = World(
            folder, redis, server.port, pipe, bot, asked, services, clocks, urls, settings, line, telegram, slack,
            (to_telegram, to_slack), disks, stack,
        )  # fmt: skip
        try:
            if copies:
                await made.follow()
            yield made
        finally:
            await made.line.close()


def _disks(folder: Path) -> dict[str, Disk]:
    """Where the log is kept is the service's choice: below its own folder."""
    places = {"redis": (folder / "disks" / "redis", 512), "database": (folder / "disks" / "database", 64)}
    places["log"] = (folder / "line" / "log", 8)
    found = {name: disk(where, size) for name, (where, size) in places.items()}
    return {name: each for name, each in found.items() if each is not None}


async def _started(stack: AsyncExitStack, program: Program) -> None:
    stack.push_async_callback(program.kill)
    await program.start()
