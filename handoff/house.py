"""Puts one line's service together from its settings: every part is made here once, and handed what it needs."""

from __future__ import annotations

import asyncio
import gc
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import httpx

from handoff.backup.erased import FILE, Erased, Noting
from handoff.carrying import Joined, Route
from handoff.classifying import full_screen
from handoff.clock import LineClock
from handoff.commits import Sent
from handoff.core.crisis import card_maker
from handoff.core.line import Line
from handoff.core.policy import Policy
from handoff.deadlines import sweep_for_ever
from handoff.delivery import BotTurns, Erasures, Platform, RecordKeeping
from handoff.dispatcher import Dispatcher
from handoff.finding import Finder
from handoff.lanes import LaneWorker
from handoff.ports import Bot, Connector, Screen, Store, StoreDown
from handoff.rasa import Rasa, client
from handoff.records import SqlRecords
from handoff.resources import load_library
from handoff.retention import sweep_once
from handoff.screening import RiskScreen
from handoff.sealing import Sealer, key_bytes
from handoff.settings import Settings
from handoff.shelf.sql import SqlShelf
from handoff.store.redis import RedisStore
from handoff.watching.loop import watch_the_loop
from handoff.watching.making import make_watch
from handoff.watching.port import UNWATCHED, Watching
from handoff.watching.telling import WatchedBot, WatchedScreen
from handoff.watching.watch import Watch
from handoff.wording.crisis_files import load_all_crisis_wording
from handoff.wording.hotline_files import load_hotlines
from handoff.wording.opening_hours import load_opening_hours
from handoff.wording.system_files import load_system_wording
from models.encoder import SentenceEncoder
from models.resource_search import ResourceSearch

_BOT_TURNS_AT_ONCE = 32
_BATCH = 100
_SHELF_SECONDS = 3600.0
_LISTEN_AGAIN = 1.0
_TIME_SECONDS = 60.0
"""How often the time is asked of Redis: quartz clocks part by a few milliseconds in it."""


@dataclass(frozen=True, slots=True)
class House:
    """The parts of one running service. `workers` by the kind of lane they work."""

    settings: Settings
    line: Line
    store: Store
    screen: RiskScreen
    front: Dispatcher
    bot: Rasa
    records: SqlRecords
    shelf: SqlShelf
    finder: Finder
    countries: tuple[str, ...]
    workers: dict[str, LaneWorker]
    joined: list[Joined]
    http: httpx.AsyncClient
    watch: Watch
    leaving: asyncio.Event
    """Set once this process takes nobody in any more."""

    async def run(self) -> None:
        """Everything that goes on beside answering requests, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(sweep_for_ever(self.front, self.store, self.watching))
            group.create_task(self._prepare())
            group.create_task(self._clear_the_shelf())
            group.create_task(self._stir())
            group.create_task(self._keep_time())
            if self.watch.is_on:
                group.create_task(watch_the_loop(self.watch))
            for worker in self.workers.values():
                group.create_task(worker.run())
            for platform in self.joined:
                group.create_task(platform.run())

    def join(self, platform: Joined, *more: Route) -> None:
        """Let a platform take part: its lanes are worked, and it runs as long as the service. Before `run`."""
        self.joined.append(platform)
        for route in (*platform.routes(), *more):
            self.workers[route.kind] = LaneWorker(self.store, route, self.front.clock, self.front.buried, self.watching)

    @property
    def watching(self) -> Watching:
        """Who is told what goes on."""
        return self.watch if self.watch.is_on else UNWATCHED

    def carries(self, connector: Connector) -> Route:
        """The lane of a channel that has to be sent to."""
        return Route(connector.channel, Platform(self.store, self.front, connector).carry)

    async def _prepare(self) -> None:
        """Load what is large. It stays, so the garbage collector is told not to look it over while everybody waits."""
        await asyncio.gather(self.finder.prepare(), asyncio.to_thread(self.screen.prepare))
        gc.freeze()

    async def _stir(self) -> None:
        """Wake the workers of lanes that something was put into by whoever it was, another process included."""
        while True:
            with suppress(StoreDown):
                async with self.store.listen(["lanes"]) as notices:
                    async for notice in notices:
                        if notice.kind == "changed" and notice.body in self.workers:
                            self.workers[notice.body].stir()
            await asyncio.sleep(_LISTEN_AGAIN)

    async def _keep_time(self) -> None:
        """Every answer sets the clock."""
        while True:
            await asyncio.sleep(_TIME_SECONDS)
            with suppress(StoreDown):
                await self.store.ping()

    async def _clear_the_shelf(self) -> None:
        """What has expired can't be read any more; now and then it is removed."""
        while True:
            await sweep_once(self.store, self.shelf, self.records, self.line.policy, self.front.clock())
            await asyncio.sleep(_SHELF_SECONDS)

    async def close(self) -> None:
        """Let go of every connection."""
        parting = [platform.close() for platform in self.joined]
        for closing in (*parting, self.http.aclose(), self.shelf.close(), self.records.close(), self.store.close()):
            with suppress(ConnectionError):
                await closing
        await asyncio.to_thread(self.watch.close)


