"""The Warmline service as the bot's actions see it: JSON over HTTP, a bearer token, named failures."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import aiohttp

SECONDS = 5.0
"""The service answers within milliseconds; after five seconds the seeker is better told."""


class ServiceDown(Exception):
    """The service did not answer, or not sensibly. Say so and offer urgent help."""


@dataclass(frozen=True)
class Service:
    """One instance a process. `url` is without a slash at the end."""

    url: str
    token: str = field(repr=False)

    async def consent(self, conversation: str, given: bool) -> None:
        await self._post("consent", {"conversation": conversation, "given": given})

    async def intake(self, conversation: str, summary: dict[str, Any]) -> None:
        await self._post("intake", {"conversation": conversation, "summary": summary})

    async def handoff(self, conversation: str, why: str) -> dict[str, Any]:
        return await self._post("handoff", {"conversation": conversation, "why": why})

    async def waiting(self, conversation: str) -> dict[str, Any]:
        return await self._ask("GET", f"waiting/{quote(conversation, safe='')}", None)

    async def resources(self, conversation: str, wanted: dict[str, Any]) -> list[dict[str, Any]]:
        found = (await self._post("resources", {"conversation": conversation, **wanted})).get("resources", [])
        return [each for each in found if isinstance(each, dict) and "id" in each]

    async def helped(self, conversation: str, resource: str, helped: bool) -> None:
        await self._post("resources/helped", {"conversation": conversation, "resource": resource, "helped": helped})

    async def message(self, conversation: str, text: str) -> None:
        await self._post("message", {"conversation": conversation, "text": text})

    async def forget(self, conversation: str) -> None:
        await self._post("forget", {"conversation": conversation})

    async def close(self, conversation: str) -> None:
        await self._post("close", {"conversation": conversation})

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return await self._ask("POST", path, body)

    async def _ask(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        """Raises ServiceDown with the kind of failure and never with words."""
        headers = {"Authorization": f"Bearer {self.token}"}
        limit = aiohttp.ClientTimeout(total=SECONDS)
        try:
            async with (
                aiohttp.ClientSession(headers=headers, timeout=limit) as session,
                session.request(method, f"{self.url}/bot/{path}", json=body) as answer,
            ):
                if answer.status != 200:
                    raise ServiceDown(f"{method} /bot/{path.split('/')[0]} was answered {answer.status}")
                told = await answer.json()
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            raise ServiceDown(f"{method} /bot/{path.split('/')[0]} failed: {type(error).__name__}") from None
        return told if isinstance(told, dict) else {}


@lru_cache(maxsize=1)
def service() -> Service:
    """Read once: WARMLINE_SERVICE_URL and WARMLINE_BOT_TOKEN."""
    url = os.environ.get("WARMLINE_SERVICE_URL") or "http://127.0.0.1:8080"
    return Service(url=url.rstrip("/"), token=os.environ.get("WARMLINE_BOT_TOKEN", ""))
