"""`warmline safeguarding list|note`: what concerned a child or a young person in danger, for leads."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from handoff.safeguarding import Concern, Safeguarding

app = typer.Typer(help="The safeguarding record: no words but leads' notes.", no_args_is_help=True)

_WHY = {
    "under_18": "may be under 18",
    "worried_about_a_child": "worried about somebody under 18",
    "child_domain": "about a child",
}


class _NotFound(Exception):
    """No such row."""


@app.command("list")
def show_all(
    full: Annotated[bool, typer.Option("--full", help="With what was done, from the audit, and the notes.")] = False,
) -> None:
    """Show the record, newest first: when, why, how urgent, what about, who held it."""

    async def work(record: Safeguarding) -> None:
        concerns = await record.latest()
        for each in concerns:
            typer.echo(_line(each))
            if full:
                for at, who, what in each.done:
                    typer.echo(f"    {_moment(at)}  {who}: {what.replace('_', ' ')}")
                for line in each.note.splitlines():
                    typer.echo(f"    note: {line}")
        if not concerns:
            typer.echo("Nothing is on record.")

    _do(work)


@app.command()
def note(
    concern: Annotated[int, typer.Argument(help="The row's number; `warmline safeguarding list` shows it.")],
    words: Annotated[str, typer.Argument(help="What was considered, decided and reported, and to whom.")],
    by: Annotated[str, typer.Option("--by", help="The lead who writes it.")],
) -> None:
    """Add a lead's note. It is sealed, and that it was written is on record."""

    async def work(record: Safeguarding) -> None:
        signed = f"{_moment(time.time())} {by}: {words.strip()}"
        if not await record.add_note(concern, signed, by=by, at=time.time()):
            raise _NotFound(f"There is no row {concern}. `warmline safeguarding list` shows what there is.")
        typer.echo("The note is added.")

    _do(work)


def _line(each: Concern) -> str:
    about = each.domain.replace("_", " ") or "not named"
    noted = f", noted by {each.note_by}" if each.note_by else ", no note yet"
    return (
        f"{each.id:>4}  {_moment(each.at)}  T{each.tier}  {about}: {_WHY[each.why]}; {each.held_by or 'nobody'}{noted}"
    )


def _moment(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M}"


def _do(work: Callable[[Safeguarding], Awaitable[None]]) -> None:
    from handoff.ports import RecordsDown

    try:
        asyncio.run(_with_record(work))
    except _NotFound as failure:
        typer.echo(str(failure), err=True)
        raise typer.Exit(1) from None
    except RecordsDown:
        message = "The database has no record, or does not answer. Start the line once, or correct DATABASE_URL."
        typer.echo(message, err=True)
        raise typer.Exit(1) from None


async def _with_record(work: Callable[[Safeguarding], Awaitable[None]]) -> None:
    from sqlalchemy.ext.asyncio import create_async_engine

    from handoff.house import make_sealer
    from handoff.safeguarding import Safeguarding
    from handoff.settings import load

    settings = load()
    engine = create_async_engine(settings.database_url)
    try:
        await work(Safeguarding(engine, make_sealer(settings)))
    finally:
        await engine.dispose()
