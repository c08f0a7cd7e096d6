"""PDF: its pages in a new document. Nothing in it acts by itself, and nothing tells who made it.

Only what a page needs to be seen is copied: no actions, scripts, files, forms that send, outlines, names or dates.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject

from handoff.core.entries import AttachmentKind
from handoff.ports import FileRefused
from handoff.shelf.cleaned import Cleaned
from handoff.shelf.jpeg import without_metadata

MOST_PAGES = 500
_MOST_OBJECTS = 200_000
_OF_A_PAGE = frozenset({
    "/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/Contents", "/Rotate", "/Group", "/Annots", "/UserUnit",
})  # fmt: skip
_OF_A_MARK = frozenset({
    "/Type", "/Subtype", "/Rect", "/AP", "/AS", "/F", "/C", "/Border", "/BS", "/QuadPoints", "/InkList", "/Vertices",
    "/L", "/LE", "/Contents", "/DA", "/Q", "/IC", "/CA", "/FT", "/Ff", "/V", "/MK",
})  # fmt: skip
_MARKS = frozenset({
    "/Text", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Highlight", "/Underline",
    "/Squiggly", "/StrikeOut", "/Stamp", "/Caret", "/Ink", "/Widget",
})  # fmt: skip
"""What somebody drew or wrote on a page, and filled-in fields. Links, sounds, films and attached files are not kept."""
_NOT_OF_A_STREAM = ("/Metadata", "/PieceInfo", "/LastModified", "/AF", "/OPI", "/Ref", "/F", "/FFilter")


def clean(content: bytes) -> Cleaned:
    """The document anew. Raises whatever pypdf raises when it can't be read."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)  # it quotes what it reads
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise FileRefused("broken")
    if not 0 < len(reader.pages) <= MOST_PAGES:
        raise FileRefused("too_large" if reader.pages else "broken")
    writer = PdfWriter()
    for page in reader.pages:
        _bare(page)
        writer.add_page(page)
    writer.metadata = None
    written = io.BytesIO()
    writer.write(written)
    return Cleaned(
        content=written.getvalue(), kind=AttachmentKind.DOCUMENT, type="application/pdf", name="document.pdf"
    )


def _bare(page: PageObject) -> None:
    """Take away from a page, where it stands, all that must not be copied."""
    _only(page, _OF_A_PAGE)
    marks = [each.get_object() for each in _list(page.get("/Annots"))]
    marks = [each for each in marks if isinstance(each, DictionaryObject) and each.get("/Subtype") in _MARKS]
    for mark in marks:
        _only(mark, _OF_A_MARK)
    page[NameObject("/Annots")] = ArrayObject(marks)
    for stream in _streams(page):
        _bare_stream(stream)


def _bare_stream(stream: StreamObject) -> None:
    for key in _NOT_OF_A_STREAM:
        stream.pop(key, None)
    if stream.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
        stream._data = without_metadata(stream._data)  # pypdf decodes such a stream, but has no way to set it


def _streams(page: PageObject) -> Iterator[StreamObject]:
    """Every stream that this page leads to, but not by way of other pages."""
    seen: set[tuple[int, int]] = set()
    pending: list[Any] = [value for key, value in page.items() if key != "/Parent"]
    while pending:
        each = pending.pop()
        if isinstance(each, IndirectObject):
            if (each.idnum, each.generation) in seen:
                continue
            seen.add((each.idnum, each.generation))
            each = each.get_object()
        if len(seen) + len(pending) > _MOST_OBJECTS:
            raise FileRefused("broken")
        if isinstance(each, StreamObject):
            yield each
        if isinstance(each, DictionaryObject):
            pending.extend(each.raw_get(key) for key in each if key not in ("/Parent", "/P"))
        elif isinstance(each, ArrayObject):
            pending.extend(list.__iter__(each))


def _only(of: DictionaryObject, kept: frozenset[str]) -> None:
    for key in [each for each in of if each not in kept]:
        del of[key]


def _list(given: Any) -> list[Any]:
    found = given.get_object() if given is not None else None
    return list(found) if isinstance(found, ArrayObject) else []
