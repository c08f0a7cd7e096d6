"""What a thread begins with: everything up to the claim, whatever a clock did in between."""

from __future__ import annotations

from connectors.slack.threads import told_before
from handoff.core.entries import Entry, Speaker


def entry(seq: int, at: float) -> Entry:
    return Entry(seq=seq, id=f"e{seq}", at=at, conversation="c", speaker=Speaker.SEEKER)


def test_what_came_after_the_claim_is_left_for_the_thread() -> None:
    feed = [entry(1, 10.0), entry(2, 20.0), entry(3, 30.0)]
    assert [each.seq for each in told_before(feed, 20.0)] == [1, 2]


def test_one_that_a_wrong_clock_dated_later_is_not_passed_over() -> None:
    feed = [entry(1, 10.0), entry(2, 80.0), entry(3, 20.0), entry(4, 90.0)]
    assert [each.seq for each in told_before(feed, 20.0)] == [1, 2, 3]


def test_with_nothing_before_it_begins_empty() -> None:
    assert told_before([entry(1, 30.0)], 20.0) == []
