"""Files from the shelf, brought into a thread."""

from __future__ import annotations

from connectors.slack import posts
from connectors.slack.kept import Place
from connectors.slack.room import Room
from handoff.ports import DeliveryFailed, FileGone, RecordsDown, Shelf, ShelvedFile


class ThreadFiles:
    """Uploads below a thread's messages."""

    def __init__(self, room: Room, shelf: Shelf) -> None:
        self._room = room
        self._shelf = shelf

    async def put(self, thread: Place, file: str) -> None:
        """The file, or a line that it could not be brought. Raises `DeliveryFailed` to be tried again."""
        try:
            shelved = await self._shelf.get(file)
        except FileGone:
            await self._say_lost(thread)
            return
        except RecordsDown:
            raise DeliveryFailed("the database does not answer") from None
        try:
            await self._upload(thread, shelved)
        except DeliveryFailed as failed:
            if not failed.hopeless:
                raise
            await self._say_lost(thread)

    async def _upload(self, thread: Place, shelved: ShelvedFile) -> None:
        name = shelved.attachment.name
        await self._room.calls.upload(thread.channel, thread.ts, shelved.content, name, name)

    async def _say_lost(self, thread: Place) -> None:
        await self._room.post(thread.channel, posts.file_lost(self._room.words, "lost"), thread=thread.ts)
