"""Inputs that are almost right: a sample of what is really sent, with a few things wrong in it."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

TEXTS = (
    "", " ", "\x00", "\ud800", "\udfff\ud800", "\u202e", "٣", "x" * 5000, "👩‍👩‍👧" * 50, "../../etc/passwd", "{{7*7}}",
    "${jndi:x}", "%s%n", "' OR 1=1 --", "\r\nSET a b\r\n", "a:b:c", "*", "<script>", "null", "-1", "1e999", "9" * 5000,
    "2026-02-30", "25:99", "Mars/Olympus", "https://[::1", "tel:", "\ufeff", "a\nb", "{lane}:x", "#{1}", "=1+1",
)  # fmt: skip
NUMBERS = (0, -1, 1, 2**31, 2**53 + 1, 2**64, -(2**70), 10**400, 0.5, 1e308, float("inf"), float("nan"))
OTHERS: tuple[Any, ...] = (None, True, False, [], {}, [[[]]], {"a": {"b": []}}, [None], {"": ""})

JUNK = st.one_of(
    st.sampled_from(TEXTS),
    st.sampled_from(NUMBERS),
    st.sampled_from(OTHERS),
    st.text(max_size=40),
    st.integers(),
)
ANY = st.recursive(
    JUNK, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)


@st.composite
def near(draw: st.DrawFn, samples: Sequence[Any]) -> Any:
    """One of the samples with up to four things wrong, or something of no known shape."""
    if draw(st.integers(0, 9)) == 0:
        return draw(ANY)
    content = copy.deepcopy(draw(st.sampled_from(samples)))
    for _ in range(draw(st.integers(0, 4))):
        content = _spoiled(draw, content)
    return content


@st.composite
def wire(draw: st.DrawFn, samples: Sequence[Any], deep: int = 20_000) -> bytes:
    """The same as JSON in bytes, now and then cut, bent or nested beyond all measure."""
    raw = json.dumps(draw(near(samples))).encode()
    return draw(bent(raw, deep)) if draw(st.integers(0, 7)) == 0 else raw


@st.composite
def bent(draw: st.DrawFn, raw: bytes, deep: int = 20_000) -> bytes:
    """Bytes with something wrong: cut off, changed, put in, doubled, or quite different ones."""
    at = draw(st.integers(0, len(raw)))
    extra = draw(st.binary(max_size=12))
    made = (
        raw[:at], raw[:at] + extra + raw[at:], raw[:at] + extra + raw[at + len(extra) :], raw + raw, extra,
        raw[at:] + raw[:at], b"[" * deep, b'{"a":' * deep, b"\xff\xfe" + raw, b"\xef\xbb\xbf" + raw,
        raw.replace(b'"', b"'"),
    )  # fmt: skip
    return draw(st.sampled_from(made))


def _spoiled(draw: st.DrawFn, content: Any) -> Any:
    """The same with one thing wrong, somewhere inside."""
    if isinstance(content, dict) and content:
        return _spoiled_mapping(draw, dict(content))
    if isinstance(content, list) and content:
        return _spoiled_list(draw, list(content))
    return draw(JUNK)


def _spoiled_mapping(draw: st.DrawFn, content: dict[str, Any]) -> Any:
    key = draw(st.sampled_from(sorted(content)))
    match draw(st.integers(0, 9)):
        case 0:
            del content[key]
        case 1:
            content[key] = draw(ANY)
        case 2:
            content[draw(st.sampled_from(TEXTS))] = content.pop(key)
        case 3:
            return draw(JUNK)
        case _:
            content[key] = _spoiled(draw, content[key])
    return content


def _spoiled_list(draw: st.DrawFn, content: list[Any]) -> Any:
    place = draw(st.integers(0, len(content) - 1))
    match draw(st.integers(0, 5)):
        case 0:
            del content[place]
        case 1:
            content.extend(content * 3)
        case 2:
            return draw(JUNK)
        case _:
            content[place] = _spoiled(draw, content[place])
    return content
