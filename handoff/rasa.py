"""The only Rasa client: its REST channel in, messages out, and its failures by name."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec

from handoff.core.entries import Button
from handoff.core.events import BotMessage
from handoff.ports import BotDown, BotGarbled, BotSilent

_HEALTH_SECONDS = 2.0
_CONNECT_SECONDS = 1.0
_LONGEST_TEXT = 8000
_MOST_MESSAGES = 20


class _Button(msgspec.Struct):
    title: str
    payload: str


class _Message(msgspec.Struct):
    text: str = ""
    buttons: list[_Button] = []
    custom: dict[str, Any] | None = None


_ANSWER = msgspec.json.Decoder(list[_Message])


class Rasa:
    """Asks one Rasa server. Its empty answer means that something inside it failed, never "nothing to say"."""

    def __init__(self, url: str, client: httpx.AsyncClient) -> None:
        self._url = url.rstrip("/")
        self._client = client

    async def ask(
        self, conversation: str, text: str, context: dict[str, Any], timeout: float
    ) -> tuple[BotMessage, ...]:
        """One turn, `timeout` in seconds. Raises `BotDown` or `BotGarbled`."""
        asked = {"sender": conversation, "message": text, "metadata": context}
        try:
            answer = await self._client.post(
                f"{self._url}/webhooks/rest/webhook",
                json=asked,
                timeout=httpx.Timeout(timeout, connect=_CONNECT_SECONDS),
            )
        except httpx.TimeoutException as error:
            raise BotDown(
                "the bot did not answer in time", reached=not isinstance(error, httpx.ConnectTimeout)
            ) from None
        except httpx.TransportError:
            raise BotDown("the bot cannot be reached") from None
        except httpx.DecodingError:
            raise BotGarbled("the bot's answer can't be unpacked") from None
        if answer.status_code != httpx.codes.OK:
            raise BotDown(f"the bot answered with status {answer.status_code}", reached=True)
        return _read(answer.content)

    async def healthy(self) -> bool:
        """Whether Rasa answers; it opens its channels once its model is loaded."""
        try:
            answer = await self._client.get(f"{self._url}/webhooks/rest/", timeout=_HEALTH_SECONDS)
        except httpx.HTTPError:
            return False
        return answer.status_code == httpx.codes.OK


def client() -> httpx.AsyncClient:
    """A client with connections kept open, since every turn goes to the same server."""
    return httpx.AsyncClient(limits=httpx.Limits(max_connections=64, max_keepalive_connections=64), trust_env=False)


def _read(content: bytes) -> tuple[BotMessage, ...]:
    try:
        found = _ANSWER.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise BotGarbled("the bot's answer is no list of messages") from None
    read = (_message(each) for each in found[:_MOST_MESSAGES])
    messages = tuple(each for each in read if each.text.strip() or each.body or each.buttons)
    if not messages:
        raise BotSilent("the bot answered with nothing", reached=True)
    return messages


def _message(found: _Message) -> BotMessage:
    custom = found.custom or {}
    body = custom.get("resource") if isinstance(custom.get("resource"), dict) else None
    text = found.text or str(custom.get("text", "")) or (str(body.get("title", "")) if body else "")
    buttons = tuple(Button(each.title, each.payload) for each in found.buttons)
    return BotMessage(text[:_LONGEST_TEXT], buttons, body)
