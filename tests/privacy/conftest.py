"""What the tests of privacy ask for: a durable store, a stand-in bot, emulators, and keys to rotate between."""

from __future__ import annotations

import base64

import pytest

from tests.platforms.conftest import bot, redis, slack, telegram

__all__ = ["bot", "redis", "slack", "telegram"]


@pytest.fixture
def two_keys() -> tuple[str, str]:
    """An old key and a new one, as settings take them."""
    return base64.urlsafe_b64encode(b"o" * 32).decode(), base64.urlsafe_b64encode(b"n" * 32).decode()
