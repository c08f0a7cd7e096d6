"""What the connector must remember between messages, kept in the store: sealed, expiring, erased with the seeker.

| name | what | how long |
|---|---|---|
| `telegram:liking:<chat>` | language chosen, neutral notifications | retention |
| `telegram:place:<chat>:<message>` | the feed's `seq` that a message shows, for replies | a week |
| `telegram:sent:<chat>:<conversation>:<refers>` | the messages of a supporter's entry, for changes | a week |
| `telegram:part:<entry>` | how far a long entry was sent | an hour |
| `telegram:long:<hash>` | a button's payload that is too long for Telegram | a week |
| `telegram:early:<chat>:<message>` | a message whose change came before it | a day |
| `telegram:album:<album>:<key>` | an album of which it was said that it isn't passed on | an hour |
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from connectors.telegram.options import TelegramOptions
from handoff.core.ids import Address
from handoff.core.risk import Modifier
from handoff.ports import Front, Store, StoreDown

CHANNEL = "telegram"
_WEEK = 7 * 86400.0
_DAY = 86400.0
_HOUR = 3600.0
_MOST_PAYLOAD = 64
"""Bytes of a button's data: Telegram's limit."""
_LONG = "long:"
_MOST_RECENT = 10_000


@dataclass(frozen=True, slots=True)
class Sent:
    """The messages that one entry became; `file` when the first of them is one."""

    messages: tuple[int, ...]
    file: bool = False


class Memory:
    """Small things by chat. Every method but `language` may raise `StoreDown`."""

    def __init__(self, store: Store, front: Front, options: TelegramOptions) -> None:
        self._store = store
        self._front = front
        self._options = options

    async def who(self, chat: int) -> str:
        """The pseudonym of whoever writes in this chat."""
        return await self._front.who(address(chat))

    async def language(self, chat: int, app: str | None = None) -> str:
        """The conversation's; where there is none, or it can't be read now, what their app speaks, if we do too.

        Never raises: which language it is must hold up nothing.
        """
        with suppress(StoreDown):
            conversation = await self._store.current(address(chat), await self.who(chat))
            if conversation is not None:
                return conversation.language
        spoken = (app or "").partition("-")[0]
        return spoken if spoken in self._options.languages() else self._options.language

    async def wants_neutral(self, chat: int) -> bool:
        """Whether messages that come by themselves say nothing of what is in them.

        Somebody with signs of a dangerous person near who never chose is taken to want it, from then on.
        """
        kept = await self._store.kept(f"telegram:liking:{chat}")
        if kept is not None and "neutral" in kept:
            return bool(kept["neutral"])
        conversation = await self._store.current(address(chat), await self.who(chat))
        if conversation is None or Modifier.PERPETRATOR_NEARBY not in conversation.modifiers:
            return False
        await self.choose_neutral(chat, True)
        return True

    async def choose_neutral(self, chat: int, neutral: bool) -> None:
        seconds = self._options.policy.retention_seconds
        await self._store.keep(
            f"telegram:liking:{chat}", {"neutral": neutral}, seconds=seconds, of=await self.who(chat)
        )

    async def place(self, chat: int, message: int) -> int:
        """The `seq` that a message shows; 0 when that is not known."""
        kept = await self._store.kept(f"telegram:place:{chat}:{message}")
        return int(kept["seq"]) if kept else 0

    async def remember_place(self, chat: int, message: int, seq: int) -> None:
        name = f"telegram:place:{chat}:{message}"
        await self._store.keep(name, {"seq": seq}, seconds=_WEEK, of=await self.who(chat))

    async def sent(self, chat: int, conversation: str, refers: str) -> Sent | None:
        kept = await self._store.kept(f"telegram:sent:{chat}:{conversation}:{refers}")
        return Sent(tuple(kept["messages"]), bool(kept["file"])) if kept else None

    async def remember_sent(self, chat: int, conversation: str, refers: str, sent: Sent) -> None:
        name = f"telegram:sent:{chat}:{conversation}:{refers}"
        kept = {"messages": list(sent.messages), "file": sent.file}
        await self._store.keep(name, kept, seconds=_WEEK, of=await self.who(chat))

    async def progress(self, entry: str) -> tuple[int, ...]:
        kept = await self._store.kept(f"telegram:part:{entry}")
        return tuple(kept["messages"]) if kept else ()

    async def remember_progress(self, chat: int, entry: str, messages: Sequence[int]) -> None:
        name, kept = f"telegram:part:{entry}", {"messages": list(messages)}
        await self._store.keep(name, kept, seconds=_HOUR, of=await self.who(chat))

    async def short(self, chat: int, payload: str) -> str:
        """The payload, or what stands for it where it is too long for a button."""
        if len(payload.encode()) <= _MOST_PAYLOAD:
            return payload
        digest = hashlib.sha256(payload.encode()).hexdigest()[:24]
        name = f"telegram:long:{digest}"
        await self._store.keep(name, {"payload": payload}, seconds=_WEEK, of=await self.who(chat))
        return _LONG + digest

    async def long(self, data: str) -> str:
        """The payload that a button's data stands for; empty when it is not known any more."""
        if not data.startswith(_LONG):
            return data
        kept = await self._store.kept(f"telegram:long:{data.removeprefix(_LONG)}")
        return str(kept["payload"]) if kept else ""

    async def remember_early(self, chat: int, message: int) -> None:
        await self._store.keep(f"telegram:early:{chat}:{message}", {}, seconds=_DAY, of=await self.who(chat))

    async def came_early(self, chat: int, message: int) -> bool:
        """Whether a change of this message came before the message itself."""
        return await self._store.kept(f"telegram:early:{chat}:{message}") is not None

    async def is_first_of(self, album: str, key: str, act: str) -> bool:
        """Whether this act is the one that this is said about; of an album it is said once."""
        name = f"telegram:album:{album}:{key}"
        if await self._store.keep(name, {"act": act}, seconds=_HOUR, if_new=True):
            return True
        kept = await self._store.kept(name)
        return kept is not None and kept["act"] == act


class Recent:
    """Numbers by number, the newest ten thousand, in this process alone; 0 for what is not there."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, int] = OrderedDict()

    def __contains__(self, key: int) -> bool:
        return key in self._kept

    def get(self, key: int) -> int:
        return self._kept.get(key, 0)

    def put(self, key: int, value: int) -> None:
        self._kept[key] = value
        self._kept.move_to_end(key)
        while len(self._kept) > _MOST_RECENT:
            self._kept.popitem(last=False)

    def drop(self, key: int) -> None:
        self._kept.pop(key, None)


def address(chat: int) -> Address:
    """The address of a private chat."""
    return Address(CHANNEL, str(chat))
