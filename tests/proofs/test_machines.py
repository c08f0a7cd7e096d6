"""A night at the line on both stores, in a short form. The store's own machine is in tests/store/test_machine.py."""

from __future__ import annotations

from tests.proofs.machines import play
from tests.proofs.night import Night


def test_a_night_at_the_line_is_the_same_on_both_stores_in_any_order(redis_url: str) -> None:
    play(type("StoredNight", (Night,), {"url": redis_url}), 15, 30)
