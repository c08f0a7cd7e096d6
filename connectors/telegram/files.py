"""Files that come in: fetched, cleaned and put on the shelf before the message that brought them counts as taken."""

from __future__ import annotations

import asyncio
import logging

from telegram import Bot

from connectors.telegram.calls import called
from connectors.telegram.updates import Media
from handoff.core.entries import Attachment
from handoff.ports import DeliveryFailed, FileRefused, RecordsDown, Shelf

_log = logging.getLogger(__name__)
_FETCH_SECONDS = 60.0
"""For a file of ten megabytes, over a poor line."""


class Files:
    """Takes files of seekers."""

    def __init__(self, bot: Bot, shelf: Shelf) -> None:
        self._bot = bot
        self._shelf = shelf

    async def take(self, media: Media, conversation: str) -> tuple[Attachment | None, str]:
        """The file on the shelf; or None and why not: too_large, kind, broken or not_now."""
        try:
            async with asyncio.timeout(_FETCH_SECONDS):
                file = await called(self._bot.get_file(media.file))
                content = bytes(await called(file.download_as_bytearray()))
            return await self._shelf.put(content, conversation=conversation, seconds=media.seconds), ""
        except FileRefused as refused:
            return None, refused.code
        except (DeliveryFailed, RecordsDown, TimeoutError) as failed:
            _log.warning("file_not_taken", extra={"reason": type(failed).__name__})
            return None, "not_now"
