"""Calls to Slack, with every way of failing named: what to wait for, what may have arrived, who is gone."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from handoff.ports import DeliveryFailed

_log = logging.getLogger(__name__)

_SECONDS = 20
_OK = 200
_TOO_MANY = 429
_OUR_FAULT = 500
_UNAUTHORIZED = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_expired"})
_REVOKED = frozenset({"token_revoked", "app_uninstalled"})
_PERSON_GONE = frozenset({"user_disabled", "user_not_found", "users_not_found", "cannot_dm_bot", "user_not_visible"})
_LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_UNREACHABLE = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
_READING = frozenset(
    {"conversations.history", "conversations.replies", "chat.getPermalink", "users.info", "files.info"}
)
"""Methods that take their arguments in the address, and none as JSON."""
_SEEN_TWICE = frozenset({"chat.postMessage", "chat.postEphemeral"})
"""Methods that show something twice when they are called twice."""
_NEEDED = _SEEN_TWICE | {"chat.update", "chat.delete", "conversations.open"}
"""Methods without whose scope nothing works: what needs them waits until somebody gives it."""
_UPLOAD = "files.upload"
_FILE_HOSTS = ("slack.com", "slack-edge.com")


@dataclass(frozen=True, slots=True)
class Me:
    """Who the app is in its workspace."""

    user: str
    bot: str
    team: str


class Calls:
    """One workspace's Web API. Never waits by itself: a 429 is remembered by method, and told to whoever calls next."""

    def __init__(self, token: str, api: str) -> None:
        self.client = AsyncWebClient(token=token, base_url=api, timeout=_SECONDS, retry_handlers=[], logger=_Quiet())
        self.health = "unreachable"
        self._token = token
        self._api = api
        self._not_before: dict[str, float] = {}
        self._me: Me | None = None

    async def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        """What the method answers. Raises `DeliveryFailed`."""
        self._wait_as_told(method)
        try:
            if method in _READING:
                answer = await self.client.api_call(method, http_verb="GET", params=arguments)
            else:
                answer = await self.client.api_call(method, json=arguments)
        except SlackApiError as error:
            raise self._refused(method, error) from None
        except (TimeoutError, aiohttp.ClientError) as error:
            self.health = "unreachable"
            unsure = method in _SEEN_TWICE and _may_have_arrived(error)
            raise DeliveryFailed("Slack did not answer", unsure=unsure) from None
        self.health = "ok"
        return dict(answer.data) if isinstance(answer.data, dict) else {}

    async def me(self) -> Me:
        """Who we are; asked once. Raises `DeliveryFailed`."""
        if self._me is None:
            said = await self.call("auth.test")
            self._me = Me(str(said["user_id"]), str(said.get("bot_id", "")), str(said["team_id"]))
        return self._me

    async def upload(self, channel: str, thread: str, content: bytes, name: str, title: str) -> None:
        """A file into a thread. Raises `DeliveryFailed`."""
        self._wait_as_told(_UPLOAD)
        try:
            await self.client.files_upload_v2(
                channel=channel, thread_ts=thread, content=content, filename=name, title=title
            )
        except SlackApiError as error:
            raise self._refused(_UPLOAD, error) from None
        except SlackRequestError:
            raise DeliveryFailed("the file was not taken") from None
        except (TimeoutError, aiohttp.ClientError) as error:
            raise DeliveryFailed("Slack did not answer", unsure=_may_have_arrived(error)) from None

    async def download(self, url: str, limit: int) -> bytes | None:
        """A file that somebody shared; None when it is over `limit` bytes. Only from Slack's own addresses, with our
        token: no other link is ever followed. Raises `DeliveryFailed`."""
        if not self._is_theirs(url):
            raise DeliveryFailed("not a file of Slack's", hopeless=True)
        seconds = aiohttp.ClientTimeout(total=_SECONDS * 3)
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            async with (
                aiohttp.ClientSession(timeout=seconds) as session,
                session.get(url, headers=headers, allow_redirects=False) as answer,
            ):
                if answer.status != _OK:
                    raise _no_file(answer.status, answer.headers)
                content = await answer.content.read(limit + 1)
                while len(content) <= limit and (more := await answer.content.read(limit + 1 - len(content))):
                    content += more
                return content if len(content) <= limit else None
        except (TimeoutError, aiohttp.ClientError):
            raise DeliveryFailed("Slack did not answer") from None

    def _wait_as_told(self, method: str) -> None:
        left = self._not_before.get(method, 0.0) - time.monotonic()
        if left > 0:
            raise DeliveryFailed("told to wait", left)

    def _is_theirs(self, url: str) -> bool:
        theirs, ours = urlsplit(url), urlsplit(self._api)
        if (theirs.scheme, theirs.netloc) == (ours.scheme, ours.netloc):
            return True
        host = theirs.hostname or ""
        return theirs.scheme == "https" and any(host == each or host.endswith(f".{each}") for each in _FILE_HOSTS)

    def _refused(self, method: str, error: SlackApiError) -> DeliveryFailed:
        status, headers, code = _read(error.response)
        if status == _TOO_MANY or code in _LIMITED:
            wait = _number(headers)
            self._not_before[method] = time.monotonic() + wait
            return DeliveryFailed("told to wait", wait)
        if status >= _OUR_FAULT or code in _UNREACHABLE:
            self.health = "unreachable"
            return DeliveryFailed("Slack had an error of its own", unsure=method in _SEEN_TWICE)
        if not code:
            return DeliveryFailed("Slack's answer can't be read", unsure=method in _SEEN_TWICE)
        self._note_health(code)
        gone = "deactivated" if code in _PERSON_GONE else ""
        lost = code in _UNAUTHORIZED | _REVOKED or (code == "missing_scope" and method in _NEEDED)
        return DeliveryFailed(code, gone=gone, hopeless=not gone and not lost)

    def _note_health(self, code: str) -> None:
        state = "missing_scope" if code == "missing_scope" else ""
        state = "unauthorized" if code in _UNAUTHORIZED else "revoked" if code in _REVOKED else state
        if state and state != self.health:
            self.health = state
            _log.warning("slack_state", extra={"state": state, "next": "warmline doctor tells what to do"})


class _Quiet(logging.Logger):
    """The SDK's own log would show tokens and words; what matters is told by `DeliveryFailed`."""

    def __init__(self) -> None:
        super().__init__("slack_sdk.quiet", logging.CRITICAL + 1)


def _read(answer: Any) -> tuple[int, Mapping[str, Any], str]:
    """Status, headers and error code of an answer, also of one that something in between gave and not Slack."""
    given = getattr(answer, "data", None)
    code = str(given.get("error", "")) if isinstance(given, dict) else ""
    status = int(getattr(answer, "status_code", 0) or getattr(answer, "status", 200))
    return status, getattr(answer, "headers", {}), code


def _may_have_arrived(error: Exception) -> bool:
    return not isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)


def _no_file(status: int, headers: Mapping[str, Any]) -> DeliveryFailed:
    if status == _TOO_MANY:
        return DeliveryFailed("told to wait", _number(headers))
    return DeliveryFailed("the file was not given out", hopeless=status < _OUR_FAULT)


def _number(headers: Mapping[str, Any]) -> float:
    given = next((value for name, value in headers.items() if name.lower() == "retry-after"), 1)
    given = given[0] if isinstance(given, list) else given
    try:
        return max(0.1, float(given))
    except ValueError:
        return 1.0
