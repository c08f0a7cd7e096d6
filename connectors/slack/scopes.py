"""What the app may do in Slack, read from the manifest that a workspace imports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

MANIFEST = Path(__file__).parent / "manifest.yml"


def manifest() -> dict[str, Any]:
    """The manifest as Slack reads it."""
    read: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return read


def bot_scopes() -> tuple[str, ...]:
    """The scopes that the bot token must have."""
    return tuple(manifest()["oauth_config"]["scopes"]["bot"])


def events() -> tuple[str, ...]:
    """The events that the app is told of."""
    return tuple(manifest()["settings"]["event_subscriptions"]["bot_events"])
