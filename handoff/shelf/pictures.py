"""Pictures, drawn anew: only what is seen is kept. Of a moving picture its first frame is."""

from __future__ import annotations

import io

from PIL import Image

from handoff.core.entries import AttachmentKind
from handoff.ports import FileRefused
from handoff.shelf.cleaned import Cleaned

LONGEST_SIDE = 2560
MOST_PIXELS = 50_000_000
"""Of the picture as it came: larger ones are bombs, or need more memory than a picture of somebody's day is worth."""

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_SAVED_AS = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "WEBP", "GIF": "PNG"}
_NAMED = {
    "JPEG": ("image/jpeg", "picture.jpg"),
    "PNG": ("image/png", "picture.png"),
    "WEBP": ("image/webp", "picture.webp"),
}
_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def clean(content: bytes) -> Cleaned:
    """The picture without EXIF, colour profile, comments and place, upright, no longer than `LONGEST_SIDE`."""
    with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise FileRefused("too_large")
        saved_as = _SAVED_AS[picture.format or ""]
        drawn = _drawn(picture)
    written = io.BytesIO()
    drawn.save(written, saved_as, quality=85)
    media_type, name = _NAMED[saved_as]
    return Cleaned(content=written.getvalue(), kind=AttachmentKind.IMAGE, type=media_type, name=name)


def _drawn(picture: Image.Image) -> Image.Image:
    """A new picture with these points; nothing that came with the old one is carried along."""
    turn = _UPRIGHT.get(picture.getexif().get(_ORIENTATION, 1))
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    points = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    points.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    upright = points if turn is None else points.transpose(turn)
    new = Image.new(upright.mode, upright.size)
    new.paste(upright)
    return new
