"""Socket Mode: a connection that we open, so that no public address is needed. Several processes may hold one each."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from connectors.slack.options import SlackOptions

_log = logging.getLogger(__name__)

_LOOK_EVERY = 5.0
_LONGEST = 60.0


class Socket:
    """Keeps one connection. The SDK follows Slack's notices to reconnect; what it gives up on is begun anew here."""

    def __init__(self, app: AsyncApp, options: SlackOptions) -> None:
        self._app = app
        self._options = options
        self._handler: AsyncSocketModeHandler | None = None

    async def run(self) -> None:
        """For ever; nothing where there is no token for it."""
        if not self._options.app_token:
            await asyncio.Event().wait()
        wait = 1.0
        while True:
            if await self._is_connected():
                wait = 1.0
                await asyncio.sleep(_LOOK_EVERY)
                continue
            if not await self._connect():
                await asyncio.sleep(wait)
                wait = min(wait * 2, _LONGEST)

    async def close(self) -> None:
        """Say goodbye."""
        if self._handler is not None:
            with suppress(aiohttp.ClientError, RuntimeError):
                await self._handler.close_async()  # type: ignore[no-untyped-call]

    async def _is_connected(self) -> bool:
        return self._handler is not None and await self._handler.client.is_connected()

    async def _connect(self) -> bool:
        await self.close()
        logger = logging.getLogger("slack_sdk.socket.quiet")
        logger.setLevel(logging.CRITICAL + 1)
        client = AsyncWebClient(self._options.app_token, base_url=self._options.api, logger=logger)
        self._handler = AsyncSocketModeHandler(
            self._app, self._options.app_token, logger=logger, web_client=client, ping_interval=10
        )
        try:
            await self._handler.connect_async()  # type: ignore[no-untyped-call]
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            _log.warning("slack_socket_not_open", extra={"kind": type(error).__name__})
            return False
        return True
