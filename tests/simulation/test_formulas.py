"""The formulas: values from textbooks, and the ways in which one must turn into another."""

from __future__ import annotations

import math

import pytest

from handoff.simulation.formulas import answered_within, cobham, erlang_a, erlang_b, erlang_c, mean_wait

TALK = 600.0


def rate(load: float) -> float:
    """Arrivals a second that bring this many conversations at once."""
    return load / TALK


@pytest.mark.parametrize(("load", "servers", "blocked"), [(1, 1, 1 / 2), (2, 3, 4 / 19), (1, 2, 1 / 5)])
def test_erlang_b_by_hand(load: float, servers: int, blocked: float) -> None:
    assert erlang_b(rate(load), TALK, servers) == pytest.approx(blocked)


@pytest.mark.parametrize(("load", "servers", "delayed"), [(0.8, 1, 0.8), (2, 3, 4 / 9), (1, 2, 1 / 3)])
def test_erlang_c_by_hand(load: float, servers: int, delayed: float) -> None:
    assert erlang_c(rate(load), TALK, servers) == pytest.approx(delayed)


def test_one_supporter_is_the_textbook_queue() -> None:
    assert mean_wait(rate(0.8), TALK, 1) == pytest.approx(TALK * 0.8 / (1 - 0.8))
    assert answered_within(0, rate(0.8), TALK, 1) == pytest.approx(0.2)
    assert answered_within(1e9, rate(0.8), TALK, 1) == pytest.approx(1)


def test_too_much_load_waits_for_ever() -> None:
    assert mean_wait(rate(3), TALK, 3) == math.inf
    assert erlang_c(rate(4), TALK, 3) == 1
    assert answered_within(60, rate(4), TALK, 3) == 0
    assert mean_wait(rate(1), TALK, 0) == math.inf


def test_a_single_class_waits_as_everybody() -> None:
    assert cobham([rate(2)], TALK, 3) == pytest.approx((mean_wait(rate(2), TALK, 3),))


def test_priorities_shift_waiting_between_classes_and_neither_make_nor_save_any() -> None:
    rates = [rate(each) for each in (0.2, 0.5, 1.6)]
    waits = cobham(rates, TALK, 3)
    assert waits == tuple(sorted(waits))
    together = sum(each * wait for each, wait in zip(rates, waits, strict=True)) / sum(rates)
    assert together == pytest.approx(mean_wait(sum(rates), TALK, 3))


def test_the_urgent_are_served_even_when_all_together_are_too_many() -> None:
    urgent, rest = cobham([rate(1), rate(5)], TALK, 3)
    assert urgent == pytest.approx(TALK / 3 / (1 - 1 / 3))
    assert rest == math.inf


def test_endless_patience_is_erlang_c_and_none_at_all_is_erlang_b() -> None:
    patient, hasty = (erlang_a(rate(2), TALK, 3, patience) for patience in (1e9, 1e-6))
    assert patient.mean_wait == pytest.approx(mean_wait(rate(2), TALK, 3), rel=1e-3)
    assert patient.delayed == pytest.approx(4 / 9, rel=1e-3)
    assert hasty.left == pytest.approx(4 / 19, rel=1e-3)


def test_with_patience_like_talks_it_is_a_house_with_room_for_all() -> None:
    """Then everybody goes at the same rate, waiting or not: the number of people is Poisson."""
    load, servers = 4.0, 3
    found = erlang_a(rate(load), TALK, servers, TALK)
    poisson = [math.exp(-load) * load**count / math.factorial(count) for count in range(80)]
    assert found.delayed == pytest.approx(sum(poisson[servers:]))
    queue = sum((count - servers) * share for count, share in enumerate(poisson) if count > servers)
    assert found.mean_wait == pytest.approx(queue / rate(load))


def test_a_large_overload_does_not_overflow() -> None:
    assert erlang_a(rate(5000), TALK, 100, 60).left == pytest.approx(0.98, abs=0.001)
    assert erlang_a(0, TALK, 3, 60).left == 0
