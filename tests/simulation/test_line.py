"""What happens in a simulated line, one thing at a time: shifts, patience, training, rest, the crisis lane."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handoff.core.risk import Tier
from handoff.core.supporter import Role, Training
from handoff.simulation.engine import Outcome, play
from handoff.simulation.staffing import DAY, HOUR, WEEK
from tests.simulation.making import EVENINGS, MINUTE, coming, line, person, team

NONE, DISTRESS, CONCERN, PASSIVE, ACTIVE, IMMINENT, EMERGENCY = Tier
NIGHT, EVENING = 3.0 * HOUR, 18.0 * HOUR


def answered(outcomes: tuple[Outcome, ...]) -> list[float | None]:
    return [each.answered for each in outcomes]


def test_the_most_urgent_is_accepted_first_and_a_head_start_is_overtaken_by_waiting() -> None:
    arrivals = coming((0, NONE), (10, NONE), (20, CONCERN), (700, CONCERN), (710, ACTIVE))
    found = play(arrivals, team(1), line(), DAY).outcomes
    order = sorted(found, key=lambda each: each.answered or 0)
    assert [each.arrival.number for each in order] == [0, 4, 2, 1, 3]


def test_who_comes_while_nobody_is_on_shift_is_told_so_but_a_crisis_waits() -> None:
    arrivals = coming((NIGHT, NONE), (NIGHT, ACTIVE))
    calm, urgent = play(arrivals, [person(spans=EVENINGS)], line(), DAY).outcomes
    assert (calm.closed, calm.answered) == (True, None)
    assert not urgent.closed
    assert urgent.answered == pytest.approx(EVENING)


def test_who_goes_home_finishes_the_talk_and_takes_no_other() -> None:
    last = 22 * HOUR - MINUTE
    first, second = play(coming((last, NONE), (last + 1, NONE)), [person(spans=EVENINGS)], line(), 2 * DAY).outcomes
    assert first.answered == last
    assert second.answered == DAY + EVENING


def test_a_supporter_holds_as_many_as_their_capacity() -> None:
    found = play(coming((0, NONE), (1, NONE), (2, NONE)), team(1, capacity=2), line(), DAY).outcomes
    assert answered(found) == [0, 1, 30 * MINUTE]


def test_the_place_stays_taken_until_the_talk_is_wrapped_up() -> None:
    found = play(coming((0, NONE), (1, NONE), wrap_up=300.0), team(1), line(), DAY).outcomes
    assert answered(found) == [0, 30 * MINUTE + 300]


def test_accepting_takes_its_time() -> None:
    assert answered(play(coming((5, NONE), accept=20.0), team(1), line(), DAY).outcomes) == [25]


def test_who_loses_patience_leaves_and_the_next_moves_up() -> None:
    arrivals = coming((0, NONE), (1, NONE), (2, NONE))
    arrivals[1] = replace(arrivals[1], patience=60.0)
    _, left, next_one = play(arrivals, team(1), line(), DAY).outcomes
    assert (left.answered, left.left) == (None, 61)
    assert next_one.answered == 30 * MINUTE


def test_who_leaves_while_somebody_is_about_to_accept_frees_them() -> None:
    arrivals = coming((0, NONE), (1, NONE), accept=20.0)
    arrivals[0] = replace(arrivals[0], patience=5.0)
    assert answered(play(arrivals, team(1), line(), DAY).outcomes) == [None, 25]


def test_a_tier_waits_for_somebody_trained_for_it() -> None:
    basic, senior = person("bo", training=Training.BASIC), person("sue", spans=EVENINGS)
    calm, urgent = play(coming((NIGHT, NONE), (NIGHT, IMMINENT)), [basic, senior], line(), DAY).outcomes
    assert (calm.by, calm.answered) == ("bo", NIGHT)
    assert (urgent.by, urgent.answered) == ("sue", EVENING)


def test_after_a_crisis_a_supporter_rests() -> None:
    at = line(crisis_cooldown_seconds=600)
    found = play(coming((0, ACTIVE), (1, NONE)), team(1), at, DAY).outcomes
    assert answered(found) == [0, 30 * MINUTE + 600]


def test_a_crisis_comes_before_what_the_assigned_supporter_was_about_to_accept() -> None:
    calm, urgent = play(coming((0, NONE), (5, ACTIVE), accept=20.0), team(1), line(), DAY).outcomes
    assert urgent.answered == pytest.approx(25, abs=0.5)
    assert calm.answered is not None
    assert calm.answered > 30 * MINUTE


def test_a_crisis_that_its_assignee_is_slow_to_accept_climbs_to_a_lead() -> None:
    people = [person("ann"), person("lou", role=Role.LEAD)]
    (found,) = play(coming((0, ACTIVE), accept=90.0), people, line(), DAY).outcomes
    assert (found.by, found.answered) == ("ann", 90), "whoever it was assigned to first still may accept it"
    arrivals = coming((0, NONE), (1, ACTIVE), accept=1.0)
    held, climbed = play(arrivals, people, line(), DAY).outcomes
    assert (held.by, climbed.by) == ("ann", "lou")


def test_a_lead_leaves_a_crisis_to_others_until_it_climbs() -> None:
    people = [person("ann"), person("bea", role=Role.LEAD)]
    (found,) = play(coming((0.1, ACTIVE)), people, line(), DAY).outcomes
    assert (found.by, found.answered) == ("ann", 0.5)


def test_two_crises_at_once_go_to_two_supporters() -> None:
    first, second = play(coming((0, ACTIVE), (0.1, ACTIVE), accept=10.0), team(2), line(), DAY).outcomes
    assert {first.by, second.by} == {"supporter0", "supporter1"}
    assert second.answered == pytest.approx(10.5)


def test_who_still_waits_at_the_end_counts_with_the_wait_so_far() -> None:
    _, waits = play(coming((0, NONE), (100, NONE)), team(1), line(), 700.0).outcomes
    assert (waits.answered, waits.left, waits.waited(700.0)) == (None, None, 600)


def test_the_desk_is_counted_by_the_hour_it_was_used_in() -> None:
    used = play(coming((17.5 * HOUR + DAY, ACTIVE), talk=HOUR), [person(spans=EVENINGS)], line(), WEEK).using
    assert used.share_at(17) is None
    assert used.held[DAY // HOUR + 18] == pytest.approx(HOUR)
    assert used.share_at(18) == pytest.approx(1 / 7)
    assert used.slots[19] == HOUR
