"""A night at the line, and its workers, on both stores in a short form; the store's own is in tests/store."""

from __future__ import annotations

from tests.proofs.machines import play
from tests.proofs.night import Night
from tests.proofs.workers import Workers


def test_a_night_at_the_line_is_the_same_on_both_stores_in_any_order(redis_url: str) -> None:
    play(type("StoredNight", (Night,), {"url": redis_url}), 15, 30)


def test_workers_that_stall_and_die_lose_nothing_and_say_nothing_too_late(redis_url: str) -> None:
    play(type("SomeWorkers", (Workers,), {"url": redis_url}), 40, 40)
