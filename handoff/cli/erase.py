"""`warmline erase` and `warmline export`: what a person may ask the line for, done by an operator."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from handoff.settings import load

if TYPE_CHECKING:
    from handoff.house import House
    from handoff.people import People, Person

Who = Annotated[
    list[str],
    typer.Argument(
        metavar="SEEKER...",
        help="A conversation's id, a pseudonym or its first four letters as desks show them, or a channel and the id "
        "there: telegram 42.",
    ),
]
By = Annotated[str, typer.Option("--by", help="Who does this, for the record.")]
_NOT_REACHED = """What this cannot reach:
  the history on the person's own phone or computer, and files they saved;
  lines that supporters themselves wrote in Slack: the leads' channel lists them for an admin to remove;
  backups made before now: `warmline restore` erases them again within ninety days; older ones must be deleted;
  the audit and the safeguarding record, which hold no words of the person and lead to nobody any more."""


def erase(
    seeker: Who,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    by: By = "operator",
) -> None:
    """Erase everything of one or more persons, in every store. What was typed is hashed, and never printed."""

    async def work(people: People, house: House) -> None:
        from handoff.people import joined

        persons = [await people.find(each) for each in joined(seeker)]
        for person in persons:
            typer.echo(_about(person))
        if not yes:
            typer.confirm("Erase everything of them? This cannot be undone.", abort=True)
        for person in persons:
            await people.forget(person, by=by)
        if not await people.carry_until_gone(persons):
            typer.echo(
                "It is on its way, but not done after a minute; it goes on by itself while the line runs.", err=True
            )
            raise typer.Exit(1)
        typer.echo("Erased from the store, the bot's memory, the database and the files in it.")
        if house.settings.has_slack():
            typer.echo("What the bot posted in Slack is taken back by the running line.")
        typer.echo(_NOT_REACHED)

    _do(work)


def export(
    seeker: Who,
    to: Annotated[Path, typer.Option("--to", help="The file to write. It holds their words in clear: keep it safe.")],
    by: By = "operator",
    language: Annotated[str, typer.Option(help="The language of what stands around the words.")] = "en",
) -> None:
    """Write what was said with one person, and their safety plan, into a readable file that only you may read."""

    async def work(people: People, house: House) -> None:
        from connectors.web.exporting import readable_talk
        from handoff.core.plan import readable
        from handoff.people import NotFound, joined
        from handoff.wording.page_files import load_page_wording

        named = joined(seeker)
        if len(named) != 1:
            raise NotFound("Name one person: their words go into one file.")
        person = await people.find(named[0])
        entries, plan = await people.words(person)
        texts = load_page_wording("web.yml")
        text = readable_talk(entries, readable(plan, house.line.wording, language), texts.get(language, texts["en"]))
        _write(to, text)
        await people.exported(person, by=by)
        typer.echo(f"{_about(person)} {len(entries)} entries were written to {to}.")

    _do(work)


def _about(person: Person) -> str:
    count = len(person.conversations)
    return f"{person.pseudonym}: {count} conversation{'' if count == 1 else 's'} in the store."


def _write(to: Path, text: str) -> None:
    """For the owner's eyes, and over nothing that is there."""
    try:
        with open(to, "x", encoding="utf-8", opener=_private) as file:
            file.write(text)
    except OSError as error:
        typer.echo(f"{to} can't be written ({error.strerror}). Give --to a file that is not there yet.", err=True)
        raise typer.Exit(1) from None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _do(work: Callable[[People, House], Awaitable[None]]) -> None:
    from handoff.people import NotFound
    from handoff.ports import RecordsDown, StoreDown

    try:
        asyncio.run(_with_people(work))
    except NotFound as failure:
        typer.echo(str(failure), err=True)
        raise typer.Exit(1) from None
    except (StoreDown, RecordsDown) as failure:
        why = str(failure).rstrip(".")
        typer.echo(f"{why}. Start the line (make run); `warmline doctor` tells more. Then do this again.", err=True)
        raise typer.Exit(1) from None


async def _with_people(work: Callable[[People, House], Awaitable[None]]) -> None:
    from handoff.house import build
    from handoff.people import People

    house = build(load())
    try:
        await house.records.prepare()
        await work(People(house), house)
    finally:
        await house.close()
