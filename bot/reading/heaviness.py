"""How heavy it is now, 0 to 10, out of what people type."""

from __future__ import annotations

import re

_WORDS = {
    "zero": 0, "nought": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10,
}  # fmt: skip
_PHRASES = (
    (
        r"\b(max(imum)?|as (heavy|bad) as it (gets|can)|off the (scale|charts?)|worst ever|unbearable|"
        r"through the roof)\b", 10),
    (r"\b(not (at all )?heavy at all|nothing at all|not heavy|feel(ing)? fine|totally fine)\b", 0),
    (r"\b(half ?way|in the middle|middling|medium|so[- ]so|50 ?/ ?50|fifty fifty)\b", 5),
)  # fmt: skip
_OUT_OF_TEN = re.compile(r"\b(\d{1,2})(?:[.,](\d))? ?(?:/|out of|of|from) ?(?:10|ten)\b")
_RANGE = re.compile(r"\b(10|\d) ?(?:-|–|to|or|/|maybe) ?(?:a )?(10|\d)\b")
_NUMBER = re.compile(r"(?<![\d.,:/-])(-?\d+)(?:[.,](\d))?(?![\d:]|[.,/]\d|%)")
_PERCENT = re.compile(r"\b(\d{1,3}) ?%")
_BEYOND = re.compile(r"\b(1[1-9]|[2-9]\d|\d{3,}) ?(?:/|out of) ?(?:10|ten)\b")
_OTHER_NUMBERS = re.compile(
    r"\b\d+ ?(?:years?|yrs?|yo|months?|weeks?|days?|hours?|hrs?|minutes?|mins?|am|pm|kids?|times|people|things)\b"
)


def heaviness(text: str) -> int | None:
    """A whole number 0 to 10 (a half is rounded up, a range taken at its upper end); None when there is none.

    More than ten out of ten is ten: people write "11/10" to say how bad it is.
    """
    words = _spelled_out(text.lower())
    if _BEYOND.search(words):
        return 10
    for pattern in (_OUT_OF_TEN, _RANGE):
        if found := pattern.search(words):
            return _upper(found)
    if found := _PERCENT.search(words):
        return min(10, round(int(found[1]) / 10))
    numbers = [_rounded(each[1], each[2]) for each in _NUMBER.finditer(_OTHER_NUMBERS.sub(" ", words))]
    if numbers:
        # The last one counts: "not an 8 anymore, more like a 5", "4, no wait, 6".
        return numbers[-1] if 0 <= numbers[-1] <= 10 else None
    return next((value for pattern, value in _PHRASES if re.search(pattern, words)), None)


def _spelled_out(words: str) -> str:
    named = "|".join(_WORDS)
    plain = re.sub(r"\b(the|this|that|no|any|some|every|each|which) one\b", " ", words)
    plain = re.sub(r"\b(\d+|ten|nine|eight|seven|six|five|four|three|two|one) and a half\b", r"\1.5", plain)
    plain = re.sub(rf"\b({named})(?=\b|\.5)", lambda found: str(_WORDS[found[1]]), plain)
    return re.sub(r"(\d)(ish|ishh)\b", r"\1", plain)


def _rounded(whole: str, part: str | None) -> int:
    return int(whole) + (1 if part and int(part) >= 5 else 0)


def _upper(found: re.Match[str]) -> int:
    if found.re is _RANGE:
        return max(int(found[1]), int(found[2]))
    return min(10, _rounded(found[1], found[2]))
