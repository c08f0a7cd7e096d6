"""A line to measure on: a real Redis server of its own, the real wording, and people made up by the dozen."""

from __future__ import annotations

import itertools
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from subprocess import DEVNULL, Popen

from handoff.core.conversation import Conversation, Owner, Phase
from handoff.core.crisis import card_maker
from handoff.core.ids import Address
from handoff.core.line import Line
from handoff.core.policy import Policy
from handoff.core.risk import NO_RISK, Assessment
from handoff.core.supporter import Presence, Role, Supporter, Training
from handoff.dispatcher import Dispatcher
from handoff.ports import Commit
from handoff.running.ports import free_port
from handoff.running.redis_server import OwnServer, find_binary
from handoff.sealing import Sealer
from handoff.store.redis import RedisStore
from handoff.wording.crisis_files import load_all_crisis_wording
from handoff.wording.hotline_files import load_hotlines
from handoff.wording.system_files import load_system_wording

KEY = b"warmline-benchmarks-only-a-key-!"
LONG = 10**9


class NoScreen:
    """Sees nothing, so that screening can be counted apart."""

    def read(self, text: str, context: Sequence[str] = (), language: str | None = None) -> Assessment:
        return NO_RISK


@contextmanager
def redis_server() -> Iterator[str]:
    """The address of a real server with the append-only file synced at every write, as in production."""
    with tempfile.TemporaryDirectory() as folder:
        server = OwnServer(find_binary(), Path(folder), free_port())
        with Popen(server.command(), stdout=DEVNULL, stderr=DEVNULL) as process:
            try:
                assert server.wait(), "the Redis server did not start"
                yield server.url
            finally:
                process.terminate()


def make_line(policy: Policy) -> Line:
    return Line(
        id="bench",
        name="Bench",
        policy=policy,
        wording=load_system_wording(),
        card=card_maker(load_hotlines(), load_all_crisis_wording()),
    )


@asynccontextmanager
async def front(url: str, line: str = "bench") -> AsyncIterator[Dispatcher]:
    """A dispatcher of a line on that server, its lanes worked by nobody."""
    policy = Policy(presence_seconds=LONG)
    store = await RedisStore.connect(url, line, policy, Sealer([KEY]))
    count = itertools.count()
    yield Dispatcher(
        make_line(policy), store, NoScreen(), key=KEY, clock=time.time, new_id=lambda: f"bench{next(count)}"
    )
    await store.close()


def supporter(name: str, now: float, capacity: int = 1000) -> Supporter:
    return Supporter(
        id=name,
        name=name.title(),
        role=Role.SUPPORTER,
        training=Training.SENIOR,
        capacity=capacity,
        presence=Presence.AVAILABLE,
        present_until=now + LONG,
    )


def waiting(number: int, since: float) -> Commit:
    """A seeker who has waited since `since`."""
    name = f"seeker{number}"
    conversation = Conversation(
        id=f"waiting{number}",
        seeker=Address("web", name),
        pseudonym=name,
        language="en",
        phase=Phase.WAITING,
        owner=Owner.QUEUE,
        opened_at=since,
        changed_at=since,
        waiting_since=since,
    )
    return Commit(event_id=f"arrived{number}", conversations=(conversation,), opens=conversation.id)
