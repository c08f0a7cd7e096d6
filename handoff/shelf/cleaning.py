"""Cleaning: bytes in, the same picture, voice or text out, without what a device or a program wrote around it.

What a file is, its first bytes say; the name and the type its sender gave are never asked. Pictures are drawn anew,
sound is taken out of its container or everything else in the container is blanked, documents are put together anew.
"""

from __future__ import annotations

from collections.abc import Callable

from handoff.ports import FileRefused
from handoff.shelf import ebml, frames, mp4, ogg, pdf, pictures, text, wav
from handoff.shelf.cleaned import Cleaned

_BY_START: tuple[tuple[bytes, Callable[[bytes], Cleaned]], ...] = (
    (b"\xff\xd8\xff", pictures.clean),
    (b"\x89PNG\r\n\x1a\n", pictures.clean),
    (b"GIF87a", pictures.clean),
    (b"GIF89a", pictures.clean),
    (b"OggS", ogg.clean),
    (b"ID3", frames.clean),
    (b"\x1a\x45\xdf\xa3", ebml.clean),
    (b"%PDF-", pdf.clean),
)
_RIFF = {b"WEBP": pictures.clean, b"WAVE": wav.clean}


def clean(content: bytes) -> Cleaned:
    """The clean file. It may take seconds, so run it in a thread. Raises `FileRefused` and nothing else."""
    if not content:
        raise FileRefused("broken")
    try:
        return _cleaner(content)(content)
    except FileRefused:
        raise
    except Exception as error:  # what readers of hostile bytes raise is no finite list
        raise FileRefused("broken") from error


def _cleaner(content: bytes) -> Callable[[bytes], Cleaned]:
    if content[:4] == b"RIFF" and content[8:12] in _RIFF:
        return _RIFF[content[8:12]]
    if content[4:8] == b"ftyp":
        return mp4.clean
    if frames.begins(content):
        return frames.clean
    return next((cleaner for start, cleaner in _BY_START if content.startswith(start)), text.clean)
