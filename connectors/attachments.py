"""Files that pages send and are handed: the shape of an upload, whose a file is, and what a browser is told about it.

An upload is one JSON object, a line end, and the file's bytes: what goes with the file is known before the file is, and
nothing of it is written to a disk on the way.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections import defaultdict, deque
from collections.abc import AsyncIterator

from starlette.requests import HTTPConnection
from starlette.responses import Response

from handoff.core.entries import AttachmentKind, Entry, EntryKind
from handoff.ports import ShelvedFile, Store

MOST_HEAD = 65_536
"""Bytes of the line before the file: room for the longest message, escaped."""

_PAGE = 500
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
}


async def read_upload(body: AsyncIterator[bytes], limit: int) -> tuple[bytes, bytes | None]:
    """What goes with the file, and the file: None when it is over `limit` bytes. Reads no further than it must."""
    read = bytearray()
    end = -1
    async for chunk in body:
        read += chunk
        end = read.find(b"\n", 0, MOST_HEAD) if end < 0 else end
        if (end < 0 and len(read) > MOST_HEAD) or (end >= 0 and len(read) - end - 1 > limit):
            return bytes(read[: max(end, 0)]), None
    return (bytes(read[:end]), bytes(read[end + 1 :])) if end >= 0 else (b"", None)


async def file_entry(store: Store, pseudonym: str, file: str, *, after: int = 0) -> tuple[Entry | None, bool]:
    """The entry of a seeker's feed that brought this file, and whether it was taken back since. Raises `StoreDown`."""
    found: Entry | None = None
    while lines := await store.feed(pseudonym, after, _PAGE):
        for line in lines:
            if line.kind is EntryKind.FILE and (line.body or {}).get("file") == file:
                found = line
            elif found and line.kind is EntryKind.UNSAID and key_of(line) == key_of(found) != "":
                return found, True
        after = lines[-1].seq
    return found, False


def handed_out(file: ShelvedFile) -> Response:
    """The file for a browser: shown where it is a picture or sound, else saved; run in no case."""
    attachment = file.attachment
    shown = "attachment" if attachment.kind is AttachmentKind.DOCUMENT else "inline"
    head = {**_HEADERS, "Content-Disposition": f'{shown}; filename="{attachment.name}"'}
    return Response(file.content, headers={**head, "Content-Type": attachment.type})


def key_of(entry: Entry) -> str:
    """The same for an entry and whatever changes it later; empty where nothing can. Says nothing about who wrote it."""
    if not entry.refers:
        return ""
    return hashlib.sha256(f"{entry.speaker.value}\n{entry.refers}".encode()).hexdigest()[:16]


def public_address(asked: HTTPConnection) -> str | None:
    """Where on the internet somebody asks from; None for a proxy that does not say, which is nobody's own address."""
    host = asked.client.host if asked.client else ""
    try:
        return host if ipaddress.ip_address(host).is_global else None
    except ValueError:
        return None


class Turns:
    """How often somebody may do something, such as send a file: `most` in any `seconds`. Time is an argument."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds
        self._times: defaultdict[str, deque[float]] = defaultdict(deque)

    def take(self, who: str, now: float) -> bool:
        """Count one; False when it is one too many."""
        for each in [name for name, times in self._times.items() if times[-1] <= now - self._seconds]:
            del self._times[each]
        times = self._times[who]
        while times and times[0] <= now - self._seconds:
            times.popleft()
        if len(times) >= self._most:
            return False
        times.append(now)
        return True
