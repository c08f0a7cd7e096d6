"""The secrets of a Warmline that nobody has configured: made once, kept in a file that only its owner reads."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet
from dotenv import dotenv_values

FILE = "secrets.env"


def fresh() -> dict[str, str]:
    """New values for every secret that the settings require, by variable."""
    return {
        "WARMLINE_KEYS": Fernet.generate_key().decode(),
        "WARMLINE_BOT_TOKEN": secrets.token_urlsafe(32),
        "WARMLINE_SESSION_SECRET": secrets.token_urlsafe(48),
        "WARMLINE_PSEUDONYM_SECRET": secrets.token_urlsafe(48),
    }


def ensure(var: Path) -> Path:
    """Make the secrets that `var/secrets.env` does not hold yet; those it holds stay as they are."""
    var.mkdir(parents=True, exist_ok=True)
    path = var / FILE
    path.touch(mode=0o600)
    path.chmod(0o600)
    kept = {name: value for name, value in dotenv_values(path).items() if value}
    missing = {name: value for name, value in fresh().items() if name not in kept and not _lies_in_a_file(name)}
    if missing:
        with path.open("a", encoding="utf-8") as file:
            file.writelines(f"{name}={value}\n" for name, value in missing.items())
    return path


def _lies_in_a_file(name: str) -> bool:
    """Whether a file is named that holds it: a second one beside it would be one too many."""
    variable = f"{name}_FILE"
    return bool(os.environ.get(variable) or dotenv_values(".env").get(variable))
