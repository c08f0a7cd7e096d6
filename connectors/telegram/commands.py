"""The commands of the menu."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from connectors.telegram.answers import Answers
from connectors.telegram.memory import Memory, address
from connectors.telegram.options import TelegramOptions
from connectors.telegram.rendering import EXPORT
from connectors.telegram.updates import Act, Command
from handoff.core import events as e
from handoff.core.entries import Button, EntryKind
from handoff.core.outcomes import SUPPORTER_REASONS
from handoff.ports import Front, Reply, Store

PAYLOADS = {
    "talk": ("warmline:person", "command_talk"),
    "another": ("warmline:another", "command_another"),
    "resources": ("warmline:resources", "command_resources"),
    "plan": ("warmline:plan", "command_plan"),
    "urgent": ("warmline:urgent", "command_urgent"),
    "stop": ("warmline:stop", "command_stop"),
    "erase": ("warmline:forget", "command_erase"),
}
"""Commands that are quick replies under another name, and what they say in the transcript."""
LANGUAGE = "language"
REPORT = "report"
_LINK = "link_"
_TOPIC = "topic_"


class Commands:
    """Does what a command asks."""

    def __init__(self, front: Front, store: Store, memory: Memory, answers: Answers, options: TelegramOptions) -> None:
        self._front = front
        self._store = store
        self._memory = memory
        self._answers = answers
        self._options = options
        self._does: dict[str, Callable[[Command], Awaitable[Reply | None]]] = {
            "start": self._start, "help": self._help, "export": self._export, "language": self._language,
            "notifications": self._notifications, "link": self._link,
            REPORT: self._report,
        }  # fmt: skip

    async def do(self, command: Command) -> Reply | None:
        """Raises `StoreDown`."""
        if command.name in PAYLOADS:
            return await self._front.handle(await self.tap(command))
        return await self._does[command.name](command)

    async def tap(self, command: Command) -> e.SeekerTapped:
        """The quick reply that a command stands for. Never fails: urgent help must not wait for the store."""
        payload, label = PAYLOADS[command.name]
        language = await self._memory.language(command.chat, command.language)
        return e.SeekerTapped(
            id=command.id,
            seeker=address(command.chat),
            payload=payload,
            language=language,
            label=self._options.say(label, language),
        )

    async def _start(self, command: Command) -> Reply | None:
        if command.argument.startswith(_LINK):
            await self._use_code(command, command.argument.removeprefix(_LINK))
            return None
        topic = command.argument.removeprefix(_TOPIC)
        reply = await self._front.handle(
            e.SeekerOpened(
                id=command.id,
                seeker=address(command.chat),
                language=await self._memory.language(command.chat, command.language),
                topic=topic if topic in self._options.topics else "",
            )
        )
        if not reply.entries and not await self._store.seen(command.id):
            await self._answers.say(command, "here_already")
        return reply

    async def _help(self, command: Command) -> None:
        await self._answers.say(command, "help", line=self._options.line_name)

    async def _export(self, command: Command) -> None:
        """Everything that was said, as a file that is made when it is sent: no words wait in a lane."""
        if not await self._store.feed(await self._memory.who(command.chat), limit=1):
            await self._answers.say(command, "export_nothing")
            return
        language = await self._memory.language(command.chat, command.language)
        caption = self._options.say("export_caption", language)
        await self._answers.tell(command, caption, kind=EntryKind.FILE, body={"file": EXPORT})

    async def _report(self, command: Command) -> Reply | None:
        """Words behind the command are the report, and enter no feed, which its supporter reads; alone, it asks why."""
        if command.argument:
            return await self.report(command, "other", command.argument)
        language, say = await self._memory.language(command.chat, command.language), self._options.say
        offered = [Button(say(f"report_{each}", language), f"{REPORT}:{each}") for each in SUPPORTER_REASONS]
        await self._answers.tell(command, say("which_report", language), offered)
        return None

    async def report(self, act: Act, reason: str, words: str = "") -> Reply:
        """To the leads alone; whoever reported is told what happens next."""
        reply = await self._front.handle(await self.reported(act, reason, words))
        if reply.refused is None:
            await self._answers.say(act, "report_thanks", about="reported")
        return reply

    async def reported(self, act: Act, reason: str, words: str = "") -> e.SupporterReported:
        """The report. Never fails: danger in its words must not wait for the store."""
        language = await self._memory.language(act.chat, act.language)
        return e.SupporterReported(id=act.id, seeker=address(act.chat), language=language, reason=reason, words=words)

    async def _language(self, command: Command) -> None:
        language = await self._memory.language(command.chat, command.language)
        offered = [
            Button(self._options.say("own_name", each), f"{LANGUAGE}:{each}") for each in self._options.languages()
        ]
        await self._answers.tell(command, self._options.say("which_language", language), offered)

    async def _notifications(self, command: Command) -> None:
        if await self._answers.given(command):
            return
        neutral = not await self._memory.wants_neutral(command.chat)
        await self._memory.choose_neutral(command.chat, neutral)
        await self._answers.say(command, "now_neutral" if neutral else "now_plain")

    async def _link(self, command: Command) -> None:
        if command.argument:
            await self._use_code(command, command.argument)
        elif not await self._answers.given(command):
            await self._answers.tell(command, await self._options.make_code(address(command.chat)))

    async def _use_code(self, command: Command, code: str) -> None:
        if not await self._answers.given(command):
            await self._answers.tell(command, await self._options.use_code(code, address(command.chat)))
