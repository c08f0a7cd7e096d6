"""The platforms of a line, switched on by their tokens and joined to its house."""

from __future__ import annotations

from fastapi import FastAPI

from connectors.telegram import Telegram, TelegramOptions, telegram_routes
from handoff.core.ids import Address
from handoff.house import House
from handoff.linking import Linking
from handoff.resources import TOPICS
from handoff.wording.page_files import load_page_wording


def join_platforms(house: House, app: FastAPI) -> None:
    """Every platform there is a token for. Opens no connection. Raises `WordingError`."""
    if house.settings.telegram_token is not None:
        telegram = Telegram(house.front, house.store, house.shelf, _telegram(house))
        house.join(telegram, house.carries(telegram))
        app.include_router(telegram_routes(telegram))


def make_linking(house: House) -> Linking:
    """What links a seeker's channels."""
    return Linking(house.line, house.front, house.store, house.settings.sent_channels())


def _telegram(house: House) -> TelegramOptions:
    settings, linking = house.settings, make_linking(house)
    token, secret = settings.telegram_token, settings.telegram_webhook_secret

    async def make_code(seeker: Address) -> str:
        return (await linking.make_code(seeker)).text

    async def use_code(code: str, seeker: Address) -> str:
        return (await linking.use_code(code, seeker)).text

    return TelegramOptions(
        token=token.get_secret_value() if token else "",
        api=settings.telegram_api,
        webhook_url=f"{settings.base_url()}/telegram/webhook" if secret else None,
        webhook_secret=secret.get_secret_value() if secret else "",
        texts=load_page_wording("telegram.yml"),
        language=settings.language,
        line=settings.line,
        line_name=settings.line_name,
        topics=TOPICS,
        policy=house.line.policy,
        rate=settings.telegram_rate,
        make_code=make_code,
        use_code=use_code,
    )
