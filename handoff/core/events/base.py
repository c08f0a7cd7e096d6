"""What every event has."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """`id` is unique for ever within its source: a redelivery carries the same one."""

    id: str
