"""What came in: every act becomes an event, and is done only once that is saved."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from telegram import Bot, Update

from connectors.telegram import updates as u
from connectors.telegram.answers import Answers
from connectors.telegram.calls import called
from connectors.telegram.commands import Commands
from connectors.telegram.files import Files
from connectors.telegram.memory import Memory, Recent, address
from connectors.telegram.options import TelegramOptions
from connectors.telegram.sending import Sender
from connectors.telegram.taps import URGENT, Taps
from handoff.core import events as e
from handoff.core.entries import Attachment, Speaker
from handoff.ports import Aloud, DeliveryFailed, Front, Reply, Store, StoreDown

_HEARD_FIRST = ("stop",)
"""Commands that end something: the words that came with them belong to what they end."""

_LASTS = 3
"""So often an update comes in vain before its sender is told of the trouble: a restart is over sooner."""


class Inbox:
    """Takes updates. `take` raises `StoreDown` when one was not saved: do not acknowledge it then."""

    def __init__(
        self,
        bot: Bot,
        front: Front,
        store: Store,
        memory: Memory,
        sender: Sender,
        files: Files,
        options: TelegramOptions,
        think: Callable[[int], None],
    ) -> None:
        self._bot = bot
        self._front = front
        self._store = store
        self._memory = memory
        self._sender = sender
        self._files = files
        self._options = options
        self._think = think
        self._answers = Answers(store, memory, options, front.clock)
        self._commands = Commands(front, store, memory, self._answers, options)
        self._taps = Taps(bot, front, memory, sender, self._answers, options, self._commands)
        self._carded = Recent()
        self._told = Recent()
        self._newest = Recent()
        self._tries = Recent()
        self._troubled = Recent()
        self._does: dict[type[u.Act], Callable[[Any], Awaitable[Reply | None]]] = {
            u.Words: self._words, u.Media: self._media, u.Gesture: self._gesture, u.Unsupported: self._unsupported,
            u.Command: self._command, u.Tap: self._taps.do, u.Elsewhere: self._elsewhere, u.Blocked: self._blocked,
            u.Moved: self._moved,
        }  # fmt: skip

    async def take(self, update: Update) -> None:
        """Carry one update through. Raises `StoreDown` when it was not saved."""
        act = u.read(update)
        if act is None:
            return
        try:
            reply = await self._does[type(act)](act)
            if reply is not None:
                await self._after(act, reply)
        except StoreDown as down:
            await self._show_card(act, down.card)
            await self._glance(act)
            await self._tell_of_trouble(act)
            raise
        self._newest.put(act.chat, max(act.update, self._newest.get(act.chat)))
        self._troubled.drop(act.chat)

    async def glance(self, update: Update) -> None:
        """An update behind one that could not be saved: not saved before it, but looked at for danger."""
        act = u.read(update)
        if act is not None:
            await self._glance(act)

    async def _glance(self, act: u.Act) -> None:
        """Only while the store is down: once it is back, the update comes again and is taken, in its order."""
        event = await self._aloud(act)
        if event is None or act.update in self._carded:
            return
        try:
            await self._store.ping()
        except StoreDown:
            await self._show_card(act, self._front.danger_card(event))

    async def _aloud(self, act: u.Act) -> Aloud | None:
        """What may call for the crisis card."""
        match act:
            case u.Words(text=text) | u.Media(caption=text) | u.Unsupported(caption=text) if text:
                return self._written(act, text, act.message)
            case u.Command(name="urgent"):
                return await self._commands.tap(act)
            case u.Command(name="report", argument=argument):
                return await self._commands.reported(act, "other", argument)
            case u.Command(words=words) if words:
                return self._written(act, words, act.message)
            case u.Tap(payload=payload) if payload.startswith(URGENT):
                return await self._taps.reply(act, payload)
        return None

    async def _tell_of_trouble(self, act: u.Act) -> None:
        """Once it lasts: whoever wrote and hears nothing should know that it is not lost."""
        tries = self._tries.get(act.update) + 1
        self._tries.put(act.update, tries)
        if tries < _LASTS or act.chat in self._troubled or await self._aloud(act) is None:
            return
        with suppress(DeliveryFailed):
            language = await self._memory.language(act.chat, act.language)
            await self._sender.say(act.chat, self._options.say("not_saved", language))
            self._troubled.put(act.chat, 1)

    async def _after(self, act: u.Act, reply: Reply) -> None:
        if reply.asked_bot:
            self._think(act.chat)
        if reply.refused is not None:
            await self._answers.tell(act, reply.refused.next, about="refused")
        if reply.entries and reply.entries[0].seq == 1:
            await self._answers.say(act, "stays_on_phone", about="stays")

    async def _words(self, act: u.Words) -> Reply | None:
        if act.edited and await self._stands_there(act):
            return await self._front.handle(
                e.SeekerEdited(
                    id=act.id,
                    seeker=address(act.chat),
                    language=self._spoken(act),
                    text=act.text,
                    refers=refers(act.message),
                )
            )
        if not act.edited and await self._was_overtaken(act):
            return None
        reply = await self._write(act, act.text, act.message, act.replies_to)
        if act.edited:
            await self._memory.remember_early(act.chat, act.message)
        return reply

    async def _stands_there(self, act: u.Words) -> bool:
        """Whether what was changed ever came: a message that was refused, or is still on its way, did not."""
        try:
            return await self._memory.place(act.chat, act.message) > 0
        except StoreDown:
            return True

    async def _was_overtaken(self, act: u.Words) -> bool:
        """Whether a later change of this message came before it, and stands for it."""
        late = act.update < self._newest.get(act.chat)
        return late and await self._memory.came_early(act.chat, act.message)

    async def _command(self, act: u.Command) -> Reply | None:
        """The words that somebody wrote with a command are heard like any others."""
        if not act.words:
            return await self._commands.do(act)
        if act.name in _HEARD_FIRST:
            await self._heard(act, act.words, act.message)
            return await self._commands.do(act)
        reply = await self._commands.do(act)
        await self._heard(act, act.words, act.message)
        return reply

    async def _media(self, act: u.Media) -> Reply | None:
        if act.size > self._options.policy.attachment_limit:
            return await self._not_passed_on(act, "file_too_large")
        if await self._store.seen(act.id):
            return None
        attachment, refused = await self._files.take(act, await self._conversation(act))
        if attachment is None:
            return await self._not_passed_on(act, f"file_{refused}")
        return await self._write(act, act.caption, act.message, act.replies_to, attachment)

    async def _conversation(self, act: u.Media) -> str:
        """The id of the talk a file belongs to; one is opened for a file that comes first."""
        seeker = address(act.chat)
        known = await self._store.current(seeker, await self._memory.who(act.chat))
        if known is not None:
            return known.id
        opened = await self._front.handle(
            e.SeekerOpened(id=f"{act.id}:open", seeker=seeker, language=self._spoken(act))
        )
        await self._after(act, opened)
        return opened.conversation.id if opened.conversation else ""

    async def _unsupported(self, act: u.Unsupported) -> Reply | None:
        return await self._not_passed_on(act, act.key)

    async def _not_passed_on(self, act: u.Media | u.Unsupported, key: str) -> Reply | None:
        """Said kindly, once for an album; what was written with it is heard all the same."""
        megabytes = self._options.policy.attachment_limit // 1_000_000
        if act.album and not await self._memory.is_first_of(act.album, key, act.id):
            return await self._heard(act, act.caption, act.message)
        await self._answers.say(act, key, megabytes=megabytes)
        return await self._heard(act, act.caption, act.message)

    async def _heard(self, act: u.Act, words: str, message: int) -> Reply | None:
        return await self._write(act, words, message) if words else None

    async def _gesture(self, act: u.Gesture) -> Reply:
        language = await self._memory.language(act.chat, act.language)
        return await self._write(act, self._options.say(act.key, language, **act.values), act.message)

    async def _write(
        self, act: u.Act, text: str, message: int, replies_to: int | None = None, attachment: Attachment | None = None
    ) -> Reply:
        answers = await self._answers_to(act.chat, replies_to)
        reply = await self._front.handle(self._written(act, text, message, answers, attachment))
        said = next((each for each in reply.entries if each.speaker is Speaker.SEEKER), None)
        if said is not None:
            await self._memory.remember_place(act.chat, message, said.seq)
        return reply

    def _written(
        self, act: u.Act, text: str, message: int, answers: int = 0, attachment: Attachment | None = None
    ) -> e.SeekerWrote:
        words_with = isinstance(act, u.Command)
        return e.SeekerWrote(
            id=f"{act.id}:words" if words_with else act.id,
            seeker=address(act.chat),
            language=self._spoken(act),
            text=text,
            refers=refers(message),
            answers=answers,
            attachment=attachment,
        )

    async def _answers_to(self, chat: int, message: int | None) -> int:
        """The feed's place of a message; not knowing it must not keep words from being heard."""
        with suppress(StoreDown):
            return 0 if message is None else await self._memory.place(chat, message)
        return 0

    async def _elsewhere(self, act: u.Elsewhere) -> None:
        """Groups and channels: said once, then we go, and nothing of it is kept."""
        if act.chat not in self._told:
            self._told.put(act.chat, 1)
            with suppress(DeliveryFailed):
                await self._sender.say(act.chat, self._options.say("private_only", self._spoken(act)))
        with suppress(DeliveryFailed):
            await called(self._bot.leave_chat(act.chat))

    async def _blocked(self, act: u.Blocked) -> Reply:
        return await self._front.handle(e.SeekerGone(id=act.id, seeker=address(act.chat), why="blocked"))

    async def _moved(self, act: u.Moved) -> Reply:
        return await self._front.handle(e.SeekerMoved(id=act.id, seeker=address(act.chat), to=address(act.to)))

    async def _show_card(self, act: u.Act, card: Mapping[str, Any] | None) -> None:
        """Nothing could be saved, but help is shown at once, however often the update comes again."""
        if card is None or act.update in self._carded:
            return
        with suppress(DeliveryFailed):
            await self._sender.card(act.chat, card)
            self._carded.put(act.update, 1)

    def _spoken(self, act: u.Act) -> str | None:
        """The app's language, where there is wording in it."""
        found = (act.language or "").partition("-")[0]
        return found if found in self._options.languages() else None


def refers(message: int) -> str:
    """The sender's own name of a message; an edit comes with the same."""
    return f"m{message}"
