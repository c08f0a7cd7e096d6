"""WebM: sound in EBML elements. Elements that sound needs stay, every other becomes a void of the same length."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from handoff.core.entries import AttachmentKind
from handoff.ports import FileRefused
from handoff.shelf.cleaned import Cleaned

_HEADER, _SEGMENT, _INFO, _TRACKS, _TRACK, _CLUSTER = 0x1A45DFA3, 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0x1F43B675
_SCALE, _DURATION, _MUXER, _WRITER, _TRACK_TYPE, _TIME = 0x2AD7B1, 0x4489, 0x4D80, 0x5741, 0x83, 0xE7
_DOC_TYPE, _VOID, _BLOCK_GROUP = 0x4282, 0xEC, 0xA0
_HOLD_ELEMENTS = frozenset({_HEADER, _SEGMENT, _INFO, _TRACKS, _TRACK, _CLUSTER, _BLOCK_GROUP, 0xE1})
_KEPT = frozenset({
    0x4286, 0x42F7, 0x42F2, 0x42F3, _DOC_TYPE, 0x4287, 0x4285,  # the header
    _SCALE, _DURATION,
    0xD7, 0x73C5, _TRACK_TYPE, 0xB9, 0x88, 0x55AA, 0x9C, 0x86, 0x63A2, 0x56AA, 0x56BB, 0x23E383,  # a track
    0xB5, 0x9F, 0x6264, 0x78B5,  # its sound
    _TIME, 0xA3, 0xA1, 0x9B, 0xFB, 0x75A2, 0xA7, 0xAB,  # a cluster
})  # fmt: skip
_BLANKED = frozenset({_MUXER, _WRITER})
"""The names of programs: a reader wants them there, and nobody needs them to say anything."""
_SOUND = 2
_MOST_ELEMENTS = 200_000


@dataclass(frozen=True, slots=True)
class _Element:
    id: int
    at: int
    body: int
    end: int


def clean(content: bytes) -> Cleaned:
    clean, scale, length, last = bytearray(content), 1_000_000, 0.0, 0
    heard = False
    for element in _elements(content):
        body = content[element.body : element.end]
        if element.id == _DOC_TYPE and body.rstrip(b"\0") != b"webm":
            raise FileRefused("kind")
        if element.id == _TRACK_TYPE:
            _only_sound(body)
            heard = True
        elif element.id == _SCALE:
            scale = int.from_bytes(body, "big")
        elif element.id == _DURATION:
            length = _float(body)
        elif element.id == _TIME:
            last = int.from_bytes(body, "big")
        _blank(clean, element)
    if not heard:
        raise FileRefused("broken")
    seconds = (length or last) * scale / 1e9
    return Cleaned(
        content=bytes(clean), kind=AttachmentKind.VOICE, type="audio/webm", name="voice.webm", seconds=seconds
    )


def _elements(content: bytes) -> Iterator[_Element]:
    """Every element that holds no others, in order. Browsers leave open how long a segment or a cluster is."""
    at, count = 0, 0
    while at < len(content):
        element = _element(content, at)
        count += 1
        if count > _MOST_ELEMENTS:
            raise FileRefused("broken")
        if element.id in _HOLD_ELEMENTS:
            at = element.body
        else:
            yield element
            at = element.end


def _element(content: bytes, at: int) -> _Element:
    id_length = 9 - content[at].bit_length()
    name = int.from_bytes(content[at : at + id_length], "big")
    first = content[at + id_length]
    size_length = 9 - first.bit_length()
    body = at + id_length + size_length
    if id_length > 4 or size_length > 8 or body > len(content):
        raise FileRefused("broken")
    size = int.from_bytes(content[at + id_length : body], "big") & ((1 << 7 * size_length) - 1)
    end = body + size
    if name not in _HOLD_ELEMENTS and end > len(content):
        raise FileRefused("broken")
    return _Element(name, at, body, end)


def _blank(clean: bytearray, element: _Element) -> None:
    if element.id in _KEPT:
        return
    if element.id not in _BLANKED:
        _make_void(clean, element)
    clean[element.body : element.end] = bytes(element.end - element.body)


def _make_void(clean: bytearray, element: _Element) -> None:
    """A void's name is one byte long, so what the old name took more goes to the length, which may be eight bytes."""
    room = element.body - element.at - 1
    size = element.end - element.body
    if room > 8:
        clean[element.at + 9 : element.body] = bytes(room - 8)
        size, room = size + room - 8, 8
    clean[element.at] = _VOID
    clean[element.at + 1 : element.at + 1 + room] = (size | 1 << 7 * room).to_bytes(room, "big")


def _only_sound(body: bytes) -> None:
    if int.from_bytes(body, "big") != _SOUND:
        raise FileRefused("kind")


def _float(body: bytes) -> float:
    found: float = struct.unpack(">f" if len(body) == 4 else ">d", body)[0]
    return found if 0 <= found < 1e12 else 0.0
