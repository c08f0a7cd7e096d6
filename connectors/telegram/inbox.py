"""What came in: every act becomes an event, and is done only once that is saved."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from telegram import Bot, Update

from connectors.telegram import updates as u
from connectors.telegram.calls import called
from connectors.telegram.commands import LINK, SAYING_ONLY, Commands
from connectors.telegram.files import AGAIN, Files
from connectors.telegram.memory import Memory, address
from connectors.telegram.options import TelegramOptions
from connectors.telegram.rendering import SHOW
from connectors.telegram.sending import Sender
from connectors.telegram.taps import Taps
from handoff.core import events as e
from handoff.core.entries import Speaker
from handoff.ports import DeliveryFailed, Front, Reply, StoreDown

_log = logging.getLogger(__name__)

_REMEMBERED = 10_000
"""Updates whose crisis card was shown though nothing could be saved; each is shown once by this process."""


class Inbox:
    """Takes updates. `took` raises `StoreDown` when one was not saved: do not acknowledge it then."""

    def __init__(
        self,
        bot: Bot,
        front: Front,
        memory: Memory,
        sender: Sender,
        files: Files,
        options: TelegramOptions,
        acted: Callable[[int], None],
        think: Callable[[int], None],
    ) -> None:
        self._bot = bot
        self._front = front
        self._memory = memory
        self._sender = sender
        self._files = files
        self._options = options
        self._acted = acted
        self._think = think
        self._commands = Commands(front, memory, sender, options)
        self._taps = Taps(bot, front, memory, sender, options)
        self._carded: OrderedDict[int, None] = OrderedDict()
        self._does: dict[type[u.Act], Callable[[Any], Awaitable[Reply | None]]] = {
            u.Words: self._words, u.Media: self._media, u.Gesture: self._gesture, u.Unsupported: self._unsupported,
            u.Command: self._commands.do, u.Tap: self._taps.do, u.Elsewhere: self._elsewhere, u.Blocked: self._blocked,
            u.Moved: self._moved,
        }  # fmt: skip

    async def take(self, update: Update) -> None:
        """Carry one update through. Raises `StoreDown` when it was not saved."""
        act = u.read(update)
        if act is None:
            return
        if not isinstance(act, u.Elsewhere | u.Blocked):
            self._acted(act.chat)
        if _leaves_no_trace(act) and not await self._memory.is_new(act.update):
            return
        try:
            reply = await self._does[type(act)](act)
        except StoreDown as down:
            await self._show_card(act, down)
            raise
        except DeliveryFailed as failed:
            _log.warning("answer_not_sent", extra={"reason": str(failed)})
            return
        if reply is not None:
            await self._after(act, reply)

    async def _after(self, act: u.Act, reply: Reply) -> None:
        if reply.asked_bot:
            self._think(act.chat)
        if reply.refused is not None:
            with suppress(DeliveryFailed):
                await self._sender.say(act.chat, reply.refused.next)

    async def _words(self, act: u.Words) -> Reply:
        if act.edited:
            return await self._front.handle(
                e.SeekerEdited(
                    id=event_id(act),
                    seeker=address(act.chat),
                    language=spoken(act, self._options),
                    text=act.text,
                    refers=refers(act.message),
                )
            )
        reply = await self._write(act, act.text, act.message, act.replies_to)
        await self._greet_once(act.chat, reply)
        return reply

    async def _media(self, act: u.Media) -> Reply | None:
        if act.size > self._options.policy.attachment_limit:
            await self._say(act, "file_too_large", megabytes=self._options.policy.attachment_limit // 1_000_000)
            return await self._caption(act)
        attachment, refused = await self._files.take(act)
        if refused == AGAIN:
            return None
        if attachment is None:
            await self._say(act, f"file_{refused}", megabytes=self._options.policy.attachment_limit // 1_000_000)
            return await self._caption(act)
        return await self._front.handle(
            e.SeekerWrote(
                id=event_id(act),
                seeker=address(act.chat),
                language=spoken(act, self._options),
                text=act.caption,
                refers=refers(act.message),
                attachment=attachment,
                answers=await self._answers(act.chat, act.replies_to),
            )
        )

    async def _caption(self, act: u.Media) -> Reply | None:
        """What was written with a file that is not passed on is heard all the same."""
        return await self._write(act, act.caption, act.message, act.replies_to) if act.caption else None

    async def _gesture(self, act: u.Gesture) -> Reply:
        language = await self._memory.language(act.chat, act.language)
        return await self._write(act, self._options.say(act.key, language, **act.values), act.message, None)

    async def _unsupported(self, act: u.Unsupported) -> None:
        await self._say(act, act.key)

    async def _write(self, act: u.Act, text: str, message: int, replies_to: int | None) -> Reply:
        reply = await self._front.handle(
            e.SeekerWrote(
                id=event_id(act),
                seeker=address(act.chat),
                language=spoken(act, self._options),
                text=text,
                refers=refers(message),
                answers=await self._answers(act.chat, replies_to),
            )
        )
        said = next((each for each in reply.entries if each.speaker is Speaker.SEEKER), None)
        if said is not None:
            await self._memory.remember_place(act.chat, message, said.seq)
        return reply

    async def _greet_once(self, chat: int, reply: Reply) -> None:
        """With a talk that begins here goes a word about what stays on the phone."""
        if reply.entries and reply.entries[0].seq == 1:
            await self._commands.say_what_stays(chat)

    async def _answers(self, chat: int, message: int | None) -> int:
        return 0 if message is None else await self._memory.place(chat, message)

    async def _elsewhere(self, act: u.Elsewhere) -> None:
        """Groups and channels: said once, then we go, and nothing of it is kept."""
        if await self._memory.is_first_time(act.chat):
            with suppress(DeliveryFailed):
                language = spoken(act, self._options)
                await self._sender.say(act.chat, self._options.say("private_only", language))
        with suppress(DeliveryFailed):
            await called(self._bot.leave_chat(act.chat))

    async def _blocked(self, act: u.Blocked) -> Reply:
        return await self._front.handle(e.SeekerGone(id=event_id(act), seeker=address(act.chat), why="blocked"))

    async def _moved(self, act: u.Moved) -> Reply:
        return await self._front.handle(e.SeekerMoved(id=event_id(act), seeker=address(act.chat), to=address(act.to)))

    async def _say(self, act: u.Act, key: str, **values: object) -> None:
        language = await self._memory.language(act.chat, act.language)
        await self._sender.say(act.chat, self._options.say(key, language, **values))

    async def _show_card(self, act: u.Act, down: StoreDown) -> None:
        """Nothing could be saved, but help is shown at once, however often the update comes again."""
        if down.card is None or act.update in self._carded:
            return
        with suppress(DeliveryFailed):
            await self._sender.say(act.chat, str(down.card["text"]))
            self._carded[act.update] = None
            while len(self._carded) > _REMEMBERED:
                self._carded.popitem(last=False)


def _leaves_no_trace(act: u.Act) -> bool:
    """Whether nothing of it is saved, by which a redelivery would be known."""
    if isinstance(act, u.Command):
        return act.name in SAYING_ONLY or (act.name == "start" and act.argument.startswith(LINK))
    return isinstance(act, u.Unsupported) or (isinstance(act, u.Tap) and act.payload.startswith(SHOW))


def event_id(act: u.Act) -> str:
    """What an update is de-duplicated by."""
    return f"telegram:{act.update}"


def refers(message: int) -> str:
    """The sender's own name of a message; an edit comes with the same."""
    return f"m{message}"


def spoken(act: u.Act, options: TelegramOptions) -> str | None:
    """The app's language, where there is wording in it."""
    found = (act.language or "").partition("-")[0]
    return found if found in options.languages() else None
