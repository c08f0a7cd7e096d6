"""What someone would like in a supporter. Wishes, never requirements."""

from __future__ import annotations

import re

_PATTERNS = (
    (
        "shared_experience",
        r"been through|gone through|same (thing|experience|boat)|similar experience|shared experience|"
        r"lived experience|knows what it'?s like|who'?s been there|been there|like me|gets it|survivor|experienced",
    ),
    (
        "similar_age",
        r"my age|similar age|same age|around my age|close to my age|young(er|ish)?\b|older|"
        r"in their (20|30|40|50|60)s|"
        r"not (too )?(old|young)|age",
    ),
    ("woman", r"\b(wom[ae]n|female|lady|girl)\b"),
    ("man", r"\b(m[ae]n|male|guy|bloke|dude)\b"),
    ("nonbinary", r"non[- ]?binary|\benby\b|genderqueer"),
    ("same_gender", r"same (gender|sex)|my (own )?gender"),
    ("lgbtq", r"lgbt\w*|queer|\bgay\b|lesbian|\btrans\b|bisexual"),
    (
        "similar_culture",
        r"cultur|background|same (country|community|religion|faith|race)|ethnic|\b(black|asian|muslim|christian|"
        r"jewish|hindu|sikh|african|caribbean|latin[ao]?)\b|my (faith|religion|community)|religious|faith",
    ),
    ("parent", r"\b(parent|mum|mom|mother|dad|father)\b"),
)
_GENDERS = ("woman", "man")
_NOT_WANTED = re.compile(
    r"(?:\bnot|\bno|n'?t (?:want|mind|care)|\bwithout|anything but|rather not)\s+(?:too |an? |about |any )*(?:\w+ )?$"
)
_NONE = re.compile(
    r"\b(no(pe|ne)?\b.{0,12}(preference|pref)|don'?t (mind|care)|"
    r"any(one|body|thing)( is| will| would|'?s)?( fine| do| ok| okay|"
    r" good)?|whoever|no preference|doesn'?t matter|not bothered|not fussed|either is fine|no,? anyone)\b"
)


def preferences(text: str) -> list[str] | None:
    """The wishes named, in a fixed order; an empty list for "I don't mind"; None for anything else."""
    words = " ".join(text.lower().replace("’", "'").split())
    found = [wish for code, pattern in _PATTERNS if (wish := _wish(code, pattern, words))]
    if found:
        return found
    return [] if _NONE.search(words) else None


def _wish(code: str, pattern: str, words: str) -> str | None:
    places = [each.start() for each in re.finditer(pattern, words)]
    if any(not _NOT_WANTED.search(words[:place]) for place in places):
        return code
    return f"not_a_{code}" if places and code in _GENDERS else None
