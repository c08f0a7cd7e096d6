"""`warmline erase` and `warmline export`: an operator names a person as they can, and nobody else is touched."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from handoff.cli import app
from handoff.core.events import SeekerWrote
from handoff.core.ids import Address
from handoff.house import House, build
from handoff.people import People, joined
from handoff.settings import Settings, load
from tests.conftest import TEST_KEY
from tests.store.making import until

ANA, BEN = Address("telegram", "424242424242"), Address("web", "b" * 32)
WORDS = "the heron by the quiet lake"


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, redis_url: str) -> Settings:
    """A line with two people on it, as a `warmline` command reads it from the environment."""
    given = {
        "WARMLINE_BOT_TOKEN": "t" * 32, "WARMLINE_SESSION_SECRET": "s" * 64, "WARMLINE_PSEUDONYM_SECRET": "p" * 64,
        "WARMLINE_KEYS": TEST_KEY, "WARMLINE_VAR": str(tmp_path), "REDIS_URL": redis_url,
        "DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/warmline.db",
    }  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return load()


@pytest.fixture
def there(settings: Settings) -> dict[Address, tuple[str, str]]:
    """Pseudonym and conversation of each; both wrote, and the database knows."""
    return asyncio.run(_both_wrote(settings))


async def _both_wrote(settings: Settings) -> dict[Address, tuple[str, str]]:
    house = build(settings)
    found = {}
    for seeker in (ANA, BEN):
        reply = await house.front.handle(SeekerWrote(id=f"{seeker}:1", seeker=seeker, text=WORDS))
        assert reply.conversation is not None
        found[seeker] = (reply.conversation.pseudonym, reply.conversation.id)
    await _records_written(house, len(found))
    await house.close()
    return found


async def _records_written(house: House, people: int) -> None:
    working = asyncio.create_task(house.workers["records"].run())
    await house.records.prepare()

    async def all_known() -> bool:
        return len(await house.records.people().beginning("")) == people

    await until(all_known)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)


async def _left(settings: Settings, pseudonym: str, conversation: str) -> tuple[int, int, bool]:
    house = build(settings)
    rows = await house.records.people().rows([pseudonym])
    feed, talk = await house.store.feed(pseudonym), await house.store.conversation(conversation)
    await house.close()
    return rows, len(feed), talk is not None


def left(settings: Settings, of: tuple[str, str]) -> tuple[int, int, bool]:
    """Rows, entries, and whether the conversation is there."""
    return asyncio.run(_left(settings, *of))


def warmline(*arguments: str, say: str = "") -> Result:
    return CliRunner().invoke(app, [*arguments], input=say)


NAMES: dict[str, Callable[[tuple[str, str]], list[str]]] = {
    "channel and id": lambda of: ["telegram", ANA.id],
    "an address": lambda of: [str(ANA)],
    "a conversation": lambda of: [of[1]],
    "a pseudonym": lambda of: [of[0]],
    "what a desk shows": lambda of: [of[0][:4]],
}


def test_a_person_can_be_named_in_every_way_an_operator_knows(
    settings: Settings, there: dict[Address, tuple[str, str]]
) -> None:
    async def found() -> dict[str, str]:
        house = build(settings)
        people = People(house)
        named = {way: (await people.find(*joined(name(there[ANA])))).pseudonym for way, name in NAMES.items()}
        await house.close()
        return named

    assert asyncio.run(found()) == dict.fromkeys(NAMES, there[ANA][0])


def test_a_person_is_erased_from_every_store_and_nobody_else(
    settings: Settings, there: dict[Address, tuple[str, str]]
) -> None:
    before = left(settings, there[BEN])
    done = warmline("erase", "telegram", ANA.id, "--yes", "--by", "kim")
    assert done.exit_code == 0, done.output
    assert left(settings, there[ANA]) == (0, 0, False)
    assert left(settings, there[BEN]) == before
    assert "What this cannot reach" in done.output
    assert ANA.id not in done.output, "what was typed is never printed"


def test_it_asks_before_and_does_nothing_after_a_no(settings: Settings, there: dict[Address, tuple[str, str]]) -> None:
    before = left(settings, there[ANA])
    done = warmline("erase", there[ANA][1], say="n\n")
    assert done.exit_code == 1
    assert there[ANA][0] in done.output
    assert left(settings, there[ANA]) == before


def test_more_than_one_at_once(settings: Settings, there: dict[Address, tuple[str, str]]) -> None:
    done = warmline("erase", "telegram", ANA.id, there[BEN][0], "--yes")
    assert done.exit_code == 0, done.output
    assert [left(settings, each) for each in there.values()] == [(0, 0, False)] * 2


@pytest.mark.parametrize("name", ["zzzz", "no such thing"])
def test_who_is_not_there_is_not_guessed(settings: Settings, there: dict[Address, tuple[str, str]], name: str) -> None:
    before = {each: left(settings, of) for each, of in there.items()}
    done = warmline("erase", name, "--yes")
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    assert {each: left(settings, of) for each, of in there.items()} == before


def test_somebody_of_whom_only_the_database_knows_is_erased_as_well(
    settings: Settings, there: dict[Address, tuple[str, str]], redis_url: str
) -> None:
    import redis

    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    done = warmline("erase", there[ANA][0][:5], "--yes")
    assert done.exit_code == 0, done.output
    assert left(settings, there[ANA]) == (0, 0, False)


def test_the_export_is_readable_for_its_owner_alone_and_overwrites_nothing(
    settings: Settings, there: dict[Address, tuple[str, str]], tmp_path: Path
) -> None:
    file = tmp_path / "theirs.txt"
    done = warmline("export", "telegram", ANA.id, "--to", str(file))
    assert done.exit_code == 0, done.output
    assert WORDS in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert WORDS not in done.output
    again = warmline("export", there[ANA][1], "--to", str(file))
    assert again.exit_code == 1
    assert "not there yet" in again.output


def test_a_channel_and_its_id_are_one_name() -> None:
    assert joined(["telegram", "42", "k5xq", "web", "ab", "c1"]) == ["telegram:42", "k5xq", "web:ab", "c1"]
