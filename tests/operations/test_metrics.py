"""What Prometheus is told after people talked: the figures are true, and nobody can be found in them."""

from __future__ import annotations

import re

import httpx
import pytest

from handoff.core.events import Event
from handoff.core.risk import Tier
from tests.journey.line import eventually
from tests.journey.processes import OwnLine
from tests.operations.reading import Scrape, scrape

pytestmark = pytest.mark.asyncio(loop_scope="session")

CANARY = "the heron at Quillmarsh bridge"
CRISIS = f"i want to die tonight, {CANARY}"
TIERS = {tier.name.lower() for tier in Tier}
LANES = {"bot", "records", "erase", "other"}
PARTS = {"store", "records", "bot", "screen", "resources", "lanes", "dead_letters", "disk", "keys"}


def _every_event(kind: type[Event] = Event) -> set[str]:
    return {kind.__name__}.union(*(_every_event(each) for each in kind.__subclasses__()))


async def a_talk(line: OwnLine) -> str:
    """Somebody says something urgent, a supporter comes, both write. Returns the id of their conversation."""
    supporter = await line.hire("Quillmira")
    async with line.seeker() as seeker, line.desk(supporter) as desk:
        await seeker.say(f"hello, {CANARY}")
        await seeker.say(CRISIS)
        card = await seeker.card()
        await seeker.send("got", seq=card["seq"])
        await desk.accept(seeker.conversation)
        await desk.say(seeker.conversation, f"I am here. {CANARY}")
        await seeker.hears("I am here.")
        return seeker.conversation


async def test_what_happened_is_counted(line: OwnLine) -> None:
    await a_talk(line)

    async def confirmed() -> bool:
        return (await scrape(line.url)).value("warmline_card_confirmed_seconds_count") == 1

    await eventually(confirmed, "the confirmed card is measured")
    told = await scrape(line.url)
    assert told.value("warmline_events_total", kind="SeekerWrote", outcome="done") == 2
    assert told.value("warmline_card_saved_seconds_count") == 1
    assert told.value("warmline_wait_seconds_count", tier="active") + told.value(
        "warmline_wait_seconds_count", tier="imminent"
    ) == 1  # fmt: skip
    assert sum(told.value("warmline_risk_found_total", tier=tier) for tier in TIERS) == 2
    assert told.value("warmline_screen_seconds_count") >= 2
    assert told.value("warmline_bot_turns_total", outcome="ok") == 1
    assert told.value("warmline_carried_total", lane="bot", outcome="delivered") == 1
    assert told.value("warmline_carry_seconds_count", lane="records") >= 1
    assert told.value("warmline_store_round_trip_seconds_count") > 10
    assert told.value("warmline_loop_late_seconds_count") >= 1


async def test_what_there_is_now_is_told(line: OwnLine) -> None:
    await line.send_home()
    supporter = await line.hire("Quillora", capacity=3)
    before = await scrape(line.url)
    async with line.desk(supporter), line.seeker() as waiting:
        await waiting.tap("warmline:person", "I want a person")
        told = await scrape(line.url)
        assert sum(told.value("warmline_waiting", tier=tier) for tier in TIERS) == 1
        assert told.value("warmline_waiting", tier="none") == 1
        assert told.value("warmline_live") == before.value("warmline_live")
        assert told.value("warmline_supporters", state="present") == 1
        assert told.value("warmline_supporters", state="available") == 1
        assert told.value("warmline_capacity_left") == 3
        assert told.value("warmline_sockets") == 2
        assert told.value("warmline_part_health", part="store") == 1
        assert told.value("warmline_draining") == 0
        assert told.value("warmline_dead_letters") == 0


async def test_no_series_names_anybody_and_their_number_has_a_bound(line: OwnLine) -> None:
    conversation = await a_talk(line)
    known = await line.conversation(conversation)
    told = await scrape(line.url)
    private = (CANARY, "Quillmira", "quillmira", conversation, known.pseudonym, known.seeker.id, known.supporter or "?")
    assert [each for each in private if each in told.text] == []
    before = _series(told)
    for _ in range(3):
        await a_talk(line)
    after = await scrape(line.url)
    assert _series(after) == before, "more people make no more series"
    _bounded(after)


def _series(told: Scrape) -> set[tuple[str, frozenset[tuple[str, str]]]]:
    """Which series there are, but for which tier and event happened to come up."""
    return {(name, frozenset(label for label, _ in pairs)) for name, pairs in told.samples}  # type: ignore[misc]


def _bounded(told: Scrape) -> None:
    outcomes = {"done", "duplicate", "refused", "store_down", "ok", "down", "silent", "garbled"}
    outcomes |= {"delivered", "gave_up", "waits", "again", "broke"}
    allowed = {
        "kind": _every_event(), "outcome": outcomes, "tier": TIERS, "lane": LANES, "part": PARTS,
        "state": {"present", "available"},
    }  # fmt: skip
    for label, values in told.labels.items():
        if label == "version":
            assert all(re.fullmatch(r"[\w.+-]+", each) for each in values)
        else:
            assert values <= allowed[label], label


@pytest.mark.parametrize(
    "given", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "only-for-tests-of-metrics"}]
)
async def test_without_the_token_nothing_is_told(line: OwnLine, given: dict[str, str]) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{line.url}/metrics", headers=given)
    assert answer.status_code == 401
    assert "warmline_" not in answer.text
