"""What the tests of privacy ask for: a durable store, a stand-in bot, emulators, and keys to rotate between."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.platforms.conftest import bot, redis, slack, telegram

OLD, NEW = b"o" * 32, b"n" * 32
__all__ = ["bot", "redis", "slack", "telegram"]


def text_of(*keys: bytes) -> str:
    return ",".join(base64.urlsafe_b64encode(key).decode() for key in keys)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, redis_url: str) -> Callable[..., None]:
    """The environment of a `warmline` command."""

    def give(**more: str) -> None:
        chosen = {
            "WARMLINE_BOT_TOKEN": "t" * 32, "WARMLINE_SESSION_SECRET": "s" * 64, "WARMLINE_PSEUDONYM_SECRET": "p" * 64,
            "WARMLINE_VAR": str(tmp_path), "REDIS_URL": redis_url,
            "DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/warmline.db", **more,
        }  # fmt: skip
        for name, value in chosen.items():
            monkeypatch.setenv(name, value)

    monkeypatch.chdir(tmp_path)
    return give


@pytest.fixture
def two_keys() -> tuple[str, str]:
    """An old key and a new one, as settings take them."""
    return text_of(OLD), text_of(NEW)
