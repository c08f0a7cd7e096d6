"""The `rest` channel with honest failures: stock Rasa answers 200 with an empty list and logs the person's words.

A turn that failed is answered 503 `{"error": code, "next": sentence}`; the log gets the kind of failure, never words.
"""

from __future__ import annotations

import logging
from asyncio import CancelledError
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.answer_format import check_definition_once
from bot.tracker_store import TrackerStoreDown, without_stand_in
from bot.workers import end_with_the_first

logger = logging.getLogger(__name__)
OnMessage = Callable[[UserMessage], Awaitable[Any]]


class WarmlineInput(InputChannel):
    """Named in credentials.yml; served at /webhooks/rest/webhook."""

    @classmethod
    def name(cls) -> str:
        return "rest"

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        check_definition_once()
        door = Blueprint("warmline_rest", __name__)

        @door.listener("before_server_start")
        async def begun(*_: Any) -> None:
            end_with_the_first()

        @door.route("/", methods=["GET"])
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @door.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            without_stand_in(request.app.ctx.agent.tracker_store)
            return await _take_turn(request.json, on_new_message)

        return door


async def _take_turn(asked: Any, on_new_message: OnMessage) -> HTTPResponse:
    if not _is_turn(asked):
        return _failed(400, "bad_turn", 'Send {"sender": text, "message": text, "metadata": object}.')
    answers = CollectingOutputChannel()
    turn = UserMessage(asked["message"], answers, asked["sender"], input_channel="rest", metadata=asked.get("metadata"))
    try:
        await on_new_message(turn)
    except TrackerStoreDown as down:
        logger.error("%s", down)
        return _failed(503, "tracker_store_down", str(down))
    except CancelledError:
        logger.error("A turn was given up: it took too long, or its caller has gone.")
        raise
    except Exception as error:  # noqa: BLE001 -- anything inside Rasa; its message may hold words, so only the kind is told
        logger.error("A turn failed inside Rasa: %s", type(error).__name__)
        return _failed(503, "turn_failed", "Send the turn again, or hand the conversation to a person.")
    return response.json(answers.messages)


def _is_turn(asked: Any) -> bool:
    return (
        isinstance(asked, dict)
        and all(isinstance(asked.get(name), str) and asked[name] for name in ("sender", "message"))
        and isinstance(asked.get("metadata", {}), (dict, type(None)))
    )


def _failed(status: int, code: str, next_step: str) -> HTTPResponse:
    return response.json({"error": code, "next": next_step}, status=status)
