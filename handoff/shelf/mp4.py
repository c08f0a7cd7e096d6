"""M4A: sound in MP4 boxes. What sound needs stays; every other box is blanked where it stands, so no place moves."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from handoff.core.entries import AttachmentKind
from handoff.ports import FileRefused
from handoff.shelf.cleaned import Cleaned

_HOLD_BOXES = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"dinf", b"edts", b"mvex", b"moof", b"traf"})
_KEPT = frozenset({
    b"ftyp", b"styp", b"mvhd", b"tkhd", b"elst", b"mdhd", b"hdlr", b"smhd", b"dref", b"stsd", b"stts", b"ctts", b"stsc",
    b"stsz", b"stz2", b"stco", b"co64", b"stss", b"sbgp", b"sgpd", b"mdat", b"mfhd", b"tfhd", b"tfdt", b"trun", b"trex",
    b"mehd", b"sidx",
})  # fmt: skip
_TIMED = frozenset({b"mvhd", b"tkhd", b"mdhd"})
"""They begin with when the file was made and changed."""
_MOST_BOXES = 20_000
_UNKNOWN = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class _Box:
    name: bytes
    at: int
    body: int
    end: int


def clean(content: bytes) -> Cleaned:
    clean = bytearray(content)
    seconds = None
    heard = False
    for box in _boxes(content, 0, len(content)):
        if box.name == b"hdlr":
            _only_sound(clean, box)
            heard = True
        elif box.name in _TIMED:
            seconds = _timed(clean, box) or seconds
        elif box.name not in _KEPT:
            clean[box.at + 4 : box.at + 8] = b"free"
            clean[box.body : box.end] = bytes(box.end - box.body)
    if not heard:
        raise FileRefused("broken")
    return Cleaned(content=bytes(clean), kind=AttachmentKind.VOICE, type="audio/mp4", name="voice.m4a", seconds=seconds)


def _boxes(content: bytes, start: int, end: int) -> Iterator[_Box]:
    """Every box that holds no others; those that do are gone into."""
    count = 0
    pending = [(start, end)]
    while pending:
        at, end = pending.pop()
        while at < end:
            box = _box(content, at, end)
            count += 1
            if count > _MOST_BOXES:
                raise FileRefused("broken")
            if box.name in _HOLD_BOXES:
                pending.append((box.body, box.end))
            else:
                yield box
            at = box.end


def _box(content: bytes, at: int, end: int) -> _Box:
    size, name = struct.unpack_from(">I4s", content, at)
    body = at + 8
    if size == 1:
        size, body = struct.unpack_from(">Q", content, at + 8)[0], at + 16
    elif size == 0:
        size = end - at
    if body > at + size or at + size > end:
        raise FileRefused("broken")
    return _Box(name, at, body, at + size)


def _only_sound(clean: bytearray, box: _Box) -> None:
    """A handler says what its track is, and by which program in a name nobody needs."""
    if clean[box.body + 8 : box.body + 12] != b"soun":
        raise FileRefused("kind")
    clean[box.body + 12 : box.end] = bytes(box.end - box.body - 12)


def _timed(clean: bytearray, box: _Box) -> float | None:
    """Blank the two dates; the seconds that follow from scale and length, where this box says both."""
    wide = clean[box.body] == 1
    times = 16 if wide else 8
    clean[box.body + 4 : box.body + 4 + times] = bytes(times)
    if box.name == b"tkhd":
        return None
    scale, length = struct.unpack_from(">IQ" if wide else ">II", clean, box.body + 4 + times)
    return length / scale if scale and length < _UNKNOWN and length else None
