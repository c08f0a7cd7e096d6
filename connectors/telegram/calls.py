"""Calls to the Bot API, with every way of failing named: what to wait for, what may have arrived, who is gone."""

from __future__ import annotations

import warnings
from collections.abc import Awaitable
from datetime import timedelta
from typing import TypeVar

from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest
from telegram.warnings import PTBDeprecationWarning

from connectors.telegram.options import TelegramOptions
from handoff.ports import DeliveryFailed

_T = TypeVar("_T")

_SECONDS = 15.0
_UPLOAD_SECONDS = 20.0
_POLL_SECONDS = 5.0
"""On top of what Telegram is asked to hold the question for."""
_BACK_SOON = 5.0
"""A network that is down, or a token that is refused, uses up no tries: messages wait until it is mended."""
UNCHANGED = "it says so already"
ABSENT = "it is not there"
"""Reasons that mean: what was asked for is so already."""
_NEVER_ARRIVED = ("connect", "proxy", "pool")
"""Failures before anything was sent: httpx names them so (ConnectError, ConnectTimeout, ProxyError, PoolTimeout)."""


def make_requests() -> tuple[HTTPXRequest, HTTPXRequest]:
    """The connections of a bot: for fetching updates, and for everything else. Whoever makes them shuts them down."""
    fetching = HTTPXRequest(connection_pool_size=2, connect_timeout=_SECONDS, read_timeout=_POLL_SECONDS)
    everything = HTTPXRequest(
        connection_pool_size=64,
        connect_timeout=_SECONDS,
        read_timeout=_SECONDS,
        write_timeout=_SECONDS,
        pool_timeout=_SECONDS,
        media_write_timeout=_UPLOAD_SECONDS,
    )
    return fetching, everything


def make_bot(options: TelegramOptions, requests: tuple[HTTPXRequest, HTTPXRequest]) -> Bot:
    """The bot of this token. Waits nowhere by itself but for the rate over all chats: lanes do the waiting."""
    fetching, everything = requests
    return ExtBot(
        options.token,
        base_url=f"{options.api}/bot",
        base_file_url=f"{options.api}/file/bot",
        request=everything,
        get_updates_request=fetching,
        rate_limiter=AIORateLimiter(overall_max_rate=options.rate, overall_time_period=1, group_max_rate=0),
    )


async def called(call: Awaitable[_T]) -> _T:
    """What the call answers. Raises `DeliveryFailed`."""
    try:
        return await call
    except TelegramError as error:
        raise _failure(error) from None


def state_of(error: TelegramError) -> str:
    """The word that health and doctor use."""
    if isinstance(error, InvalidToken | Forbidden):
        return "unauthorized"
    return "conflict" if isinstance(error, Conflict) else "unreachable"


def _failure(error: TelegramError) -> DeliveryFailed:
    """Reasons are our own words: Telegram's may quote what was sent."""
    if isinstance(error, RetryAfter):
        return DeliveryFailed("told to wait", _seconds(error))
    if isinstance(error, Forbidden):
        return DeliveryFailed("forbidden", gone="deactivated" if "deactivated" in error.message else "blocked")
    if isinstance(error, BadRequest):
        return _refused(error.message.lower())
    if isinstance(error, ChatMigrated):
        return DeliveryFailed("the chat has another id", hopeless=True)
    if isinstance(error, InvalidToken):
        return DeliveryFailed("the token is refused", _BACK_SOON)
    if _may_have_arrived(error):
        return DeliveryFailed("Telegram did not answer", unsure=True)
    return DeliveryFailed("Telegram can't be reached", _BACK_SOON)


def _refused(said: str) -> DeliveryFailed:
    if "chat not found" in said:
        return DeliveryFailed("no such chat", gone="deactivated")
    if "not modified" in said:
        return DeliveryFailed(UNCHANGED, hopeless=True)
    return DeliveryFailed(ABSENT if "not found" in said else "refused", hopeless=True)


def _seconds(error: RetryAfter) -> float:
    """The library is on its way from numbers to timedeltas, and warns of it at every look."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PTBDeprecationWarning)
        wait = error.retry_after
    return float(wait.total_seconds() if isinstance(wait, timedelta) else wait)


def _may_have_arrived(error: TelegramError) -> bool:
    """All but what failed before anything was sent: after a lost answer, and after a gateway's error, nobody knows."""
    cause = type(error.__cause__).__name__.lower() if error.__cause__ else ""
    return isinstance(error, NetworkError) and not any(word in cause for word in _NEVER_ARRIVED)
