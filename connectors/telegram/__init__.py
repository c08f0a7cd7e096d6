"""Telegram: seekers write to a bot, in private chats. `docs/telegram.md` tells how a line sets it up."""

from connectors.telegram.connector import Telegram
from connectors.telegram.options import TelegramOptions
from connectors.telegram.webhook import telegram_routes

__all__ = ["Telegram", "TelegramOptions", "telegram_routes"]
