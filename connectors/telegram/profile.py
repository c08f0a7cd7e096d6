"""How the bot looks in Telegram: its commands, description and menu, in every language there is wording in."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, MenuButtonCommands

from connectors.telegram.options import TelegramOptions
from connectors.telegram.updates import COMMANDS
from handoff.ports import Store

_MONTH = 30 * 86400.0
_MOST = {"description": 512, "short": 120}
"""Characters: Telegram's limits."""


async def show_profile(bot: Bot, store: Store, options: TelegramOptions) -> None:
    """Set what changed since it was last set. Raises `TelegramError`, `StoreDown`."""
    wanted = {language: _texts(options, language) for language in options.languages()}
    digest = hashlib.sha256(json.dumps([bot.username, wanted], sort_keys=True).encode()).hexdigest()
    kept = await store.kept("telegram:profile")
    if kept and kept.get("digest") == digest:
        return
    for language, texts in wanted.items():
        code = None if language == options.language else language
        commands = [BotCommand(name, texts["commands"][name]) for name in COMMANDS]
        await bot.set_my_commands(commands, scope=BotCommandScopeAllPrivateChats(), language_code=code)
        await bot.set_my_description(texts["description"], language_code=code)
        await bot.set_my_short_description(texts["short"], language_code=code)
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    await store.keep("telegram:profile", {"digest": digest}, seconds=_MONTH)


def _texts(options: TelegramOptions, language: str) -> dict[str, Any]:
    return {
        "commands": {name: options.say(f"menu_{name}", language) for name in COMMANDS},
        "description": options.say("description", language, line=options.line_name)[: _MOST["description"]],
        "short": options.say("short_description", language, line=options.line_name)[: _MOST["short"]],
    }
