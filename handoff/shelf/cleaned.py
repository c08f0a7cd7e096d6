"""What cleaning makes of a file, before it has a place on the shelf."""

from __future__ import annotations

from dataclasses import dataclass, field

from handoff.core.entries import AttachmentKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """`name` is ours, the same for everybody's file of this kind; `seconds` is how long it plays, where it plays."""

    content: bytes = field(repr=False)
    kind: AttachmentKind
    type: str
    name: str
    seconds: float | None = None
