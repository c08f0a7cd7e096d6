"""The commands of the menu."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from connectors.telegram.memory import CHANNEL, Memory, address
from connectors.telegram.options import TelegramOptions
from connectors.telegram.rendering import Key, transcript
from connectors.telegram.sending import Sender
from connectors.telegram.updates import Command
from handoff.core import events as e
from handoff.ports import Front, Reply

_PAYLOADS = {
    "talk": ("warmline:person", "command_talk"),
    "resources": ("warmline:resources", "command_resources"),
    "urgent": ("warmline:urgent", "command_urgent"),
    "stop": ("warmline:stop", "command_stop"),
    "erase": ("warmline:forget", "command_erase"),
}
"""Commands that are quick replies under another name, and what they say in the transcript."""
LINK = "link_"
SAYING_ONLY = frozenset({"help", "export", "language", "notifications", "link"})
"""Commands that are answered and change no conversation."""
_TOPIC = "topic_"


class Commands:
    """Does what a command asks."""

    def __init__(self, front: Front, memory: Memory, sender: Sender, options: TelegramOptions) -> None:
        self._front = front
        self._memory = memory
        self._sender = sender
        self._options = options
        self._does: dict[str, Callable[[Command], Awaitable[Reply | None]]] = {
            "start": self._start, "help": self._help, "export": self._export, "language": self._language,
            "notifications": self._notifications, "link": self._link,
        }  # fmt: skip

    async def do(self, command: Command) -> Reply | None:
        """Raises `StoreDown`, `DeliveryFailed`."""
        if command.name in _PAYLOADS:
            return await self._tap(command)
        return await self._does[command.name](command)

    async def say_what_stays(self, chat: int) -> None:
        """That the history stays on the phone, and how to clear it."""
        await self._say(chat, None, "stays_on_phone")

    async def _tap(self, command: Command) -> Reply:
        payload, label = _PAYLOADS[command.name]
        language = await self._memory.language(command.chat, command.language)
        return await self._front.handle(
            e.SeekerTapped(
                id=f"{CHANNEL}:{command.update}",
                seeker=address(command.chat),
                payload=payload,
                language=language,
                label=self._options.say(label, language),
            )
        )

    async def _start(self, command: Command) -> Reply | None:
        if command.argument.startswith(LINK):
            await self._use_code(command, command.argument.removeprefix(LINK))
            return None
        topic = command.argument.removeprefix(_TOPIC)
        reply = await self._front.handle(
            e.SeekerOpened(
                id=f"{CHANNEL}:{command.update}",
                seeker=address(command.chat),
                language=await self._memory.language(command.chat, command.language),
                topic=topic if topic in self._options.topics else "",
            )
        )
        if not reply.entries and not reply.duplicate:
            await self._say(command.chat, command.language, "here_already")
        elif reply.entries:
            await self.say_what_stays(command.chat)
        return reply

    async def _help(self, command: Command) -> None:
        await self._say(command.chat, command.language, "help", line=self._options.line_name)

    async def _export(self, command: Command) -> None:
        """Everything that was said, as a file; only what can be read at once, in parts, from the feed."""
        who = await self._memory.who(command.chat)
        language = await self._memory.language(command.chat, command.language)
        entries = await self._sender.everything(who)
        if not entries:
            await self._say(command.chat, command.language, "export_nothing")
            return
        text = transcript(entries, _when, lambda key, **values: self._options.say(key, language, **values))
        name = self._options.say("export_name", language)
        caption = self._options.say("export_caption", language)
        await self._sender.document(command.chat, text.encode(), name, caption)

    async def _language(self, command: Command) -> None:
        language = await self._memory.language(command.chat, command.language)
        rows = tuple(
            (Key(self._options.say("own_name", each), f"language:{each}"),) for each in self._options.languages()
        )
        await self._sender.say(command.chat, self._options.say("which_language", language), rows)

    async def _notifications(self, command: Command) -> None:
        neutral = not await self._memory.wants_neutral(command.chat)
        await self._memory.choose_neutral(command.chat, neutral)
        await self._say(command.chat, command.language, "now_neutral" if neutral else "now_plain")

    async def _link(self, command: Command) -> None:
        if command.argument:
            await self._use_code(command, command.argument)
        else:
            await self._sender.say(command.chat, await self._options.make_code(address(command.chat)))

    async def _use_code(self, command: Command, code: str) -> None:
        await self._sender.say(command.chat, await self._options.use_code(code, address(command.chat)))

    async def _say(self, chat: int, app: str | None, key: str, **values: object) -> None:
        language = await self._memory.language(chat, app)
        await self._sender.say(chat, self._options.say(key, language, **values))


def _when(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC"
