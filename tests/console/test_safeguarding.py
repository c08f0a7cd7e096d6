"""The safeguarding record on the desk: leads read it and add to it, nobody else does either."""

from __future__ import annotations

from collections.abc import Sequence

from handoff.ports import RecordsDown
from handoff.safeguarding import Concern
from tests.console.desk_client import desk_of
from tests.console.house import House, make_house, opened

FOUND = Concern(
    id=7, conversation="c1", why="under_18", tier=4, domain="suicide", held_by="mira", at=1_780_000_000.0,
    done=((1_780_000_001.0, "screen", "card_shown"),),
)  # fmt: skip


class OneRow:
    """A record with one row; remembers what was added."""

    def __init__(self) -> None:
        self.notes: list[tuple[int, str, str]] = []

    async def latest(self) -> Sequence[Concern]:
        return (FOUND,)

    async def add_note(self, concern: int, note: str, *, by: str, at: float) -> bool:
        self.notes.append((concern, note, by))
        return concern == FOUND.id


class Away(OneRow):
    async def latest(self) -> Sequence[Concern]:
        raise RecordsDown("away")


async def test_leads_read_it_and_add_their_own_words() -> None:
    record = OneRow()
    async with opened(make_house(safeguarding=record)) as house:
        await house.hire("Joan", lead=True)
        async with desk_of(house, "joan") as joan:
            await joan.send("safeguarding", id="s1")
            [item] = (await joan.until_type("safeguarding"))["items"]
            assert (item["why"], item["tier"], item["domain"], item["held_by"]) == (
                "under_18", "active", "suicide", "mira",
            )  # fmt: skip
            assert item["done"] == [{"at": 1_780_000_001_000, "who": "screen", "what": "card_shown"}]
            assert (await joan.ask("safeguarding_note", concern=7, text=" Told the duty officer. "))["type"] == "ok"
            assert (await joan.ask("safeguarding_note", concern=8, text="Which?"))["code"] == "concern_gone"
            assert (await joan.ask("safeguarding_note", concern=7, text=""))["type"] == "refused"
    assert record.notes[0] == (7, "Told the duty officer.", "joan")


async def test_nobody_else_reads_or_writes_it(house: House) -> None:
    await house.hire("Mira")
    async with desk_of(house, "mira") as mira:
        assert (await mira.ask("safeguarding"))["code"] == "leads_only"
        assert (await mira.ask("safeguarding_note", concern=7, text="words"))["code"] == "leads_only"


async def test_records_that_do_not_answer_are_said() -> None:
    async with opened(make_house(safeguarding=Away())) as house:
        await house.hire("Joan", lead=True)
        async with desk_of(house, "joan") as joan:
            assert (await joan.ask("safeguarding"))["code"] == "records_down"
