"""The one place where ids are made and parsed.

| id | made of | example |
|---|---|---|
| address | channel and the platform's own id | `web:6f1c…`, `telegram:42` |
| pseudonym | keyed hash of an address, base32, 16 characters | `k5xq…` |
| entry | the event that caused it and a count | `web:6f1c…:a81/1` |
| action | something that an action of the bot did | `bot:5f0e…` |
| due | kind, conversation and due time in milliseconds | `due:first_word:9b…:1780000000000` |
| lane | kind and destination | `bot:9b…`, `records`, `telegram:42`, `thread:9b…`, `card:9b…`, `home:ana`, `leads` |
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

_CHANNEL = re.compile(r"[a-z][a-z0-9_]{0,31}")
_PSEUDONYM_BYTES = 10


class BadId(ValueError):
    """A text is no id of the kind it was taken for."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where one seeker can be reached: a channel and that platform's own id for the person."""

    channel: str
    id: str

    def __post_init__(self) -> None:
        if not _CHANNEL.fullmatch(self.channel) or not self.id or len(self.id) > 200:
            raise BadId("an address is a lower-case channel name and an id of 1 to 200 characters")

    def __str__(self) -> str:
        return f"{self.channel}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> Address:
        """The address that `str(address)` wrote. Raises `BadId`."""
        channel, colon, rest = text.partition(":")
        if not colon:
            raise BadId("an address reads channel:id")
        return cls(channel, rest)


def pseudonym(address: Address, key: bytes) -> str:
    """The seeker's name in every store: HMAC-SHA256 of the address under `key`, 80 bits in lower-case base32."""
    digest = hmac.new(key, str(address).encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:_PSEUDONYM_BYTES]).decode().lower()


def entry_id(event_id: str, count: int) -> str:
    """The id of the `count`-th entry that one event causes; the same again when the event is redelivered."""
    return f"{event_id}/{count}"


def due_id(kind: str, conversation: str, at: float) -> str:
    """The event id of one deadline: sweeping it twice is one event."""
    return f"due:{kind}:{conversation}:{int(at * 1000)}"


WEB = "web"
"""The channel of the web chat: a page that reads its feed itself, so that nothing reaches it while it is closed."""


BOT_LANES = "bot"
"""The kind of the lanes in which the bot is asked."""


def bot_lane(conversation: str) -> str:
    """The lane of everything the bot is asked in one conversation."""
    return f"{BOT_LANES}:{conversation}"


def action_id(unique: str) -> str:
    """The event id of something that one of the bot's actions did."""
    return f"bot:{unique}"


def is_by_action(entry: str) -> bool:
    """Whether an entry was caused by one of the bot's actions."""
    return entry.startswith(action_id(""))


RECORDS_LANE = "records"
"""The lane of everything that goes to the SQL records."""


LEADS_LANE = "leads"
"""The lane of everything that a desk which must be sent to shows its leads."""


def thread_lane(conversation: str) -> str:
    """The lane of what one conversation's holder must be sent."""
    return f"thread:{conversation}"


def card_lane(conversation: str) -> str:
    """The lane of one conversation's card in the queue channel."""
    return f"card:{conversation}"


def home_lane(supporter: str) -> str:
    """The lane of one supporter's own page."""
    return f"home:{supporter}"


def erase_lane(pseudonym: str) -> str:
    """The lane of one seeker's erasure."""
    return f"erase:{pseudonym}"
