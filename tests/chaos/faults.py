"""What is done to a running line, each by its name; every one mends what it broke before it returns."""

from __future__ import annotations

import asyncio
import random
import signal
import sqlite3
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.disks import Disk
from tests.chaos.processes import Program
from tests.chaos.world import World
from tests.emulators.proxy import EVERY
from tests.emulators.proxy import Fault as Proxied

_DATABASE_LOCKED_SECONDS = 8.0
_STEPS = (-3600.0, -60.0, -5.0, 5.0, 60.0)
"""Seconds by which a clock is wrong: a lost minute, an hour too far back after a switch of summer time."""


@dataclass(slots=True)
class Diary:
    """What happened when: (name, began, ended), in seconds since the run began."""

    began: float = field(default_factory=time.time)
    faults: list[tuple[str, float, float]] = field(default_factory=list)

    def begin(self, name: str) -> None:
        now = time.time() - self.began
        self.faults.append((name, now, now))

    def end(self) -> None:
        name, since, _ = self.faults[-1]
        self.faults[-1] = (name, since, time.time() - self.began)


Happen = Callable[[World, random.Random, float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Fault:
    """`happen(world, dice, longest)`: `longest` are the seconds that something may be frozen or away.

    `loses_answers`: whether a platform's answer may get lost by it, so that a marked repeat is no wonder.
    """

    name: str
    happen: Happen
    loses_answers: bool = True
    needs_disks: bool = False
    loses_writes: bool = False
    """Whether what was acknowledged may be gone afterwards, by the nature of the thing: never among those drawn
    unless it is asked for by name."""


async def _kill(program: Program, dice: random.Random) -> None:
    await program.kill()
    await asyncio.sleep(dice.uniform(0.1, 3.0))
    await program.start()


async def _freeze(program: Program, seconds: float) -> None:
    program.freeze()
    await asyncio.sleep(seconds)
    program.thaw()


async def kill_service(world: World, dice: random.Random, longest: float) -> None:
    """kill -9 of one process of the service."""
    await _kill(dice.choice(world.services), dice)


async def kill_both_services(world: World, dice: random.Random, longest: float) -> None:
    """kill -9 of both at once."""
    await asyncio.gather(*(_kill(each, dice) for each in world.services))


async def kill_redis(world: World, dice: random.Random, longest: float) -> None:
    """kill -9 of Redis; it comes back with its append-only file."""
    await _kill(world.redis, dice)


async def kill_bot(world: World, dice: random.Random, longest: float) -> None:
    await _kill(world.bot, dice)


async def freeze_service(world: World, dice: random.Random, longest: float) -> None:
    """SIGSTOP of one process: its leases run out while it believes that it holds them."""
    await _freeze(dice.choice(world.services), dice.uniform(1, longest))


async def freeze_redis(world: World, dice: random.Random, longest: float) -> None:
    await _freeze(world.redis, dice.uniform(1, longest))


async def freeze_bot(world: World, dice: random.Random, longest: float) -> None:
    await _freeze(world.bot, dice.uniform(1, longest))


async def cut_network(world: World, dice: random.Random, longest: float) -> None:
    """Every connection between services and Redis is reset, and none comes through for a while."""
    world.pipe.cut()
    await asyncio.sleep(dice.uniform(0.2, longest / 2))
    world.pipe.heal()


async def stall_network(world: World, dice: random.Random, longest: float) -> None:
    """Nothing passes between services and Redis, and nobody is told."""
    world.pipe.stall()
    await asyncio.sleep(dice.uniform(0.5, longest))
    world.pipe.heal()


async def flap_network(world: World, dice: random.Random, longest: float) -> None:
    """Connections are reset again and again: commits whose answers are lost."""
    for _ in range(dice.randint(5, 15)):
        world.pipe.cut()
        world.pipe.heal()
        await asyncio.sleep(dice.uniform(0.02, 0.4))


async def lock_database(world: World, dice: random.Random, longest: float) -> None:
    """Another connection holds the database's lock."""
    await asyncio.to_thread(_hold_lock, _database(world), min(longest, _DATABASE_LOCKED_SECONDS))


def _hold_lock(file: Path, seconds: float) -> None:
    with closing(sqlite3.connect(file, isolation_level=None, timeout=30)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        time.sleep(seconds)
        connection.execute("ROLLBACK")


async def step_clock(world: World, dice: random.Random, longest: float) -> None:
    """The clock of one process is wrong for a while, and then right again."""
    clock = dice.choice(world.clocks)
    clock.step(dice.choice(_STEPS))
    await asyncio.sleep(dice.uniform(1, longest))
    clock.step(0.0)


async def rolling_restart(world: World, dice: random.Random, longest: float) -> None:
    """As a new version is brought in: one process is asked to end and comes back, then the other."""
    for each in world.services:
        await each.stop(signal.SIGTERM)
        await each.start()


async def full_log(world: World, dice: random.Random, longest: float) -> None:
    """The disk with the logs has no space left."""
    await _full(world.disks["log"], dice.uniform(2, longest))


async def full_database(world: World, dice: random.Random, longest: float) -> None:
    """The disk with the database has no space left."""
    await _full(world.disks["database"], dice.uniform(2, longest))


async def full_redis(world: World, dice: random.Random, longest: float) -> None:
    """The disk with the append-only file has no space left: Redis refuses what it can't keep, or ends."""
    await _full(world.disks["redis"], dice.uniform(1, longest))
    await world.redis.start()


async def _full(disk: Disk, seconds: float) -> None:
    await asyncio.to_thread(disk.fill)
    await asyncio.sleep(seconds)
    disk.free()


async def failover(world: World, dice: random.Random, longest: float) -> None:
    """Redis dies for good; the replica that follows it takes its place, and gets one that follows it in turn."""
    if world.replica is None:
        await world.follow()
    await asyncio.sleep(dice.uniform(3, 6))
    await world.fail_over()
    await world.follow()


def _platform(fault: Proxied, chance: float, seconds: float) -> Happen:
    """Some of the calls by which words are sent to Telegram and Slack fare like this for a while."""

    async def happen(world: World, dice: random.Random, longest: float) -> None:
        for proxy, method in zip(world.proxies, ("sendMessage", "chat.postMessage"), strict=True):
            proxy.fails(method, fault, chance=chance, seconds=seconds)
        await asyncio.sleep(dice.uniform(2, longest))
        for proxy in world.proxies:
            proxy.heals()

    return happen


async def platforms_away(world: World, dice: random.Random, longest: float) -> None:
    """No call to either platform comes through, whatever it asks."""
    for proxy in world.proxies:
        proxy.fails(EVERY, Proxied.RESET, chance=0.999)
    await asyncio.sleep(dice.uniform(2, longest))
    for proxy in world.proxies:
        proxy.heals()


async def slack_moves(world: World, dice: random.Random, longest: float) -> None:
    """Slack closes the sockets, and loses some acknowledgements."""
    world.slack.loses_acks(3)
    await world.slack.disconnects()


def _database(world: World) -> Path:
    return Path(world.line.settings.database_url.partition(":///")[2])


FAULTS: dict[str, Fault] = {
    each.name: each
    for each in (
        Fault("kill service", kill_service),
        Fault("kill both services", kill_both_services),
        Fault("kill redis", kill_redis),
        Fault("kill bot", kill_bot, loses_answers=False),
        Fault("freeze service", freeze_service),
        Fault("freeze redis", freeze_redis),
        Fault("freeze bot", freeze_bot, loses_answers=False),
        Fault("cut network", cut_network),
        Fault("stall network", stall_network),
        Fault("flap network", flap_network),
        Fault("lock database", lock_database, loses_answers=False),
        Fault("step clock", step_clock),
        Fault("rolling restart", rolling_restart),
        Fault("full log", full_log, needs_disks=True),
        Fault("full database", full_database, needs_disks=True),
        Fault("full redis", full_redis, needs_disks=True),
        Fault("platforms limit", _platform(Proxied.LIMITED, 0.4, 1.0), loses_answers=False),
        Fault("platforms fail", _platform(Proxied.BROKEN, 0.4, 0.0), loses_answers=False),
        Fault("platforms are slow", _platform(Proxied.SLOW, 0.5, 2.0)),
        Fault("platforms lose answers", _platform(Proxied.LOST, 0.3, 0.2)),
        Fault("platforms are silent", _platform(Proxied.UNSENT, 0.3, 1.0)),
        Fault("platforms are away", platforms_away),
        Fault("slack moves", slack_moves),
        Fault("failover", failover, loses_writes=True),
    )
}


async def happen_in_turn(
    world: World, faults: list[Fault], dice: random.Random, longest: float, diary: Diary, enough: asyncio.Event
) -> None:
    """Every fault once in a shuffled order, then any, until it is enough. Two never overlap, and each is ended."""
    turn = list(faults)
    dice.shuffle(turn)
    while faults and not enough.is_set():
        fault = turn.pop() if turn else dice.choice(faults)
        diary.begin(fault.name)
        await fault.happen(world, dice, longest)
        diary.end()
        await asyncio.sleep(dice.uniform(1.0, 4.0))
    await enough.wait()
