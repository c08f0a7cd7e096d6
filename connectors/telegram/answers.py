"""What the connector itself says: by the chat's own lane, so that it comes once, and behind what was said before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from connectors.telegram.memory import Memory, address
from connectors.telegram.options import TelegramOptions
from connectors.telegram.updates import Act
from handoff.core.entries import Button, Entry, EntryKind, Speaker
from handoff.ports import Commit, Parcel, Store


class Answers:
    """One answer for each update and `about`, however often the update comes. Outside the feed: its `seq` is 0."""

    def __init__(self, store: Store, memory: Memory, options: TelegramOptions, clock: Callable[[], float]) -> None:
        self._store = store
        self._memory = memory
        self._options = options
        self._clock = clock

    async def given(self, act: Act, about: str = "answer") -> bool:
        """Whether this was answered already. Raises `StoreDown`."""
        return await self._store.seen(f"{act.id}:{about}")

    async def say(self, act: Act, key: str, *, about: str = "answer", **values: object) -> None:
        """A sentence of the wording. Raises `StoreDown`."""
        language = await self._memory.language(act.chat, act.language)
        await self.tell(act, self._options.say(key, language, **values), about=about)

    async def tell(
        self,
        act: Act,
        text: str,
        buttons: Sequence[Button] = (),
        *,
        kind: EntryKind = EntryKind.NOTICE,
        body: dict[str, Any] | None = None,
        about: str = "answer",
    ) -> None:
        """Any words of ours. Raises `StoreDown`."""
        name = f"{act.id}:{about}"
        entry = Entry(
            seq=0, id=name, at=self._clock(), conversation="", speaker=Speaker.SYSTEM, kind=kind, text=text,
            buttons=tuple(buttons), body=body,
        )  # fmt: skip
        parcel = Parcel(name, str(address(act.chat)), "", 0, "entry", asdict(entry))
        await self._store.commit(Commit(event_id=name, parcels=(parcel,)), self._clock())
