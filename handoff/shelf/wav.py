"""WAV: the format and the sound are kept, every other chunk is not."""

from __future__ import annotations

import struct

from handoff.core.entries import AttachmentKind
from handoff.ports import FileRefused
from handoff.shelf.cleaned import Cleaned

_KEPT = (b"fmt ", b"fact", b"data")


def clean(content: bytes) -> Cleaned:
    chunks = _chunks(content)
    if b"fmt " not in chunks or b"data" not in chunks:
        raise FileRefused("broken")
    bytes_a_second: int = struct.unpack_from("<I", chunks[b"fmt "], 8)[0]
    rest = b"".join(_chunk(name, chunks[name]) for name in _KEPT if name in chunks)
    return Cleaned(
        content=b"RIFF" + struct.pack("<I", len(rest) + 4) + b"WAVE" + rest,
        kind=AttachmentKind.VOICE,
        type="audio/wav",
        name="voice.wav",
        seconds=len(chunks[b"data"]) / bytes_a_second,
    )


def _chunks(content: bytes) -> dict[bytes, bytes]:
    """Chunks by name, the first of each. A recorder that was cut off leaves a length that is too long."""
    found: dict[bytes, bytes] = {}
    at = 12
    while at + 8 <= len(content):
        name, size = content[at : at + 4], struct.unpack_from("<I", content, at + 4)[0]
        found.setdefault(name, content[at + 8 : at + 8 + size])
        at += 8 + size + size % 2
    return found


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
