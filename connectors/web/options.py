"""What one line's web chat is made with; read once at the start and handed in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handoff.core.ids import Address
from handoff.core.plan import SafetyPlan
from handoff.ports import Shelf


@dataclass(frozen=True, slots=True)
class LinkAnswer:
    """What to show; `code` where one was made, `linked` when this page and another channel are one from now on."""

    text: str = field(repr=False)
    code: str = field(default="", repr=False)
    linked: bool = False


@dataclass(frozen=True, slots=True)
class LinkChannels:
    """Makes codes for this page's seeker, and uses up those of others. Both raise `StoreDown`."""

    make: Callable[[Address], Awaitable[LinkAnswer]]
    use: Callable[[str, Address], Awaitable[LinkAnswer]]


Texts = Mapping[str, Any]
"""`handoff/wording/<language>/web.yml` as read: sections of sentences, some of them lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebOptions:
    """`wording` holds the texts by language; `language` is the one for whoever asks for none of them.

    `allowed_origins` (`https://example.org`) may embed the chat and open its sockets, besides its own address.
    `urgent` holds a crisis card's body by language, shown by the page itself while the service cannot be reached.
    `countries` (ISO 3166-1 alpha-2) are offered as the place to choose hotlines for; none: the page does not ask.
    `shelf` keeps files; without one, none can be sent. `file_limit`: the longest file taken, in bytes.
    `plan` says a safety plan in a language, and nothing of an empty one.
    `linking` joins the page with another channel of the same seeker; None where there is no other.
    `title` is what the browser's tab and history show, so it says as little as possible.
    """

    line: str
    line_name: str
    session_secret: str = field(repr=False)
    session_secret_before: str | None = field(default=None, repr=False)
    wording: Mapping[str, Texts] = field(repr=False)
    language: str = "en"
    allowed_origins: Sequence[str] = ()
    secure_cookies: bool = False
    message_limit: int = 4000
    shelf: Shelf | None = None
    file_limit: int = 10_000_000
    linking: LinkChannels | None = None
    plan: Callable[[SafetyPlan, str], str] = lambda plan, language: ""
    leave_url: str = "https://duckduckgo.com/?q=weather"
    title: str = "Chat"
    urgent: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    countries: Sequence[str] = ()
    session_seconds: int = 30 * 86400
    hello_seconds: float = 10.0
    waiting_seconds: float = 15.0
    deep_wait_seconds: float = 15.0
    deep_quiet_seconds: float = 1.0

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages there are texts in, the line's own first."""
        return (self.language, *(each for each in self.wording if each != self.language))

    def texts(self, language: str | None) -> Texts:
        """The texts of a language, or the line's own where there are none."""
        return self.wording.get(language or self.language) or self.wording[self.language]

    def refusal(self, code: str, language: str | None) -> str:
        """What to do about a refusal with this code. Raises `KeyError` where code and file disagree."""
        sentence: str = self.texts(language)["refusals"][code]
        return sentence.format(limit=self.message_limit, megabytes=self.file_limit // 1_000_000)
