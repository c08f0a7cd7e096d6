"""The short form of `make chaos`: one seed, a dozen people, three faults. A process of the service, Redis and the
network between them die while web, Telegram, console and Slack talk."""

from __future__ import annotations

from pathlib import Path

from tests.chaos.faults import FAULTS
from tests.chaos.party import Size
from tests.chaos.rows import findings, rows, story
from tests.chaos.run import run

_SIZE = Size(seekers=12, supporters=4, messages=200, seconds=25.0, settle=90.0, longest=3.0, think=0.6)
_FAULTS = ("kill service", "kill redis", "flap network")


async def test_nothing_is_lost_doubled_or_out_of_order_whatever_dies(tmp_path: Path) -> None:
    outcome = await run(3, _SIZE, [FAULTS[each] for each in _FAULTS], tmp_path)
    assert {name: found for name, found in findings(outcome).items() if found} == {}, story(outcome)
    assert outcome.unfinished == (), story(outcome)
    assert outcome.unexpected == []
    by_name = {each["name"]: each["value"] for each in rows([outcome], "")}
    assert by_name["messages said"] >= 60
    assert by_name["faults"] >= 1
    assert by_name["times taken by a supporter"] >= 6
