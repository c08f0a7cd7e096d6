"""Wording: every sentence the service itself says, by key and language, as frozen values handed to the core."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FALLBACK = "en"


class WordingMissing(KeyError):
    """A key is in no language: the wording files and the code disagree. A test holds them against each other."""


@dataclass(frozen=True, slots=True)
class Wording:
    """`texts[language][key]` with `{name}` places. English is the fallback for a language or key that is missing."""

    texts: Mapping[str, Mapping[str, str]]

    def say(self, key: str, language: str, **values: object) -> str:
        """The sentence, with its places filled in. Raises `WordingMissing`."""
        for chosen in (language, FALLBACK):
            template = self.texts.get(chosen, {}).get(key)
            if template is not None:
                return template.format_map(values) if values else template
        raise WordingMissing(key)

    def is_button(self, payload: str, label: str) -> bool:
        """Whether a quick reply of ours with this payload stands so in any language: then nobody typed it."""
        key = f"button_{payload.removeprefix('warmline:')}"
        return any(texts.get(key) == label for texts in self.texts.values())

    def knows(self, key: str) -> bool:
        """Whether there is such a sentence, at least in English."""
        return key in self.texts.get(FALLBACK, {})

    def languages(self) -> tuple[str, ...]:
        """The languages there is wording in."""
        return tuple(self.texts)
