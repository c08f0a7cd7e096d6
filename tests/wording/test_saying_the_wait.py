"""What is said of the wait is a range, a plain word where it is short, and nothing where nobody knows."""

from __future__ import annotations

import pytest

from handoff.core.conversation import Phase
from tests.core.making import NOW, conversation, supporter
from tests.core.world import World


@pytest.mark.parametrize(
    ("average", "waited", "key", "values"),
    [
        (None, 50, "waiting_unsure", {}),
        (1250.0, 50, "waiting_estimate", {"low": 15, "high": 25}),
        (100.0, 50, "waiting_soon", {}),
        (600.0, 5000, "waiting_unsure", {}),
    ],
)
def test_the_wait_is_said_honestly(average: float | None, waited: int, key: str, values: dict[str, int]) -> None:
    world = World(supporter(), talk=conversation(Phase.WAITING, waiting_since=NOW - waited))
    world.average = average
    world.taps("warmline:wait")
    assert world.told()[-1] == world.text(key, position=1, **values)
