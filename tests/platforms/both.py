"""A line with both platforms: people on Telegram, supporters in Slack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from handoff.core.supporter import Supporter
from handoff.settings import Settings
from tests.emulators.slack import Member, SlackWorld
from tests.emulators.slack_front import APP_TOKEN, BOT_TOKEN, SECRET
from tests.emulators.telegram import TOKEN, TelegramWorld
from tests.journey.line import Line
from tests.journey.processes import line_settings

SOCKET, HTTP = "socket", "http"


def both_settings(
    folder: Path, redis: str, rasa: str, telegram: TelegramWorld, slack: SlackWorld, *, way: str = SOCKET, **more: Any
) -> Settings:
    """`way`: how Slack reaches the service."""
    door = {"slack_app_token": APP_TOKEN} if way == SOCKET else {"slack_signing_secret": SECRET}
    given = {
        "telegram_token": TOKEN, "telegram_api": telegram.api, "slack_bot_token": BOT_TOKEN, "slack_api": slack.api,
        "slack_queue_channel": slack.queue, "slack_leads_channel": slack.leads, **door, **more,
    }  # fmt: skip
    return line_settings(folder, redis, rasa, **given)


async def reach(slack: SlackWorld, settings: Settings, way: str) -> None:
    """From now on Slack delivers to this service, and has been told where."""
    slack.front.http_url = f"{settings.base_url()}/slack/events" if way == HTTP else None
    if way == SOCKET:
        await slack.connected()


async def on_the_roster(line: Line, slack: SlackWorld, member: Member, **more: Any) -> Supporter:
    """This person supports people here, in Slack."""
    found = await line.store.supporter(
        await line.hire(member.name.title(), slack=f"{slack.team}/{member.user}", **more)
    )
    assert found is not None
    return found
