"""The bot's memory on a real Redis: sealed, expiring, and no longer after 200 turns than after ten."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bot.rehearsal import ROOT
from tests.proofs.clusters import cluster


@pytest.fixture(scope="module")
def seen(redis_server: Any) -> dict[str, Any]:
    """What the store did in Rasa's own environment."""
    return checks(redis_server.url)


def checks(url: str) -> dict[str, Any]:
    done = subprocess.run(
        [
            str(ROOT / ".venv-bot" / "bin" / "python"),
            str(Path(__file__).with_name("tracker_checks.py")),
            url,
        ],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "PYTHONWARNINGS": "ignore", "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_the_two_hundredth_turn_is_kept_in_as_few_events_as_the_tenth(seen: dict[str, Any]) -> None:
    tenth, hundredth, two_hundredth = seen["events"]
    assert tenth == hundredth == two_hundredth
    assert two_hundredth < 40


def test_what_is_kept_stays_small(seen: dict[str, Any]) -> None:
    assert seen["bytes"] < 16_000


def test_slots_and_the_active_form_survive_long_after_their_turn_was_dropped(seen: dict[str, Any]) -> None:
    assert seen["after_200"] == {"name": "Ada", "heaviness": 8, "offered": ["r199"], "requested_slot": "country"}
    assert seen["loop"] == "intake_form"
    assert seen["last_action"] == "intake_form"


def test_nothing_anybody_wrote_lies_in_redis_in_clear(seen: dict[str, Any]) -> None:
    assert seen["in_clear"] is False


def test_a_tracker_expires_and_its_key_belongs_to_its_line(seen: dict[str, Any]) -> None:
    assert seen["key"] == "{checks}:tracker:c1"
    assert 0 < seen["expires_in"] <= 500
    assert seen["listed"] == ["{checks}:tracker:c1"]


def test_an_old_key_still_opens_after_a_new_one_was_put_first(seen: dict[str, Any]) -> None:
    assert seen["after_200"]["name"] == "Ada"


def test_without_a_fitting_key_the_bot_starts_afresh(seen: dict[str, Any]) -> None:
    assert seen["stranger_key"] is True


def test_who_asked_to_be_forgotten_leaves_no_tracker(seen: dict[str, Any]) -> None:
    assert seen["after_forgetting"] == 0


def test_a_turn_during_which_the_service_erased_everything_keeps_nothing(seen: dict[str, Any]) -> None:
    assert (seen["after_an_erasure_meanwhile"], seen["after_none"]) == (0, 1)


def test_a_redis_that_is_down_is_named_with_a_next_step(seen: dict[str, Any]) -> None:
    assert "Redis does not answer" in seen["down"]
    assert "REDIS_URL" in seen["down"]


def test_on_a_cluster_it_keeps_and_forgets_the_same(seen: dict[str, Any]) -> None:
    with cluster(3) as made:
        there = checks(made.url)
        home = made.home_of("checks")
        assert all(node is home or not made.keys(node) for node in made.nodes)
    differ = {"bytes", "expires_in"}
    assert {name: told for name, told in there.items() if name not in differ and name != "down"} == {
        name: told for name, told in seen.items() if name not in differ and name != "down"
    }
    assert "this turn was not taken" in there["down"]
