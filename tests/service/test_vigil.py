"""Parts that stop working are told to leads once, with what to do, and so is their recovery."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from handoff import vigil
from handoff.house import House as WholeHouse
from handoff.vigil import Vigil
from tests.service.house import House


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What a look finds; the looking itself is tried elsewhere, against real parts."""
    found = {"store": "ok", "bot": "ok", "telegram": "ok"}

    async def look(_house: Any) -> dict[str, str]:
        return dict(found)

    monkeypatch.setattr(vigil, "look", look)
    return found


def keep(house: House) -> Vigil:
    return Vigil(cast(WholeHouse, SimpleNamespace(store=house.store, front=house.front, line=house.line)))


async def test_a_part_that_is_down_twice_in_a_row_is_told_once_with_its_cure(parts: dict[str, str]) -> None:
    house = House()
    watch = keep(house)
    parts["telegram"] = "unauthorized"
    await watch.look_once()
    assert await house.store.alerts() == []
    for _ in range(3):
        await watch.look_once()
    [alert] = await house.store.alerts()
    assert (alert.kind, alert.conversation) == ("degraded", "telegram")
    assert house.line.wording.say("degraded_telegram_unauthorized", "en") in alert.text


async def test_what_works_again_is_no_alert_any_more(parts: dict[str, str]) -> None:
    house = House()
    watch = keep(house)
    parts["bot"] = "down"
    await watch.look_once()
    await watch.look_once()
    parts["bot"] = "ok"
    await watch.look_once()
    assert await house.store.alerts() == []


async def test_trouble_nobody_has_a_sentence_for_still_says_where_to_look(parts: dict[str, str]) -> None:
    house = House()
    watch = keep(house)
    parts["bot"] = "strange"
    await watch.look_once()
    await watch.look_once()
    [alert] = await house.store.alerts()
    assert "warmline doctor" in alert.text
