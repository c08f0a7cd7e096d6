"""What one line's desk in Slack is made with; read once at the start and handed in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors.slack.words import Words
from handoff.core.policy import Policy
from handoff.ports import ReportBook

Search = Callable[[str, Sequence[str], str, int], Awaitable[list[dict[str, Any]]]]
"""`await search(text, topics, language, limit)`: resources as JSON, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackOptions:
    """`app_token` set: Socket Mode; `signing_secret` set: events over HTTP. `replies` are {id, category, text} each.

    `api` ends with a slash. `console` is the address of the other desk, for leads.
    """

    bot_token: str = field(repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    queue_channel: str
    leads_channel: str
    api: str
    policy: Policy
    words: Words
    search: Search
    replies: Sequence[Mapping[str, str]]
    console: str
    language: str
    reports: ReportBook | None = None
