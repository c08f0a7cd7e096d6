"""The platforms of a line, switched on by their tokens and joined to its house."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from pydantic import SecretStr

from connectors.slack.options import SlackOptions
from connectors.slack.slack import Slack
from connectors.slack.words import Words
from connectors.telegram import Telegram, TelegramOptions, telegram_routes
from connectors.web.options import LinkAnswer, LinkChannels
from handoff.core.ids import Address
from handoff.core.plan import readable
from handoff.house import House
from handoff.linking import Linking
from handoff.resources import TOPICS
from handoff.saved_replies import load_saved_replies
from handoff.settings import Settings
from handoff.wording.page_files import load_page_wording


def join_platforms(house: House, app: FastAPI) -> None:
    """Every platform there is a token for. Opens no connection. Raises `WordingError`."""
    if house.settings.telegram_token is not None:
        telegram = Telegram(house.front, house.store, house.shelf, _telegram(house))
        house.join(telegram, house.carries(telegram))
        app.include_router(telegram_routes(telegram))
    if house.settings.has_slack():
        slack = Slack(house.front, house.store, house.shelf, _slack(house))
        house.join(slack)
        if house.settings.slack_signing_secret is not None:
            app.include_router(slack.router())


def make_linking(house: House) -> Linking:
    """What links a seeker's channels."""
    return Linking(house.line, house.front, house.store, house.settings.sent_channels())


def web_linking(house: House) -> LinkChannels | None:
    """What joins a page with the seeker's other channel; None where there is no other."""
    if not house.settings.sent_channels():
        return None
    linking = make_linking(house)

    async def make(seeker: Address) -> LinkAnswer:
        made = await linking.make_code(seeker)
        return LinkAnswer(made.text, made.code, made.linked)

    async def use(code: str, seeker: Address) -> LinkAnswer:
        used = await linking.use_code(code, seeker)
        return LinkAnswer(used.text, used.code, used.linked)

    return LinkChannels(make, use)


def _telegram(house: House) -> TelegramOptions:
    settings, linking = house.settings, make_linking(house)
    secret = _plain(settings.telegram_webhook_secret)

    async def make_code(seeker: Address) -> str:
        return (await linking.make_code(seeker)).text

    async def use_code(code: str, seeker: Address) -> str:
        return (await linking.use_code(code, seeker)).text

    return TelegramOptions(
        token=_plain(settings.telegram_token),
        api=settings.telegram_api,
        webhook_url=f"{settings.base_url()}/telegram/webhook" if secret else None,
        webhook_secret=secret,
        texts=load_page_wording("telegram.yml"),
        language=settings.language,
        line=settings.line,
        line_name=settings.line_name,
        topics=TOPICS,
        policy=house.line.policy,
        rate=settings.telegram_rate,
        make_code=make_code,
        use_code=use_code,
        plan=lambda plan, language: readable(plan, house.line.wording, language),
    )


def _slack(house: House) -> SlackOptions:
    settings = house.settings
    desk, page = load_page_wording("slack.yml"), load_page_wording("console.yml")
    replies = load_saved_replies()
    return SlackOptions(
        bot_token=_plain(settings.slack_bot_token),
        app_token=_plain(settings.slack_app_token),
        signing_secret=_plain(settings.slack_signing_secret),
        queue_channel=settings.slack_queue_channel,
        leads_channel=settings.slack_leads_channel,
        api=settings.slack_api,
        policy=house.line.policy,
        words=Words.joined(_spoken(desk, settings), _spoken(page, settings)),
        search=house.finder.find,
        replies=[
            {"id": each.id, "category": each.category.value, "text": each.text}
            for each in replies.get(settings.language, replies["en"])
        ],
        console=f"{settings.base_url()}/console",
        language=settings.language,
        reports=house.records.reports(),
    )


def _spoken(texts: dict[str, dict[str, Any]], settings: Settings) -> dict[str, Any]:
    return texts.get(settings.language, texts["en"])


def _plain(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret is not None else ""
