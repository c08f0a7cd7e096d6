"""`warmline referrals --year 2026`: in how many conversations crisis lines were shown, without identifiers."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from handoff.referrals import Month


def referrals(
    year: Annotated[
        int | None, typer.Option(help="The year, in UTC; this one unless given.", min=2000, max=9998)
    ] = None,
) -> None:
    """Count a year's referrals to crisis lines, month by month; small counts are not told."""
    from handoff.ports import RecordsDown
    from handoff.referrals import told

    wanted = year or datetime.now(UTC).year
    try:
        months = asyncio.run(_count(wanted))
    except RecordsDown:
        message = "The database has no record, or does not answer. Start the line once, or correct DATABASE_URL."
        typer.echo(message, err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{wanted}: conversations in which crisis lines were shown, and confirmed by a device")
    for month in months:
        typer.echo(f"  {wanted}-{month.number:02}  {told(month.shown):>14}  {told(month.confirmed):>14}")
    typer.echo(f"  year     {told(sum(m.shown for m in months)):>14}  {told(sum(m.confirmed for m in months)):>14}")


async def _count(year: int) -> list[Month]:
    from sqlalchemy.ext.asyncio import create_async_engine

    from handoff.referrals import referrals as counted
    from handoff.settings import load

    engine = create_async_engine(load().database_url)
    try:
        return await counted(engine, year)
    finally:
        await engine.dispose()
