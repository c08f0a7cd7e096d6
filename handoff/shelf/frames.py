"""Sound that is a row of frames (MP3, AAC): the frames are kept, and nothing that stands before, between or after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from handoff.core.entries import AttachmentKind
from handoff.ports import FileRefused
from handoff.shelf.cleaned import Cleaned

_KBITS = {
    (1, 1): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""ISO/IEC 11172-3 and 13818-3: kilobits a second by (version 1 or 2, layer)."""
_MPEG_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
"""Samples a second by the header's version bits: 3 is MPEG 1, 2 is MPEG 2, 0 is MPEG 2.5."""
_MOST_SKIPPED = 100_000
"""Places that only look like a frame's beginning: in a real recording there are a few, in its tags and its end."""
_AAC_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)


@dataclass(frozen=True, slots=True)
class _Frame:
    size: int
    seconds: float
    is_aac: bool


def begins(content: bytes) -> bool:
    """Whether this starts with a frame that another one follows."""
    first = _frame(content, 0)
    return first is not None and _frame(content, first.size) is not None


def clean(content: bytes) -> Cleaned:
    """The frames alone."""
    start = _past_tag(content)
    if not begins(content[start:]):
        raise FileRefused("kind" if start == 0 else "broken")
    kept, seconds, is_aac = [], 0.0, False
    for at, frame in _frames(content, start):
        kept.append(content[at : at + frame.size])
        seconds, is_aac = seconds + frame.seconds, frame.is_aac
    media_type, name = ("audio/aac", "voice.aac") if is_aac else ("audio/mpeg", "voice.mp3")
    return Cleaned(content=b"".join(kept), kind=AttachmentKind.VOICE, type=media_type, name=name, seconds=seconds)


def _past_tag(content: bytes) -> int:
    """Where the sound begins after an ID3 tag: its size is four bytes of seven bits."""
    if content[:3] != b"ID3" or len(content) < 10:
        return 0
    size = 0
    for byte in content[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size + (10 if content[5] & 0x10 else 0)


def _frames(content: bytes, start: int) -> Iterator[tuple[int, _Frame]]:
    """Every whole frame of the kind the first one is. Where there is none, the next place that may be one."""
    first, at, skipped = _frame(content, start), start, 0
    while at < len(content) - 4 and skipped < _MOST_SKIPPED:
        frame = _frame(content, at)
        if frame is not None and first is not None and frame.is_aac == first.is_aac and at + frame.size <= len(content):
            yield at, frame
            at += frame.size
        else:
            following, skipped = content.find(b"\xff", at + 1), skipped + 1
            at = following if following > 0 else len(content)


def _frame(content: bytes, at: int) -> _Frame | None:
    head = content[at : at + 7]
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    return _aac(head) if head[1] & 0xF6 == 0xF0 else _mpeg(head)


def _mpeg(head: bytes) -> _Frame | None:
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    bits, rate, padding = head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if version == 1 or layer == 4 or bits in (0, 15) or rate == 3:
        return None
    kbits = _KBITS[1 if version == 3 else 2, layer][bits]
    hertz = _MPEG_RATES[version][rate]
    samples = 384 if layer == 1 else 1152 if layer == 2 or version == 3 else 576
    slot = 4 if layer == 1 else 1
    return _Frame((samples // 8 // slot * kbits * 1000 // hertz + padding) * slot, samples / hertz, False)


def _aac(head: bytes) -> _Frame | None:
    rate = head[2] >> 2 & 15
    size = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return _Frame(size, 1024 / _AAC_RATES[rate], True) if rate < len(_AAC_RATES) and size > 7 else None
