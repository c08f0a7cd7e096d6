"""The manifest: what Slack would refuse about it, and that it asks for no more than it says why."""

from __future__ import annotations

import re

from connectors.slack.names import COMMAND, COMMAND_NOTE, SHORTCUT_NOTE, SHORTCUTS_MARK
from connectors.slack.scopes import MANIFEST, bot_scopes, events, manifest

SCOPE_OF = {
    "app_home_opened": None,
    "app_uninstalled": None,
    "message.im": "im:history",
    "reaction_added": "reactions:read",
    "tokens_revoked": None,
    "user_change": "users:read",
}
"""Which scope an event needs (docs.slack.dev, events reference)."""


def test_the_manifest_keeps_slacks_lengths() -> None:
    shown = manifest()["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4000
    assert re.fullmatch(r"#[0-9a-f]{6}", shown["background_color"])
    for shortcut in manifest()["features"]["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150


def test_every_scope_says_why_it_is_needed() -> None:
    lines = MANIFEST.read_text(encoding="utf-8").splitlines()
    for scope in bot_scopes():
        place = lines.index(f"      - {scope}")
        assert lines[place - 1].startswith("      # "), scope


def test_no_scope_reads_a_channel() -> None:
    assert not [
        scope for scope in bot_scopes() if scope.startswith(("channels:", "groups:", "mpim:", "team:", "admin"))
    ]
    assert "chat:write.public" not in bot_scopes()
    assert "users:read.email" not in bot_scopes()


def test_every_event_has_its_scope() -> None:
    assert {SCOPE_OF[event] for event in events()} - {None} <= set(bot_scopes())


def test_the_names_are_the_ones_that_the_code_knows() -> None:
    features = manifest()["features"]
    assert [each["command"] for each in features["slash_commands"]] == [COMMAND, COMMAND_NOTE]
    assert [each["callback_id"] for each in features["shortcuts"]] == [SHORTCUT_NOTE, *SHORTCUTS_MARK]


def test_it_works_without_an_address_of_its_own() -> None:
    settings = manifest()["settings"]
    assert settings["socket_mode_enabled"] is True
    assert settings["interactivity"] == {"is_enabled": True}
    assert settings["token_rotation_enabled"] is False
    assert settings["org_deploy_enabled"] is False
