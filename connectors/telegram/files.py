"""Files that come in: fetched, cleaned and put on the shelf before the message that brought them counts as taken."""

from __future__ import annotations

import logging

from telegram import Bot

from connectors.telegram.calls import called
from connectors.telegram.memory import CHANNEL, address
from connectors.telegram.updates import Media
from handoff.core.entries import Attachment
from handoff.core.events import SeekerOpened
from handoff.ports import DeliveryFailed, FileRefused, Front, RecordsDown, Shelf, Store

AGAIN = "again"
"""This update was taken before."""
_log = logging.getLogger(__name__)


class Files:
    """Takes files of seekers."""

    def __init__(self, bot: Bot, front: Front, store: Store, shelf: Shelf) -> None:
        self._bot = bot
        self._front = front
        self._store = store
        self._shelf = shelf

    async def take(self, media: Media) -> tuple[Attachment | None, str]:
        """The file on the shelf; or None and why not: too_large, kind, broken, not_now or again. Raises `StoreDown`."""
        if await self._store.seen(f"{CHANNEL}:{media.update}"):
            return None, AGAIN
        conversation = await self._conversation(media)
        try:
            file = await called(self._bot.get_file(media.file))
            content = bytes(await called(file.download_as_bytearray()))
            return await self._shelf.put(content, conversation=conversation, seconds=media.seconds), ""
        except FileRefused as refused:
            return None, refused.code
        except (DeliveryFailed, RecordsDown) as failed:
            _log.warning("file_not_taken", extra={"reason": type(failed).__name__})
            return None, "not_now"

    async def _conversation(self, media: Media) -> str:
        """The id of the talk it belongs to; one is opened for a file that comes first."""
        seeker = address(media.chat)
        known = await self._store.current(seeker, await self._front.who(seeker))
        if known is not None:
            return known.id
        opened = await self._front.handle(SeekerOpened(id=f"telegram:{media.update}:open", seeker=seeker))
        return opened.conversation.id if opened.conversation else ""
