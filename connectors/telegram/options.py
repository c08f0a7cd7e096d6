"""What one line's Telegram connector is made with; read once at the start and handed in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from handoff.core.ids import Address
from handoff.core.plan import SafetyPlan
from handoff.core.policy import Policy

Texts = Mapping[str, Mapping[str, Any]]
LinkCode = Callable[[Address], Awaitable[str]]
"""Makes a code for this seeker; what to say to them."""
UseCode = Callable[[str, Address], Awaitable[str]]
"""Uses a code up for this seeker; what to say to them."""

ReadablePlan = Callable[[SafetyPlan, str], str]
"""A safety plan as text in a language; empty where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramOptions:
    """`texts` is `handoff/wording/<language>/telegram.yml` by language. `webhook_url` None: updates are fetched.

    `rate`: messages a second over all chats. `topics`: those that a `/start topic_...` link may name.
    """

    token: str = field(repr=False)
    api: str
    webhook_url: str | None
    webhook_secret: str = field(default="", repr=False)
    texts: Texts
    language: str
    line: str
    line_name: str
    topics: frozenset[str]
    policy: Policy
    rate: int
    make_code: LinkCode
    use_code: UseCode
    plan: ReadablePlan

    def languages(self) -> tuple[str, ...]:
        """Those there is wording in."""
        return tuple(self.texts)

    def countries(self, language: str | None) -> list[tuple[str, str]]:
        """Code and name of every country whose numbers can be shown, by name."""
        for each in (language, self.language, "en"):
            found = self.texts.get(each or "", {}).get("countries")
            if found:
                return sorted(found.items(), key=lambda country: str(country[1]))
        return []

    def say(self, key: str, language: str | None, **values: object) -> str:
        """One sentence in a language, or in the line's. Raises `KeyError` where code and file disagree; a test holds
        them together."""
        for each in (language, self.language, "en"):
            found = self.texts.get(each or "", {}).get("texts", {}).get(key)
            if found is not None:
                return str(found).format_map(values) if values else str(found)
        raise KeyError(key)
