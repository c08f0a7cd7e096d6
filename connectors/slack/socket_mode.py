"""Socket Mode: a connection that we open, so that no public address is needed. Several processes may hold one each."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import MutableSet
from contextlib import suppress

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from connectors.slack.options import SlackOptions

_log = logging.getLogger(__name__)

_PING_EVERY = 10
_LONGEST = 60.0
_PATIENCE = 15.0
"""Seconds for one try: the SDK itself would knock at the same address for ever, although each is good for one visit."""

_SETTLES = 1.0
"""Seconds after a new connection in which Slack sends again what nobody acknowledged, in any order."""

REFUSED, CLOSED = "app_token", "socket"
"""How it shows in the health: Slack refuses the token, or can't be reached this way."""
_NOT_THE_TOKEN = frozenset(
    {None, "ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)


class Socket:
    """Keeps one connection. The SDK follows Slack's notices to reconnect; what it gives up on is begun anew here.

    `troubled`: the troubles that the health tells; this one puts its own there and takes them away.
    """

    def __init__(
        self, app: AsyncApp, options: SlackOptions, troubled: MutableSet[str], look_every: float = 5.0
    ) -> None:
        self._app = app
        self._options = options
        self._troubled = troubled
        self._look_every = look_every
        self._handler: AsyncSocketModeHandler | None = None
        self._session: object = None
        self._since = 0.0

    def settles(self) -> float:
        """Seconds until what was written while no connection stood has come again; 0 when that is over."""
        session = self._handler.client.current_session if self._handler is not None else None
        if session is not self._session:
            self._session, self._since = session, time.monotonic()
        return max(0.0, self._since + _SETTLES - time.monotonic()) if session is not None else 0.0

    async def run(self) -> None:
        """For ever; nothing where there is no token for it."""
        if not self._options.app_token:
            await asyncio.Event().wait()
        wait = 1.0
        while True:
            if await self._is_connected() or await self._connect():
                wait = 1.0
                await asyncio.sleep(self._look_every)
            else:
                await asyncio.sleep(wait)
                wait = min(wait * 2, _LONGEST)

    async def close(self) -> None:
        """Say goodbye."""
        handler, self._handler = self._handler, None
        if handler is not None:
            with suppress(aiohttp.ClientError, RuntimeError):
                await handler.close_async()  # type: ignore[no-untyped-call]

    async def _is_connected(self) -> bool:
        return self._handler is not None and await self._handler.client.is_connected()

    async def _connect(self) -> bool:
        await self.close()
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._visit()
        except SlackApiError as error:
            return self._failed(CLOSED if _code(error) in _NOT_THE_TOKEN else REFUSED, error)
        except (aiohttp.ClientError, TimeoutError) as error:
            return self._failed(CLOSED, error)
        self._troubled -= {REFUSED, CLOSED}
        return True

    async def _visit(self) -> None:
        """Asks for an address first: the SDK's own asking hides why it was refused."""
        logger = _quiet()
        client = AsyncWebClient(self._options.app_token, base_url=self._options.api, logger=logger)
        opened = await client.apps_connections_open(app_token=self._options.app_token)
        handler = AsyncSocketModeHandler(
            self._app, self._options.app_token, logger=logger, web_client=client, ping_interval=_PING_EVERY
        )
        self._handler = handler
        handler.client.wss_uri = str(opened["url"])
        await handler.connect_async()  # type: ignore[no-untyped-call]

    def _failed(self, trouble: str, error: Exception) -> bool:
        if trouble not in self._troubled:
            _log.warning("slack_socket_not_open", extra={"kind": type(error).__name__, "trouble": trouble})
        self._troubled.add(trouble)
        return False


def _code(error: SlackApiError) -> str | None:
    """None where the answer was no JSON, as with a gateway's own page."""
    said = getattr(error.response, "data", None)
    return str(said.get("error")) if isinstance(said, dict) and "error" in said else None


def _quiet() -> logging.Logger:
    """The SDK's log would show tokens and words."""
    logger = logging.getLogger("slack_sdk.socket.quiet")
    logger.setLevel(logging.CRITICAL + 1)
    return logger
