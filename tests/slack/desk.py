"""A line whose desk is in Slack: the real dispatcher and carriers, a store and a workspace in memory, a still clock."""

from __future__ import annotations

import itertools
from typing import Any

from connectors.slack.kept import Kept, Place
from connectors.slack.options import SlackOptions
from connectors.slack.room import Room
from connectors.slack.slack import outbound
from connectors.slack.ticker import Ticker
from handoff.carrying import Carried
from handoff.commits import Sent
from handoff.core import events as e
from handoff.core.entries import Attachment, AttachmentKind
from handoff.core.supporter import Supporter
from handoff.deadlines import sweep
from handoff.delivery import Erasures
from handoff.dispatcher import Dispatcher
from handoff.lanes import LaneWorker
from handoff.ports import FileGone, Parcel, ShelvedFile, Store
from tests.core.making import lead, supporter
from tests.service.house import CRISIS_WORD, House
from tests.slack.values import words
from tests.slack.workspace import LEADS, QUEUE, TEAM, Json, Workspace

VOICE = Attachment(
    file="voice-1", kind=AttachmentKind.VOICE, type="audio/ogg", name="voice.ogg", size=5, seconds=3,
)  # fmt: skip


class OneFileShelf:
    """Holds one voice note, until it has expired."""

    expired = False

    async def put(self, content: bytes, *, conversation: str, seconds: int | None = None) -> Attachment:
        return VOICE

    async def get(self, file: str) -> ShelvedFile:
        if self.expired:
            raise FileGone(file)
        return ShelvedFile(attachment=VOICE, content=b"voice")


class Desk(House):
    """Sam and Lee work in Slack, Lou leads there."""

    def __init__(self, store: Store | None = None) -> None:
        super().__init__(desk=True)
        if store is not None:
            self._move_to(store)
        self.slack = Workspace()
        self.shelf = OneFileShelf()
        self.room = self.another_room()
        self.workers = self.another_process(self.room)
        self.ticker = Ticker(self.room)

    def _move_to(self, store: Store) -> None:
        """Everything as it is, over another store than the one in memory."""
        ids = itertools.count(1)
        self.store = store  # type: ignore[assignment]
        self.front = Dispatcher(
            self.line, store, self.screen, key=b"k" * 32, clock=self.clock, new_id=lambda: f"r{next(ids)}",
            sent=Sent(frozenset(), True),
        )  # fmt: skip

    def another_room(self) -> Room:
        """As a second process has one: the same store and workspace, nothing else shared."""
        options = SlackOptions(
            bot_token="xoxb-test", queue_channel=QUEUE, leads_channel=LEADS, api="https://slack.example/api/",
            policy=self.line.policy, words=words(), search=_nothing, replies=(), console="", language="en",
        )  # fmt: skip
        kept = Kept(self.store, self.line.policy.retention_seconds)
        return Room(self.store, self.front, self.slack, kept, options)  # type: ignore[arg-type]

    def another_process(self, room: Room) -> list[tuple[str, int, float, LaneWorker]]:
        return [
            (route.kind, route.most, route.lease, LaneWorker(self.store, route, self.clock, _buried))
            for route in outbound(room, self.shelf)
        ]

    async def staffed(self) -> Desk:
        await self.add(in_slack("sam"), in_slack("lee"), lead("lou", slack=f"{TEAM}/ULOU"))
        return self

    async def carry(self) -> None:
        """Everything that is due in the desk's lanes."""
        again = True
        while again:
            again = False
            for kind, most, lease, worker in self.workers:
                while hold := await self.store.claim_lane([kind], lease, self.clock(), most=most):
                    await worker._work(hold)
                    again = True

    async def through(self, seconds: int, *, ticking: bool = False) -> None:
        """Time goes by, a second a step."""
        for second in range(seconds):
            self.clock.now += 1
            if ticking and second % 15 == 0:
                await self.ticker.tick()
            await self.carry()

    async def waits(self) -> str:
        """Somebody asks for a person; the conversation."""
        await self.writes("hello there")
        await self.taps("warmline:person")
        return (await self.talk()).id

    async def accepted(self, who: str = "sam") -> Place:
        """Somebody waits and is accepted; where the thread stands."""
        about = await self.waits()
        await self.carry()
        assert (await self.desk(e.Claimed, who, desk="slack")).refused is None
        await self.carry()
        return await self.thread_of(about)

    async def thread_of(self, about: str) -> Place:
        talk = await self.room.kept.talk(about)
        assert talk.open is not None
        return talk.open

    def below(self, place: Place) -> list[Json]:
        """What was posted into a thread."""
        return self.slack.thread(place.channel, place.ts)

    def root(self, place: Place) -> Json:
        return next(each for each in self.slack.messages[place.channel] if each["ts"] == place.ts)

    async def sends_a_voice_note(self) -> None:
        event = e.SeekerWrote(id=self.id(), seeker=(await self.talk()).seeker, text="", attachment=VOICE)
        await self.front.handle(event)

    async def falls_due(self, seconds: float = 0.0) -> None:
        """After so many seconds, everything that is due by then."""
        self.clock.now += seconds
        await sweep(self.front, self.store)

    async def crisis(self) -> str:
        """Somebody says the word, and is assigned; to whom."""
        await self.writes(CRISIS_WORD)
        await self.falls_due()
        return (await self.talk()).assigned_to or ""

    async def climb(self) -> None:
        """Nobody accepts a crisis in time."""
        await self.falls_due(self.line.policy.crisis_ack_seconds + 1)
        await self.carry()

    async def erase(self) -> None:
        """Carry the erasure that was asked for."""
        self.clock.now += 60
        hold = await self.store.claim_lane(["erase"], 100, self.clock())
        assert hold is not None
        assert await Erasures(self.store, self.clock, desk=True).carry(hold) == Carried(settled=1)
        await self.store.settle(hold, 1, self.clock())

    async def dead(self) -> list[str]:
        return [letter.reason for letter in await self.store.dead_letters()]


def in_slack(name: str, **changes: Any) -> Supporter:
    return supporter(name, slack=f"{TEAM}/U{name.upper()}", **changes)


async def _nothing(*_asked: Any) -> list[dict[str, Any]]:
    return []


async def _buried(_parcel: Parcel) -> None:
    return None
