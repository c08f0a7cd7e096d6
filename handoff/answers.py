"""Failures over HTTP: a stable code and a next step, as JSON. No stack trace, and nothing of what was sent."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from handoff.ports import StoreDown

_log = logging.getLogger(__name__)

_CHECK = "Check the address and the method."
_HTTP = {
    400: ("bad_request", "Send one JSON object in UTF-8."),
    404: ("not_found", _CHECK),
    405: ("method_not_allowed", _CHECK),
    408: ("too_slow", "Send it again, all at once."),
    413: ("too_large", "Send less at once."),
}


class Problem(Exception):
    """Something asked for over HTTP was not done."""

    def __init__(self, status: int, code: str, next_step: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.next_step = next_step


def answer_problems(app: FastAPI) -> None:
    """Give every failure of this app its answer."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(StoreDown, _store_down)
    app.add_exception_handler(RequestValidationError, _bad_request)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _broken)


async def _problem(request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, Problem)
    return _said(problem.status, problem.code, problem.next_step)


async def _store_down(request: Request, down: Exception) -> JSONResponse:
    return _said(503, "store_down", "Nothing was saved. Send it again in a moment.")


async def _bad_request(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    wrong = ", ".join(sorted({".".join(str(part) for part in each["loc"][1:]) or "body" for each in error.errors()}))
    return _said(422, "bad_request", f"Correct these fields: {wrong}.")


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code, next_step = _HTTP.get(error.status_code, ("http_error", _CHECK))
    answer = _said(error.status_code, code, next_step)
    answer.headers.update(error.headers or {})
    return answer


async def _broken(request: Request, error: Exception) -> JSONResponse:
    _log.error("request_broke", exc_info=error)
    return _said(500, "internal", "Something on our side broke and was logged. Try again.")


def _said(status: int, code: str, next_step: str) -> JSONResponse:
    return JSONResponse({"error": code, "next": next_step}, status_code=status)
