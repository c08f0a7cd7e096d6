from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from dotenv import dotenv_values

from handoff.core.policy import Policy
from handoff.settings import BOT_VARIABLES, Settings, SettingsError, load, variable

ROOT = Path(__file__).parents[2]
SECRETS = {
    "WARMLINE_BOT_TOKEN": "t" * 32,
    "WARMLINE_SESSION_SECRET": "s" * 64,
    "WARMLINE_PSEUDONYM_SECRET": "p" * 64,
    "WARMLINE_KEYS": Fernet.generate_key().decode(),
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    monkeypatch.chdir(tmp_path)
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)

    def change(**changes: str) -> None:
        for name, value in changes.items():
            monkeypatch.setenv(name, value)

    return change


def _lines() -> list[str]:
    with pytest.raises(SettingsError) as failure:
        load()
    return failure.value.lines


def test_with_its_secrets_set_everything_else_has_a_default(environment: Callable[..., None]) -> None:
    settings = load()
    assert settings.host == "127.0.0.1"
    assert settings.policy() == Policy()


def test_every_time_out_is_a_setting(environment: Callable[..., None]) -> None:
    given: dict[str, Any] = {each.name: 0.7 if isinstance(each.default, float) else 7 for each in fields(Policy)}
    environment(**{f"WARMLINE_{name.upper()}": str(value) for name, value in given.items()})
    assert load().policy() == Policy(**given)


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("WARMLINE_PORT", "abc", "a port number"),
        ("WARMLINE_PORT", "70000", "a port number"),
        ("WARMLINE_LEAVE_URL", "javascript:alert(1)", "the address of a harmless page"),
        ("WARMLINE_FIRST_WORD_SECONDS", "-1", "whole number, in seconds"),
        ("WARMLINE_REVIEW_SHARE", "1.5", "a share from 0 to 1"),
        ("WARMLINE_COUNTRY", "uk", "two-letter country code"),
        ("WARMLINE_LINE", "{x}", "lower-case letters"),
        ("WARMLINE_LOG_LEVEL", "LOUD", "DEBUG, INFO"),
        ("WARMLINE_LOG_JSON", "perhaps", "true for one JSON object"),
        ("WARMLINE_RASA_URL", "localhost", "Rasa server's address"),
        ("REDIS_URL", "localhost", "a Redis address"),
        ("DATABASE_URL", "mysql://somewhere", "postgresql"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_it_and_says_what_to_give(
    environment: Callable[..., None], name: str, value: str, hint: str
) -> None:
    environment(**{name: value})
    (line,) = _lines()
    assert line.startswith(f"{name} is ")
    assert hint in line
    assert "\n" not in line


@pytest.mark.parametrize("name", ["WARMLINE_KEYS", "WARMLINE_BOT_TOKEN", "REDIS_URL", "DATABASE_URL"])
def test_a_wrong_secret_is_not_repeated(environment: Callable[..., None], name: str) -> None:
    environment(**{name: "hushhush"})
    (line,) = _lines()
    assert name in line
    assert "hushhush" not in line


def test_a_missing_secret_names_the_command_that_makes_one(
    environment: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WARMLINE_KEYS")
    assert _lines() == [
        "WARMLINE_KEYS is not set. Give one or more Fernet keys, comma separated, newest first. "
        "`warmline secrets` prints fresh ones."
    ]


def test_secrets_are_not_shown_when_settings_are(environment: Callable[..., None]) -> None:
    environment(REDIS_URL="redis://:hushhush@localhost/0", DATABASE_URL="postgresql://a:hushhush@h/d")
    shown = repr(load())
    assert "hushhush" not in shown
    assert not [value for value in SECRETS.values() if value in shown]


def test_keys_are_read_newest_first(environment: Callable[..., None]) -> None:
    newest, older = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    environment(WARMLINE_KEYS=f"{newest}, {older}")
    assert load().fernet_keys() == (newest, older)


@pytest.mark.parametrize(
    ("given", "driver"),
    [("postgres", "postgresql+psycopg"), ("postgresql", "postgresql+psycopg"), ("sqlite", "sqlite+aiosqlite")],
)
def test_the_driver_follows_from_the_database(environment: Callable[..., None], given: str, driver: str) -> None:
    environment(DATABASE_URL=f"{given}:///somewhere")
    assert load().database_url == f"{driver}:///somewhere"


def test_the_environment_outranks_a_running_warmline_which_outranks_its_secrets(
    environment: Callable[..., None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = tmp_path / "var"
    kept.mkdir()
    (kept / "secrets.env").write_text("WARMLINE_LINE=from-secrets\nWARMLINE_PORT=1\n")
    (kept / "running.env").write_text("WARMLINE_PORT=2\nREDIS_URL=redis://running\n")
    assert (load().line, load().port, load().redis_url) == ("from-secrets", 2, "redis://running")
    (tmp_path / ".env").write_text("WARMLINE_PORT=3\n")
    assert load().port == 3
    environment(WARMLINE_PORT="4")
    assert load().port == 4


def test_a_public_https_address_asks_for_secure_cookies(make_settings: Callable[..., Settings]) -> None:
    assert not make_settings().secure_cookies()
    assert make_settings(public_url="https://chat.example.org/").secure_cookies()
    assert make_settings(public_url="https://chat.example.org/").base_url() == "https://chat.example.org"


def test_a_fresh_copy_of_the_example_changes_nothing(
    environment: Callable[..., None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    plain = load()
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "secrets.env").write_text("".join(f"{name}={value}\n" for name, value in SECRETS.items()))
    (tmp_path / ".env").write_text((ROOT / ".env.example").read_text())
    for name in SECRETS:
        monkeypatch.delenv(name)
    assert load() == plain


def _example() -> dict[str, str | None]:
    text = (ROOT / ".env.example").read_text()
    return dotenv_values(stream=StringIO(re.sub(r"^#\s?(?=[A-Z_]+=)", "", text, flags=re.MULTILINE)))


def test_the_example_names_every_setting_and_no_other() -> None:
    assert set(_example()) == {variable(name) for name in Settings.model_fields} | set(BOT_VARIABLES)


def _written(default: object) -> str:
    if default in (None, ()):
        return ""
    return str(default).lower() if isinstance(default, bool) else str(default)


def test_the_example_shows_the_defaults_commented_out() -> None:
    text = (ROOT / ".env.example").read_text()
    for name, field in Settings.model_fields.items():
        if field.is_required():
            assert f"\n{variable(name)}=\n" in text
            continue
        shown = _written(field.default)
        assert f"\n# {variable(name)}={shown}\n" in text, f"{variable(name)}={shown} belongs into .env.example"


def test_the_example_explains_every_setting() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    for name in Settings.model_fields:
        place = next(i for i, line in enumerate(lines) if re.match(rf"(# )?{variable(name)}=", line))
        assert lines[place - 1].startswith("# "), f"{variable(name)} has no comment above it"


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"slack_bot_token": "xoxb-1"}, "WARMLINE_SLACK_APP_TOKEN"),
        ({"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1"}, "WARMLINE_SLACK_QUEUE_CHANNEL"),
        (
            {"slack_bot_token": "xoxb-1", "slack_signing_secret": "s" * 32, "slack_queue_channel": "C1"},
            "WARMLINE_SLACK_LEADS_CHANNEL",
        ),
        ({"telegram_token": "1:a", "telegram_webhook_secret": "s" * 20}, "WARMLINE_PUBLIC_URL"),
    ],
)
def test_half_a_platform_is_refused_with_what_is_missing(
    environment: Callable[..., None], given: dict[str, str], missing: str
) -> None:
    with pytest.raises(SettingsError) as wrong:
        load(**given)
    assert [line for line in wrong.value.lines if line.startswith(f"{missing} is not set")]
    assert "xoxb" not in str(wrong.value)


def test_what_has_to_be_sent_to_follows_from_the_tokens(environment: Callable[..., None]) -> None:
    assert not load().sent_channels()
    assert not load().has_slack()
    assert load(telegram_token="1:a").sent_channels() == {"telegram"}
