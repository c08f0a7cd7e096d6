"""Keys that lie in a file, such as a container's secret, in the place of the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

_TWO_PLACES = (
    "WARMLINE_KEYS and WARMLINE_KEYS_FILE are both set, and could disagree. Give one of them; look into .env and "
    "secrets.env (in the var folder) too."
)


def with_keys_of_file(given: dict[str, Any]) -> dict[str, Any]:
    """These settings with the keys of the file that they name, if any. Raises `ValueError` with a finished sentence."""
    if not given.get("keys_file"):
        return given
    if given.get("keys"):
        raise ValueError(_TWO_PLACES)
    return {**given, "keys": _read(Path(given["keys_file"]))}


def _read(file: Path) -> str:
    try:
        found = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise ValueError(
            f"WARMLINE_KEYS_FILE names {str(file)!r}, which can't be read ({why}). Give the path of a file that the "
            "service may read, with the keys newest first."
        ) from None
    if not found:
        raise ValueError(f"WARMLINE_KEYS_FILE names {str(file)!r}, which is empty. Put the keys into it, newest first.")
    return found
