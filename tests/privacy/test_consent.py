"""Consent: a record of its own, asked apart, taken back by a later no; without it no words leave for learning."""

from __future__ import annotations

import ast
import stat
from pathlib import Path

import pytest

from handoff.core import events as e
from handoff.core.entries import Speaker
from handoff.core.line import Line
from handoff.core.policy import Policy
from handoff.records import SqlRecords
from handoff.screen_cases import NewCase, add_case
from handoff.sealing import Sealer
from tests.core.making import SEEKER, line, supporter
from tests.records.conftest import postgres, rows, url
from tests.records.rows import CANARY, Rows
from tests.records.test_lane import carry_all
from tests.service.house import House
from tests.store.making import KEY

__all__ = ["postgres", "rows", "url"]
ROOT = Path(__file__).parents[2]


async def ended(house: House) -> str:
    """A conversation that was helped and is over; its id."""
    await house.add(supporter())
    await house.writes(f"{CANARY} hello")
    await house.bot(e.ConsentGiven, given=True)
    await house.bot(e.HandoffAsked, why="asked")
    await house.desk(e.Claimed)
    await house.desk(e.SupporterWrote, text="hello")
    theirs = next(each for each in await house.feed() if each.speaker is Speaker.SEEKER)
    await house.desk(e.MessageFlagged, seq=theirs.seq, verdict="missed_risk")
    await house.desk(e.SupporterClosed, outcome="supported")
    return (await house.talk()).id


async def answers(house: House, talk: str, review: bool | None, number: int = 1) -> None:
    given = e.FeedbackGiven(id=f"f{number}", seeker=SEEKER, conversation=talk, rating=4, review=review)
    await house.front.handle(given)


@pytest.mark.parametrize("given", [True, False])
async def test_what_somebody_agreed_to_is_a_row_with_its_time_yes_or_no(url: str, rows: Rows, given: bool) -> None:
    house = House()
    records = SqlRecords(url, house.store, Sealer([KEY]))
    await house.writes("hello")
    await house.bot(e.ConsentGiven, given=given)
    await carry_all(house, records)
    row = await rows.only("consents")
    assert (row["given"], row["pseudonym"], row["conversation"]) == (given, house.name, (await house.talk()).id)
    assert row["at"] > 0
    await records.close()


@pytest.mark.parametrize("review", [False, None])
async def test_agreeing_to_share_with_a_supporter_is_no_yes_to_learning(
    url: str, rows: Rows, review: bool | None
) -> None:
    house = House(_always_sampled())
    records = SqlRecords(url, house.store, Sealer([KEY]))
    await answers(house, await ended(house), review)
    await carry_all(house, records)
    assert (await rows.only("consents"))["given"] is True
    kinds = [(row["what"], row["consent"]) for row in await rows.of("reviews")]
    assert ("sample", True) not in kinds
    assert all(consent is review for _, consent in kinds)
    await records.close()


async def test_a_yes_is_on_record_and_a_later_no_takes_it_back(url: str, rows: Rows) -> None:
    house = House(_always_sampled())
    records = SqlRecords(url, house.store, Sealer([KEY]))
    talk = await ended(house)
    await answers(house, talk, True)
    await carry_all(house, records)
    assert {row["consent"] for row in await rows.of("reviews")} == {True}
    assert [each.what for each in await records.reviews().open("sample")] == ["sample"]
    await answers(house, talk, False, 2)
    await carry_all(house, records)
    assert [(row["what"], row["consent"]) for row in await rows.of("reviews")] == [("message", False)]
    said = [row["detail"]["given"] for row in await rows.of("audit") if row["action"] == "review_consent"]
    assert said == [True, False]
    await records.close()


def _always_sampled() -> Line:
    return line(review_share=1)


# --- no other way out -----------------------------------------------------------------------------------------------


def _calls(name: str) -> set[str]:
    """The modules that call a function of this name."""
    found = set()
    for package in ("handoff", "connectors", "models", "bot"):
        for file in (ROOT / package).rglob("*.py"):
            for each in ast.walk(ast.parse(file.read_text())):
                if isinstance(each, ast.Call) and ast.unparse(each.func).rpartition(".")[2] == name:
                    found.add(str(file.relative_to(ROOT)))
    return found


def test_one_command_alone_writes_test_cases_and_it_asks_for_consent_first() -> None:
    assert _calls("add_case") == {"handoff/cli/review.py"}
    assert _calls("_may_leave") == {"handoff/cli/review.py"}


TRAINING = ("models", "bot/train.py", "bot/evaluate.py", "bot/reading", "bot/components")


@pytest.mark.parametrize("part", TRAINING)
def test_nothing_that_trains_can_reach_the_store_the_records_or_the_bots_memory(part: str) -> None:
    files = [ROOT / part] if part.endswith(".py") else [*(ROOT / part).rglob("*.py")]
    assert files
    for file in files:
        imported = {name.partition(".")[0] for name in _imports(file)}
        assert imported & {"redis", "sqlalchemy", "sqlite3", "psycopg", "handoff", "connectors"} == set(), file
        assert not any(name.startswith("bot.tracker") for name in _imports(file)), file


def _imports(file: Path) -> set[str]:
    found = set()
    for each in ast.walk(ast.parse(file.read_text())):
        if isinstance(each, ast.Import):
            found |= {name.name for name in each.names}
        if isinstance(each, ast.ImportFrom):
            found.add(each.module or "")
    return found


def test_a_case_file_is_for_its_owners_eyes(tmp_path: Path) -> None:
    file = tmp_path / "screen_cases.yml"
    add_case(file, NewCase(slice="reviewed", text="in other words", floor=3))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_consent_for_learning_is_off_until_said() -> None:
    from handoff.core.conversation import Conversation

    assert Conversation.__dataclass_fields__["review"].default is None
    assert Policy().review_share < 0.05
