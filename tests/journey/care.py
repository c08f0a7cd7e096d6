"""What both channels are held against: a plan's words, where they must not stand, and a deadline that comes early."""

from __future__ import annotations

import time
from dataclasses import replace

import redis.asyncio

from handoff.core.conversation import Deadline
from handoff.ports import Commit, Outcome
from tests.journey.line import Line, eventually

ANSWERS = {
    "1 of 5": "i stop answering my sister Quillana",
    "2 of 5": "walking to the heron pond",
    "3 of 5": "Quillana, and Ben from choir",
    "4 of 5": "Doctor Adeyemi",
    "5 of 5": "my brother keeps the cabinet",
}
CANARIES = ("Quillana", "heron pond", "Adeyemi", "cabinet")
"""Words that stand in no other place than the plan."""


def leaks(*texts: str) -> list[str]:
    return [each for each in CANARIES if any(each in text for text in texts)]


async def comes_due(line: Line, conversation: str, kind: Deadline) -> None:
    """The time of this deadline is now, though it was set for later."""

    async def moved() -> bool:
        known = await line.conversation(conversation)
        if kind not in known.deadlines:
            return False
        sooner = replace(known, deadlines={**known.deadlines, kind: time.time()})
        commit = Commit(event_id=f"test:{kind}:{known.version}", conversations=(sooner,))
        return await line.store.commit(commit, time.time()) is Outcome.DONE

    await eventually(moved, f"{kind} comes due")


async def in_plain_text(line: Line) -> list[str]:
    """Words of the plan that anybody could read in what is stored, or in a log."""
    async with redis.asyncio.Redis.from_url(line.settings.redis_url) as client:
        stored = [await client.dump(key) for key in await client.keys("*")]
    files = [each.read_bytes() for each in line.var.rglob("*") if each.is_file() and "encoder" not in each.parts]
    return [each for each in CANARIES if any(each.encode() in what for what in (*files, *filter(None, stored)))]