def make_line(settings: Settings) -> Line:
    """The line: wording, hotlines and hours read from their files. Raises `WordingError`."""
    return Line(
        id=settings.line,
        name=settings.line_name,
        policy=settings.policy(),
        wording=load_system_wording(),
        card=card_maker(load_hotlines(), load_all_crisis_wording()),
        hours=load_opening_hours(settings.opening_hours),
        language=settings.language,
        country=settings.country,
        contact=settings.contact,
        review_key=settings.pseudonym_secret.get_secret_value().encode(),
    )


def make_sealer(settings: Settings) -> Sealer:
    """Seals with the newest key of the settings, opens with any."""
    return Sealer([key_bytes(key) for key in settings.fernet_keys()])


def make_shelf(settings: Settings, sealer: Sealer, policy: Policy, clock: Callable[[], float] = time.time) -> SqlShelf:
    """Where files rest, in the records' database."""
    return SqlShelf(
        settings.database_url, sealer, clock, limit=policy.attachment_limit, seconds=policy.attachment_seconds
    )


def make_front(
    settings: Settings,
    line: Line,
    store: Store,
    screen: Screen,
    clock: Callable[[], float] = time.time,
    **more: object,
) -> Dispatcher:
    """The dispatcher alone: what the command line needs too."""
    return Dispatcher(
        line,
        store,
        screen,
        key=settings.pseudonym_secret.get_secret_value().encode(),
        clock=clock,
        new_id=lambda: uuid.uuid4().hex,
        **more,  # type: ignore[arg-type]
    )


def build(settings: Settings, screen: RiskScreen | None = None, watch: Watch | None = None) -> House:
    """The whole service of one line, with its own screen and watch unless they are given. Platforms join it afterwards.

    Reads files, opens no connection. Raises `WordingError`, `BadKey`.
    """
    line, sealer, screen = make_line(settings), make_sealer(settings), screen or full_screen()
    watch = watch or _make_watch(settings)
    watching: Watching = watch if watch.is_on else UNWATCHED
    clock, store = _make_store(settings, line.policy, sealer, watch)
    finder = _make_finder(settings)
    workers: dict[str, LaneWorker] = {}
    stir = partial(_stir, workers)
    sent = Sent(settings.sent_channels(), settings.has_slack())
    seen = WatchedScreen(screen, watching) if watch.is_on else screen
    more = {"sent": sent, "stir": stir, "resource": finder.get, "watching": watching}
    front = make_front(settings, line, store, seen, clock, **more)
    http = client()
    bot = Rasa(settings.rasa_url, http)
    records = SqlRecords(settings.database_url, store, sealer)
    shelf = make_shelf(settings, sealer, line.policy, clock)
    noted = make_erased(settings).noting(store, clock)
    asked = WatchedBot(bot, watching) if watch.is_on else bot
    for route in _routes(store, front, asked, records, noted, desk=sent.desk):
        workers[route.kind] = LaneWorker(store, route, front.clock, front.buried, watching)
    return House(
        settings=settings,
        line=line,
        store=store,
        screen=screen,
        front=front,
        bot=bot,
        records=records,
        shelf=shelf,
        finder=finder,
        countries=tuple(sorted(load_hotlines().countries)),
        workers=workers,
        joined=[],
        http=http,
        watch=watch,
        leaving=asyncio.Event(),
    )


def _make_store(settings: Settings, policy: Policy, sealer: Sealer, watch: Watch) -> tuple[LineClock, RedisStore]:
    clock = LineClock()
    return clock, RedisStore(
        settings.redis_url,
        settings.line,
        policy,
        sealer,
        watch.round_trip,
        copies=settings.redis_wait_replicas,
        hears_time=clock.hear,
    )


def _stir(workers: Mapping[str, LaneWorker], kinds: frozenset[str]) -> None:
    for kind in kinds & workers.keys():
        workers[kind].stir()


def _make_finder(settings: Settings) -> Finder:
    library = load_library()
    by_meaning = ResourceSearch(library.resources, SentenceEncoder(), settings.var / "encoder")
    return Finder(library, by_meaning, by_words=ResourceSearch(library.resources, None))


def _make_watch(settings: Settings) -> Watch:
    return make_watch(metrics=settings.metrics_token is not None, collector=settings.otlp_endpoint, line=settings.line)


def make_erased(settings: Settings) -> Erased:
    """Who was erased of late."""
    return Erased(settings.pseudonym_secret.get_secret_value().encode(), settings.var / FILE)


def _routes(
    store: Store, front: Dispatcher, bot: Bot, records: SqlRecords, noted: Noting, *, desk: bool
) -> list[Route]:
    turns = BotTurns(store, front, bot, front.line.policy)
    return [
        Route("bot", turns.carry, _BOT_TURNS_AT_ONCE),
        Route("records", RecordKeeping(records).carry, at_once=1, most=_BATCH),
        Route("erase", Erasures(store, front.clock, desk=desk, noted=noted).carry),
    ]
