"""A lead says that they look after an alert: its repeats wait until they have had time for it."""

from __future__ import annotations

from handoff.core.draft import Draft
from handoff.core.events import AlertHeeded
from handoff.core.moves import crisis, leading


def heeded(draft: Draft, event: AlertHeeded) -> None:
    """Whichever alert it was. Should nothing come of it, the repeats go on."""
    leading.heeded(draft, event)
    if event.kind == "card_unconfirmed":
        crisis.card_heeded(draft)
    elif event.kind == "nobody_for_crisis":
        crisis.page_heeded(draft)
