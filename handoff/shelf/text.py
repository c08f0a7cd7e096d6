"""Plain text: words, without signs that steer a terminal or a page."""

from __future__ import annotations

import unicodedata

from handoff.core.entries import AttachmentKind
from handoff.ports import FileRefused
from handoff.shelf.cleaned import Cleaned

_MARK = "\ufeff"


def clean(content: bytes) -> Cleaned:
    """The text in UTF-8. What is no such text is of no kind we know: this is asked last."""
    try:
        words = content.decode("utf-8")
    except UnicodeDecodeError:
        raise FileRefused("kind") from None
    if "\0" in words:
        raise FileRefused("kind")
    kept = "".join(sign for sign in words.removeprefix(_MARK) if sign in "\n\t" or not _steers(sign))
    if not kept.strip():
        raise FileRefused("broken")
    return Cleaned(
        content=kept.encode(), kind=AttachmentKind.DOCUMENT, type="text/plain; charset=utf-8", name="text.txt"
    )


def _steers(sign: str) -> bool:
    return unicodedata.category(sign) == "Cc"
