"""A JPEG's segments, for pictures that must stay as they are inside another file."""

from __future__ import annotations

import struct

_START, _SCAN, _COMMENT, _ADOBE = 0xD8, 0xDA, 0xFE, 0xEE
_APPLICATIONS = range(0xE0, 0xF0)


def without_metadata(content: bytes) -> bytes:
    """The same picture without EXIF, XMP, profiles and comments; Adobe's segment stays, for it says how colours are.

    What does not read as a JPEG comes back as it was given.
    """
    if content[:2] != bytes((0xFF, _START)):
        return content
    kept, at = [content[:2]], 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker, size = content[at + 1], struct.unpack_from(">H", content, at + 2)[0]
        if marker == _SCAN:
            return b"".join((*kept, content[at:]))
        if marker == _ADOBE or (marker not in _APPLICATIONS and marker != _COMMENT):
            kept.append(content[at : at + 2 + size])
        at += 2 + size
    return content
