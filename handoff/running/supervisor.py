"""One run, from the first line printed to the last program stopped."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress

from handoff.running import probes
from handoff.running.children import DidNotStart, Program, Ready, Watched, run_once
from handoff.running.plan import Plan
from handoff.running.ports import HeldPorts
from handoff.running.redis_server import OwnServer
from handoff.running.terminal import Terminal

_BOT_PATIENCE_SECONDS = 300.0
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Run:
    """Starts the programs of a plan in order, and stops those it started, the last first."""

    def __init__(self, plan: Plan, redis: OwnServer | None, terminal: Terminal, held: HeldPorts) -> None:
        self._plan = plan
        self._redis = redis
        self._terminal = terminal
        self._held = held
        self._children: list[Watched] = []

    async def up(self) -> None:
        """Everything, the service before the bot. Returns when all of it is ready. Raises DidNotStart."""
        await self._redis_up()
        await self._begin(
            "Starting web chat and console", self._plan.service(), self._answers(self._plan.service_url())
        )
        await self._tell_addresses()
        if self._plan.bot_is_ours:
            await self._bot_up()

    async def down(self) -> None:
        self._held.release_all()
        while self._children:
            await self._children.pop().end()

    async def _redis_up(self) -> None:
        url = self._plan.settings.redis_url
        if self._redis is None:
            if not await asyncio.to_thread(probes.redis_answers, url):
                raise DidNotStart(f"No Redis answers at {probes.without_password(url)}. Start it, or unset REDIS_URL.")
            self._terminal.say(f"  Redis: the one at {probes.without_password(url)} (REDIS_URL)")
            return
        own = self._redis
        program = Program("Redis", tuple(own.command()), self._plan.logs / "redis.log", port=own.port)
        await self._begin(f"Starting {own.binary.name} (kept in {own.folder})", program, self._redis_ready(own))

    async def _bot_up(self) -> None:
        """Failures are told, not raised: without its bot the line hands people straight to supporters."""
        plan, step = self._plan, self._terminal.step
        try:
            await step("Preparing the sentence encoder", run_once(plan.encoder()))
            model = await step(
                "Training the bot if its training data changed (1 to 2 minutes)", run_once(plan.training())
            )
            await self._begin(
                "Starting the bot's actions", plan.actions(), self._answers(plan.settings.actions_url, "/health")
            )
            ready = self._answers(plan.settings.rasa_url, "/webhooks/rest/")
            await self._begin("Waking the bot up", plan.rasa(model), ready, _BOT_PATIENCE_SECONDS)
        except DidNotStart as failure:
            self._terminal.say(
                f"\n{failure}\nWithout the bot, people in the web chat are handed straight to supporters.\n"
            )
            return
        self._terminal.say("\n  Everything is running. Ctrl-C stops it.\n")

    async def _begin(self, words: str, program: Program, ready: Ready, patience_seconds: float = 60.0) -> None:
        if program.port is not None:
            self._held.release(program.port)
        child = Watched(program, ready, self._terminal.say, patience_seconds=patience_seconds)
        self._children.append(child)
        await self._terminal.step(words, child.begin())

    async def _tell_addresses(self) -> None:
        base = self._plan.settings.base_url()
        link = await run_once(self._plan.sign_in_link())
        self._terminal.say(
            f"\n  Web chat   {base}/\n"
            f"  Console    {link}\n"
            "             (signs the demo supporter in, once, within 15 minutes;\n"
            "             another one: .venv/bin/warmline signin-link --demo)\n"
            f"  Log        {self._plan.logs}/warmline.log\n"
        )

    @staticmethod
    def _answers(url: str, path: str = "/healthz") -> Ready:
        async def ready() -> bool:
            return await asyncio.to_thread(probes.http_answers, f"{url}{path}")

        return ready

    @staticmethod
    def _redis_ready(own: OwnServer) -> Ready:
        async def ready() -> bool:
            return await asyncio.to_thread(own.answers)

        return ready


async def supervise(run: Run, terminal: Terminal) -> int:
    """Bring everything up and keep it so until a signal; the exit code is 0 after a signal, 1 when the start failed."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in _STOP_SIGNALS:
        loop.add_signal_handler(each, stopping.set)
    rising = asyncio.create_task(run.up())
    waiting = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({rising, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if rising.done():
            rising.result()
            await waiting
        terminal.say("\nStopping ...")
        return 0
    except DidNotStart as failure:
        terminal.say(f"\n{failure}")
        return 1
    finally:
        for task in (rising, waiting):
            task.cancel()
            with suppress(asyncio.CancelledError, DidNotStart):
                await task
        await run.down()
        terminal.say("Everything that was started here has stopped.")
