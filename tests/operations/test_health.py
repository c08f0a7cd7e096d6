"""Health tells degraded apart from down, and names what is wrong."""

from __future__ import annotations

import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from pydantic import SecretStr

from handoff.health import look
from handoff.house import House
from handoff.main import create_app
from handoff.ports import Commit, Parcel
from handoff.screening import RiskScreen
from handoff.settings import Settings
from tests.journey.processes import StandInBot, line_settings
from tests.operations.reading import TOKEN, read

OTHER_KEY = "YW5vdGhlci1rZXktZm9yLXRlc3RzLW9mLWhlYWx0aC4="


class Usage(NamedTuple):
    """As `shutil.disk_usage` answers, in bytes."""

    total: int
    used: int
    free: int


class Running(NamedTuple):
    """A service that is asked, without its background work."""

    house: House
    client: httpx.AsyncClient

    async def ready(self) -> tuple[int, dict[str, str]]:
        answer = await self.client.get("/readyz")
        return answer.status_code, answer.json()


@pytest.fixture
def settings_here(tmp_path: Path, redis_url: str, bot: StandInBot) -> Settings:
    return line_settings(tmp_path / "line", redis_url, bot.url)


async def opened(settings: Settings) -> Running:
    app = create_app(settings, RiskScreen())
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://line")
    return Running(app.state.house, client)


@pytest.fixture
async def running(settings_here: Settings) -> AsyncIterator[Running]:
    made = await opened(settings_here)
    yield made
    await made.client.aclose()
    await made.house.close()


async def put(house: House, lane: str, at: float) -> None:
    parcel = Parcel(f"p-{lane}", lane, "c1", 0, "entry", {})
    await house.store.commit(Commit(event_id=f"e-{lane}", parcels=(parcel,)), at)


async def test_all_is_well(running: Running) -> None:
    assert (await running.ready())[1]["status"] == "degraded", "resources are not loaded yet"
    await running.house.finder.prepare()
    code, said = await running.ready()
    assert (code, said.pop("status")) == (200, "ok")
    assert set(said.values()) == {"ok"}
    assert {"store", "keys", "records", "bot", "screen", "resources", "disk", "lanes", "dead_letters"} == set(said)


async def test_a_bot_that_is_away_is_degraded_and_people_are_still_sent_here(settings_here: Settings) -> None:
    made = await opened(settings_here.model_copy(update={"rasa_url": "http://127.0.0.1:1"}))
    code, said = await made.ready()
    assert (code, said["status"], said["bot"]) == (200, "degraded", "down")
    await made.client.aclose()
    await made.house.close()


async def test_without_the_store_it_is_down(settings_here: Settings) -> None:
    made = await opened(settings_here.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"}))
    code, said = await made.ready()
    assert (code, said["status"], said["store"], said["keys"]) == (503, "down", "down", "ok")
    assert (await made.client.get("/healthz")).status_code == 200
    await made.client.aclose()
    await made.house.close()


async def test_keys_that_do_not_open_the_store_are_told_apart_from_a_store_that_is_away(
    running: Running, settings_here: Settings
) -> None:
    await running.house.store.ping()
    stranger = await opened(
        settings_here.model_copy(update={"keys": SecretStr(OTHER_KEY), "metrics_token": SecretStr(TOKEN)})
    )
    code, said = await stranger.ready()
    assert (code, said["store"], said["keys"]) == (503, "down", "wrong")
    page = await stranger.client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    told = read(page.text)
    assert told.value("warmline_part_health", part="keys") == 0
    assert "warmline_live" not in told.names
    await stranger.client.aclose()
    await stranger.house.close()


async def test_a_lane_that_nobody_works_is_late(running: Running) -> None:
    await put(running.house, "records", time.time() - 5)
    assert (await look(running.house))["lanes"] == "ok"
    await put(running.house, "telegram:1", time.time() - 100)
    code, said = await running.ready()
    assert (code, said["status"], said["lanes"]) == (200, "degraded", "late")


@pytest.mark.parametrize(("ago", "state"), [(60.0, "degraded"), (2 * 86_400.0, "ok")])
async def test_a_dead_letter_counts_for_a_day(running: Running, ago: float, state: str) -> None:
    store, at = running.house.store, time.time() - ago
    await put(running.house, "telegram:1", at)
    hold = await store.claim_lane(["telegram"], 30, at)
    assert hold is not None
    await store.bury(hold, "gone", at)
    assert (await look(running.house))["dead_letters"] == state


async def test_a_disk_that_is_almost_full_is_low(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    for free, state in ((400_000_000, "low"), (600_000_000, "ok")):
        usage = (100_000_000_000, 100_000_000_000 - free, free)
        monkeypatch.setattr(shutil, "disk_usage", lambda _, usage=usage: Usage(*usage))
        assert (await look(running.house))["disk"] == state


async def test_a_process_that_goes_is_not_ready(running: Running) -> None:
    running.house.leaving.set()
    code, said = await running.ready()
    assert (code, said["status"], said["store"]) == (503, "draining", "ok")


async def test_every_trouble_has_a_sentence_for_leads(running: Running) -> None:
    line = running.house.line
    for name in ("lanes_late", "disk_low", "disk_unreadable", "keys_wrong"):
        assert line.wording.say(f"degraded_{name}", "en").endswith(".")
