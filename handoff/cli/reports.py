"""`warmline reports list|show|note|close` and `warmline reports blocks`: for leads and the operator, on record."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from handoff.blocks import Blocks
    from handoff.reports import Report, Reports

app = typer.Typer(help="What supporters reported of people, and people of supporters; and who is blocked.")

_Number = Annotated[int, typer.Argument(help="The report's number; `warmline reports list` shows it.")]
_By = Annotated[str, typer.Option("--by", help="The id of who reads or writes it. Nobody gets one about themselves.")]


class _NotFound(Exception):
    """No such report, or not for this reader."""

    def __init__(self, report: int) -> None:
        super().__init__(f"There is no report {report} for you. `warmline reports list` shows what there is.")


@app.command("list")
def show_all(by: _By = "operator") -> None:
    """Show all reports, open ones first, without what was written."""

    async def work(reports: Reports, _blocks: Blocks) -> None:
        found = await reports.listed(by)
        for each in found:
            typer.echo(_line(each))
        if not found:
            typer.echo("There are no reports.")

    _do(work)


@app.command()
def show(report: _Number, by: _By) -> None:
    """Show one with what was written. That it was opened is on record."""

    async def work(reports: Reports, _blocks: Blocks) -> None:
        found = await reports.opened(report, by, time.time())
        if found is None:
            raise _NotFound(report)
        typer.echo(_line(found))
        typer.echo(found.words or "Nothing was written with it.")
        for line in found.note.splitlines():
            typer.echo(f"    note: {line}")

    _do(work)


@app.command()
def note(report: _Number, words: Annotated[str, typer.Argument(help="What was found and done.")], by: _By) -> None:
    """Add a lead's note. It is sealed, and that it was written is on record."""

    async def work(reports: Reports, _blocks: Blocks) -> None:
        signed = f"{_moment(time.time())} {by}: {words.strip()}"
        if not await reports.add_note(report, signed, by=by, at=time.time()):
            raise _NotFound(report)
        typer.echo("The note is added.")

    _do(work)


@app.command()
def close(report: _Number, by: _By) -> None:
    """Say that it is dealt with."""

    async def work(reports: Reports, _blocks: Blocks) -> None:
        if not await reports.close(report, by=by, at=time.time()):
            raise _NotFound(report)
        typer.echo("It is closed.")

    _do(work)


@app.command()
def blocks() -> None:
    """Show who is blocked: since when, until when, by whom and why. A lead lifts one in the console."""

    async def work(_reports: Reports, blocks: Blocks) -> None:
        found = await blocks.running(time.time())
        for each in found:
            who = each.pseudonym[:4]
            typer.echo(f"{who}  {_moment(each.at)} to {_moment(each.until)}  {each.reason}, by {each.by}")
        if not found:
            typer.echo("Nobody is blocked.")

    _do(work)


def _line(each: Report) -> str:
    about = f"{each.by} about a person" if each.about == "seeker" else f"a person about {each.supporter or 'the line'}"
    state = f"closed by {each.closed_by}" if each.closed_at else "open"
    return f"{each.id:>4}  {_moment(each.at)}  {about}: {each.reason}; {state}; conversation {each.conversation}"


def _moment(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M}"


def _do(work: Callable[[Reports, Blocks], Awaitable[None]]) -> None:
    from handoff.ports import RecordsDown

    try:
        asyncio.run(_with_records(work))
    except _NotFound as failure:
        typer.echo(str(failure), err=True)
        raise typer.Exit(1) from None
    except RecordsDown:
        message = "The database has no reports, or does not answer. Start the line once, or correct DATABASE_URL."
        typer.echo(message, err=True)
        raise typer.Exit(1) from None


async def _with_records(work: Callable[[Reports, Blocks], Awaitable[None]]) -> None:
    from sqlalchemy.ext.asyncio import create_async_engine

    from handoff.blocks import Blocks
    from handoff.house import make_sealer
    from handoff.reports import Reports
    from handoff.settings import load

    settings = load()
    engine = create_async_engine(settings.database_url)
    try:
        await work(Reports(engine, make_sealer(settings)), Blocks(engine))
    finally:
        await engine.dispose()
