"""Characters: folding to plain letters, with the place in the original text kept for every character."""

from __future__ import annotations

import unicodedata

HOMOGLYPHS = dict(
    zip(
        "абсԁеҽғгһіїјкӏмопрсԛѕтυνԝхуүʏʐαβγδεηικνοπρστυχωаɑⅼⅰ",
        "abcdeefrhiijklmonpcqstuvwxyyyzabydenikvonpotuxwaali",
        strict=True,
    )
)
"""Letters of other scripts that look like Latin ones. Applied only inside words or texts that are Latin otherwise."""

EMOJI = {
    "💀": "emojiskull", "☠": "emojiskull", "🔪": "emojiknife", "🗡": "emojiknife", "🩸": "emojiblood",
    "💊": "emojipill", "⚰": "emojicoffin", "🪦": "emojigrave", "👋": "emojiwave", "🔫": "emojigun",
    "😂": "emojilaugh", "🤣": "emojilaugh", "😭": "emojicry", "😢": "emojicry", "💔": "emojibroken",
}  # fmt: skip

_QUOTES = {
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "`": "'",
    "´": "'",
    "＇": "'",
    "“": '"',
    "”": '"',
    "…": "..",
    "—": ",",
    "–": "-",
}


def fold(text: str) -> tuple[str, list[int]]:
    """Lower-case NFKC without marks and zero-width characters; the list maps each character to the original's index."""
    if text.isascii():
        return text.lower(), list(range(len(text)))
    out: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(text):
        for plain in _plain(character):
            out.append(plain)
            origin.append(index)
    return _fold_homoglyphs("".join(out)), origin


def _plain(character: str) -> str:
    if character in EMOJI:
        return f" {EMOJI[character]} "
    if character in _QUOTES:
        return _QUOTES[character]
    if character.isascii():
        return character.lower()
    kept = [c for c in unicodedata.normalize("NFKD", character) if not _unseen(c)]
    return "".join(kept).casefold()


def _unseen(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Cf", "Me", "Cc") and character not in "\n\r\t"


def _fold_homoglyphs(text: str) -> str:
    latin = sum("a" <= c <= "z" for c in text)
    other = sum(c.isalpha() and not c.isascii() for c in text)
    if not other or not latin or latin < other:
        return text
    folded = "".join(HOMOGLYPHS.get(c, c) for c in text)
    return folded if len(folded) == len(text) else text
