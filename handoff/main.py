"""The service: web chat, console, the bot's actions and health, on one address."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, replace
from typing import Any

from fastapi import FastAPI

from connectors.console import ConsoleOptions, console_routes
from connectors.console.options import ListReviews
from connectors.web import WebOptions, web_routes
from handoff.answers import answer_problems
from handoff.bot_api import bot_routes
from handoff.core.plan import readable
from handoff.doorstep import Doorstep
from handoff.draining import Doors
from handoff.health import health_routes, look
from handoff.house import House, build
from handoff.platforms import join_platforms, web_linking
from handoff.saved_replies import load_saved_replies
from handoff.screening import RiskScreen
from handoff.settings import Settings, load
from handoff.vigil import Vigil
from handoff.watching.page import metrics_routes
from handoff.watching.picture import Picture, take
from handoff.wording.page_files import load_page_wording, urgent_cards

_log = logging.getLogger(__name__)


def create_app(settings: Settings | None = None, screen: RiskScreen | None = None) -> FastAPI:
    """The ASGI application. Raises `SettingsError`, `WordingError` or `BadKey` with what to do; opens no connection."""
    house = build(settings or load(), screen=screen)
    app = FastAPI(title="Warmline", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan(house))
    app.state.house = house
    answer_problems(app)
    app.add_middleware(Doorstep, https=house.settings.secure_cookies())
    secret = house.settings.bot_token.get_secret_value()
    app.include_router(health_routes(house))
    app.include_router(bot_routes(house.front, house.store, house.finder, house.line, secret))
    app.include_router(web_routes(house.front, house.store, _web_options(house)))
    app.include_router(console_routes(house.front, house.store, _console_options(house)))
    join_platforms(house, app)
    house.join(Vigil(house))
    _join_metrics(house, app)
    app.add_middleware(Doors, house=house)
    return app


def _join_metrics(house: House, app: FastAPI) -> None:
    token, metrics = house.settings.metrics_token, house.watch.metrics
    if token is None or metrics is None:
        return

    metrics.expect(house.workers)

    async def taken() -> Picture:
        picture = await take(house.store, lambda: look(house), house.front.clock(), frozenset(house.workers))
        return replace(picture, draining=house.leaving.is_set())

    app.include_router(metrics_routes(metrics, taken, token.get_secret_value()))


def _lifespan(house: House) -> Any:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        running = asyncio.create_task(house.run())
        running.add_done_callback(_told)
        yield
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await house.close()

    return lifespan


def _told(running: asyncio.Task[None]) -> None:
    """Work that ended by itself is a defect. A service that only looks alive helps nobody: it ends, to begin anew."""
    if not running.cancelled() and running.exception() is not None:
        _log.critical("background_work_ended", exc_info=running.exception())
        signal.raise_signal(signal.SIGTERM)


def _web_options(house: House) -> WebOptions:
    settings = house.settings
    before = settings.session_secret_before
    return WebOptions(
        line=settings.line,
        line_name=settings.line_name,
        session_secret=settings.session_secret.get_secret_value(),
        session_secret_before=before.get_secret_value() if before else None,
        wording=load_page_wording("web.yml"),
        language=settings.language,
        allowed_origins=settings.origins,
        secure_cookies=settings.secure_cookies(),
        message_limit=house.line.policy.message_limit,
        urgent=urgent_cards(house.line, house.front.clock()),
        countries=house.countries,
        leave_url=settings.leave_url,
        title=settings.page_title,
        session_seconds=house.line.policy.retention_seconds,
        linking=web_linking(house),
        plan=lambda plan, language: readable(plan, house.line.wording, language),
        shelf=house.shelf,
        file_limit=house.line.policy.attachment_limit,
    )


def _console_options(house: House) -> ConsoleOptions:
    settings = house.settings
    wording = load_page_wording("console.yml")
    replies = load_saved_replies()
    return ConsoleOptions(
        line_name=settings.line_name,
        policy=house.line.policy,
        wording=wording.get(settings.language, wording["en"]),
        search=house.finder.find,
        replies=[
            {"category": each.category.value, "title": each.id.replace("-", " ").capitalize(), "text": each.text}
            for each in replies.get(settings.language, replies["en"])
        ],
        origins=(settings.base_url(),),
        secure_cookie=settings.secure_cookies(),
        language=settings.language,
        shelf=house.shelf,
        reviews=_reviews(house),
        safeguarding=house.records.safeguarding(),
        reports=house.records.reports(),
        blocks=house.records.blocks(),
    )


def _reviews(house: House) -> ListReviews:
    async def listed() -> list[dict[str, Any]]:
        return [asdict(each) for each in await house.records.reviews().open()]

    return listed
