"""Looking for words in files, however they may be written there."""

from __future__ import annotations

import base64
import gzip
import json
import unicodedata
import urllib.parse
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

_GZIP, _ZLIB = b"\x1f\x8b\x08", (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_MOST = 10_000_000


def forms(word: str) -> dict[str, bytes]:
    """The same word as programs write it, by the name of the way."""
    plain = word.encode()
    return {
        "plain": plain,
        "without accents": _bare(word),
        "latin-1": word.encode("latin-1"),
        "utf-16 little": word.encode("utf-16-le"),
        "utf-16 big": word.encode("utf-16-be"),
        "json": json.dumps(word)[1:-1].encode(),
        "bytes as python shows them": repr(plain)[2:-1].encode(),
        "in an address": urllib.parse.quote(word).encode(),
        "hex": plain.hex().encode(),
        "HEX": plain.hex().upper().encode(),
        **{f"base64 at {shift}": _base64(plain, shift) for shift in range(3)},
    }


def _bare(word: str) -> bytes:
    """As a screen or an index may have made it equal to its sisters; sought in small letters."""
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(each for each in parts if not unicodedata.combining(each)).encode()


def _base64(plain: bytes, shift: int) -> bytes:
    """What is the same wherever the word stands: the letters that depend on its neighbours are cut off."""
    coded = base64.b64encode(b"\0" * shift + plain)
    first = (0, 2, 3)[shift]
    last = len(coded) - (0, 3, 2)[(len(plain) + shift) % 3]
    return coded[first:last]


def found_in(content: bytes, words: Iterable[str]) -> list[tuple[str, str]]:
    """(word, way) of each that stands in this content, or in what is packed in it."""
    known = [(word, way, form) for word in words for way, form in forms(word).items()]
    return sorted(
        {
            (word, way)
            for each in (content, content.lower(), *_unpacked(content))
            for word, way, form in known
            if form in each
        }
    )


def found_below(folder: Path, words: Iterable[str]) -> list[tuple[str, str, str]]:
    """(file, word, way) of everything below a folder; links are not followed."""
    wanted = list(words)
    files = [each for each in sorted(folder.rglob("*")) if each.is_file() and not each.is_symlink()]
    return [(str(each.relative_to(folder)), *hit) for each in files for hit in found_in(each.read_bytes(), wanted)]


def _unpacked(content: bytes) -> Iterator[bytes]:
    for mark in (_GZIP, *_ZLIB):
        at = content.find(mark)
        while at >= 0:
            if packed := _inflated(content[at:], 31 if mark == _GZIP else 15):
                yield packed
            at = content.find(mark, at + 1)


def _inflated(content: bytes, window: int) -> bytes:
    try:
        return zlib.decompressobj(window).decompress(content[:_MOST], _MOST)
    except zlib.error:
        return b""


def packed(text: bytes) -> bytes:
    """For trying out the search."""
    return gzip.compress(text)
