"""Ogg with Opus in it: the sound's own pages, behind a new page of tags that says nothing."""

from __future__ import annotations

import io
import struct

from mutagen import MutagenError
from mutagen.ogg import OggPage

from handoff.core.entries import AttachmentKind
from handoff.ports import FileRefused
from handoff.shelf.cleaned import Cleaned

_VENDOR = b"Warmline"
_TAGS = b"OpusTags" + struct.pack("<I", len(_VENDOR)) + _VENDOR + struct.pack("<I", 0)
_HERTZ = 48_000
"""Opus counts at this rate, whatever it was recorded with (RFC 7845)."""


def clean(content: bytes) -> Cleaned:
    pages = _pages(content)
    head = pages[0].packets[0]
    if not head.startswith(b"OpusHead") or len(head) < 19:
        raise FileRefused("kind")
    sound = _past_tags(pages)
    start: int = struct.unpack_from("<H", head, 10)[0]
    last = max((page.position for page in sound), default=0)
    return Cleaned(
        content=_written(pages[0], sound),
        kind=AttachmentKind.VOICE,
        type="audio/ogg",
        name="voice.ogg",
        seconds=max(0, last - start) / _HERTZ,
    )


def _pages(content: bytes) -> list[OggPage]:
    """The pages of the first stream, whole ones; others may be mixed in."""
    stream, pages = io.BytesIO(content), []
    while stream.tell() < len(content):
        try:
            pages.append(OggPage(stream))  # type: ignore[no-untyped-call]
        except (MutagenError, EOFError):
            break  # a recording that was cut off: what is whole is kept
    if not pages:
        raise FileRefused("broken")
    return [page for page in pages if page.serial == pages[0].serial]


def _past_tags(pages: list[OggPage]) -> list[OggPage]:
    """The tags begin on the second page and end with a page (RFC 7845, section 3)."""
    if len(pages) < 2 or not pages[1].packets[0].startswith(b"OpusTags"):
        raise FileRefused("broken")
    after = next((at for at, page in enumerate(pages[1:], 2) if page.complete), len(pages))
    if after == len(pages):  # tags, and no sound
        raise FileRefused("broken")
    return pages[after:]


def _written(first: OggPage, sound: list[OggPage]) -> bytes:
    tags = OggPage()  # type: ignore[no-untyped-call]
    tags.serial, tags.packets = first.serial, [_TAGS]
    first.packets = first.packets[:1]
    for sequence, page in enumerate((first, tags, *sound)):
        page.sequence = sequence
    first.first = True
    return b"".join(page.write() for page in (first, tags, *sound))  # type: ignore[no-untyped-call]
