"""Typed words as the language understanding gets them: short enough, never empty, a lone emoji put into words."""

from __future__ import annotations

import unicodedata

HEAD, TAIL = 500, 200
"""Characters kept of a very long text: people open with the matter and end with the question."""

NOTHING = "wordless"
"""Stands for a text without any letter, digit or known emoji."""

_EMOJI = {
    "👍": "yes",
    "👌": "okay",
    "✅": "yes",
    "👎": "no",
    "❌": "no",
    "👋": "hello",
    "🙏": "thank you",
    "❤": "thank you",
    "😭": "i feel so sad",
    "😢": "i feel sad",
    "😞": "i feel sad",
    "😔": "i feel sad",
    "💔": "i am heartbroken",
    "😰": "i feel anxious",
    "😡": "i am angry",
    "🤬": "i am angry",
    "😴": "i am tired",
    "😂": "haha",
    "🤣": "haha",
}


def plain(text: str) -> str:
    """The text without invisible characters, in single spaces, at most 701 long; `wordless` if nothing is left."""
    folded = unicodedata.normalize("NFKC", text[: HEAD * 8] + text[HEAD * 8 :][-TAIL * 8 :])
    seen = "".join(" " if unicodedata.category(each).startswith(("C", "Z")) else each for each in folded)
    words = " ".join(seen.split())
    if len(words) > HEAD + TAIL:
        words = f"{words[:HEAD]} {words[-TAIL:]}"
    if any(each.isalnum() for each in words):
        return words
    return next((spoken for emoji, spoken in _EMOJI.items() if emoji in words), NOTHING)
