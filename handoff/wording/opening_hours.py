"""Reads a line's own opening hours: a YAML file with the one field `hours`, written as the hotlines' are.

hours:
  timezone: Europe/London
  open:
    - {days: mon-fri, from: "18:00", to: "02:00"}
"""

from __future__ import annotations

from pathlib import Path

from handoff.core.hours import ALWAYS, Hours
from handoff.wording.hotline_files import read_hours
from handoff.wording.reading import WordingError, read


def load_opening_hours(file: Path | None) -> Hours:
    """The hours in `file`; always open without one. Raises WordingError: file, key, next step."""
    if file is None:
        return ALWAYS
    if not file.is_file():
        raise WordingError(file, "", "there is no such file", "Correct WARMLINE_OPENING_HOURS, or make it")
    top = read(file)
    top.only("hours")
    return read_hours(top)
