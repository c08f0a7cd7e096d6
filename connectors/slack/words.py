"""The sentences of Slack's desk, in one language: its own file, and the console's for what both desks speak of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_PLACE = re.compile(r"\{(\w+)\}")
_SHARED = (
    "tier", "tier_means", "modifier", "topic", "outcome", "reply_category",
    "report_reason", "supporter_reason",
)  # fmt: skip
"""Sections taken from the console's file, so that the same thing has one name on both desks."""
_REASONS = ("close_to_home", "know_them", "not_my_topic", "need_a_breather", "other")
"""Why somebody may decline, likewise."""


@dataclass(frozen=True, slots=True)
class Words:
    """Sections of sentences, each by its key. Places in braces are filled in by `say`."""

    sections: Mapping[str, Mapping[str, str]]

    @classmethod
    def joined(cls, slack: Mapping[str, Any], console: Mapping[str, Any]) -> Words:
        """From `slack.yml` and `console.yml` of one language, as read."""
        page = console["page"]
        shared = {section: page[section] for section in _SHARED}
        return cls({**shared, "decline_reason": {key: page["decline"][key] for key in _REASONS}, **slack})

    def say(self, section: str, key: str, **values: object) -> str:
        """One sentence. Raises `KeyError` where code and file disagree; a test holds them together."""
        sentence = self.sections[section][key]
        return _PLACE.sub(lambda place: str(values.get(place[1], place[0])), sentence)

    def count(self, section: str, key: str, count: int, **values: object) -> str:
        """The sentence for one (`<key>_one`) or for `count` of something."""
        return self.say(section, f"{key}_one" if count == 1 else key, count=count, **values)

    def known(self, section: str, key: str) -> str | None:
        """A sentence that need not be there: a code from elsewhere is shown only when we have words for it."""
        return self.sections[section].get(key)

    def all_of(self, section: str) -> Mapping[str, str]:
        """A whole section: the choices of a list, in the file's order."""
        return self.sections[section]

    def refusal(self, code: str) -> str | None:
        """A refusal of this desk; None when the code is the core's, which brings its own sentence."""
        return self.sections["refused"].get(code)
