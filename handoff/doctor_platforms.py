"""What `warmline doctor` asks Telegram and Slack: whether tokens, addresses and rights are as they must be."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import httpx

from connectors.slack.scopes import bot_scopes
from handoff.findings import Finding, State
from handoff.settings import Settings

_SECONDS = 10.0


async def telegram(settings: Settings) -> list[Finding]:
    """The token, and whether updates come the way the settings say."""
    if settings.telegram_token is None:
        return [Finding("Telegram", State.FINE, "off; WARMLINE_TELEGRAM_TOKEN switches it on")]
    base = f"{settings.telegram_api}/bot{settings.telegram_token.get_secret_value()}"
    async with httpx.AsyncClient(timeout=_SECONDS) as http:
        try:
            me, hook = [(await http.post(f"{base}/{method}")).json() for method in ("getMe", "getWebhookInfo")]
        except (httpx.HTTPError, ValueError) as failure:
            return [_unreachable("Telegram", failure)]
    if not me.get("ok"):
        cure = "Give WARMLINE_TELEGRAM_TOKEN the token that BotFather shows for this bot."
        return [Finding("Telegram", State.BROKEN, "it refuses the token.", cure)]
    return [Finding("Telegram", State.FINE, "takes the token"), *_hook(settings, hook.get("result") or {})]


def _hook(settings: Settings, hook: dict[str, Any]) -> Iterable[Finding]:
    wanted = f"{settings.base_url()}/telegram/webhook" if settings.telegram_webhook_secret else ""
    if hook.get("url", "") != wanted:
        said = "another program has told it to send updates elsewhere." if hook.get("url") else "no webhook is set yet."
        yield Finding("Telegram", State.WORTH_KNOWING, said, "Start the service: it sets the webhook as it needs it.")
    if hook.get("last_error_message") and wanted:
        cure = "See that the address can be reached from outside, over https, with a valid certificate."
        yield Finding("Telegram", State.WORTH_KNOWING, "its last delivery to the webhook failed.", cure)


async def slack(settings: Settings) -> list[Finding]:
    """Tokens, and the installed rights against the manifest."""
    if settings.slack_bot_token is None:
        return [Finding("Slack", State.FINE, "off; WARMLINE_SLACK_BOT_TOKEN switches it on")]
    async with httpx.AsyncClient(base_url=settings.slack_api, timeout=_SECONDS) as http:
        try:
            test = await http.post("auth.test", headers=_bearer(settings.slack_bot_token.get_secret_value()))
            found = _installed(test.json(), test.headers.get("x-oauth-scopes", ""))
            if settings.slack_app_token is not None:
                token = settings.slack_app_token.get_secret_value()
                opened = (await http.post("apps.connections.open", headers=_bearer(token))).json()
                found += _socket(opened)
        except (httpx.HTTPError, ValueError) as failure:
            return [_unreachable("Slack", failure)]
    return found


def _installed(test: dict[str, Any], scopes: str) -> list[Finding]:
    if not test.get("ok"):
        cure = "Install the app again and give WARMLINE_SLACK_BOT_TOKEN the new token."
        return [Finding("Slack", State.BROKEN, f"it refuses the bot token ({test.get('error', 'no reason')}).", cure)]
    missing = sorted(set(bot_scopes()) - set(scopes.split(",") if scopes else ()))
    if missing:
        cure = "Import connectors/slack/manifest.yml into the app again, and reinstall it."
        return [Finding("Slack", State.BROKEN, f"the app lacks {', '.join(missing)}.", cure)]
    return [Finding("Slack", State.FINE, "takes the bot token, with every right of the manifest")]


def _socket(opened: dict[str, Any]) -> list[Finding]:
    if opened.get("ok"):
        return [Finding("Slack", State.FINE, "opens a socket for the app token")]
    cure = "Give WARMLINE_SLACK_APP_TOKEN an app-level token with connections:write, and switch Socket Mode on."
    return [Finding("Slack", State.BROKEN, f"it refuses the app token ({opened.get('error', 'no reason')}).", cure)]


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _unreachable(what: str, failure: Exception) -> Finding:
    cure = "Look at the network, or at the proxy. Messages wait until then; nothing is lost."
    return Finding(what, State.BROKEN, f"cannot be reached ({type(failure).__name__}).", cure)
