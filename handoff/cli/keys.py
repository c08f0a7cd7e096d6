"""`warmline keys status|rotate`: which key what rests is sealed with, and putting it all under the newest."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer

from handoff.settings import load

if TYPE_CHECKING:
    from handoff.rotation import Census, Rotation

app = typer.Typer(help="The keys that people's words are sealed with.", no_args_is_help=True)

_AMISS = 1


@app.command()
def status(
    full: Annotated[bool, typer.Option("--full", help="With where it rests.")] = False,
) -> None:
    """Count what rests sealed with each key. Keys go by their names, eight digits that say nothing about them.

    Exit code 1 when something is sealed with a key that is not here.
    """

    async def work(rotation: Rotation) -> None:
        _show(await rotation.census(), full)

    _do(work)


@app.command()
def rotate() -> None:
    """Put everything that rests under the newest key, in small batches, while the service runs.

    Safe to break off and to begin again. Exit code 1 when something is left under another key.
    """

    async def work(rotation: Rotation) -> None:
        done = await rotation.rotate()
        typer.echo(f"{done} sealed values were put under the newest key.")
        census = await rotation.census()
        _show(census, full=False)
        if any(census.under(name) for name in census.known[1:]):
            typer.echo(
                "Some process still seals with an older key. Start it again with the new keys, then rotate again."
            )
            raise typer.Exit(_AMISS)

    _do(work)


def _show(census: Census, full: bool) -> None:
    for name in (*census.known, *census.strangers):
        what = "not here" if name in census.strangers else "seals" if name == census.newest else "opens"
        typer.echo(f"{name}  {what:<8}  {census.under(name):>8}")
        if full:
            for (place, key), count in sorted(census.found.items()):
                if key == name:
                    typer.echo(f"    {place:<24}{count:>8}")
    for name in census.known[1:]:
        if not census.under(name):
            typer.echo(f"Nothing is sealed with {name} any more: it may be dropped, wherever the keys stand.")
    if census.strangers:
        missing = ", ".join(census.strangers)
        typer.echo(f"Put back at the end of WARMLINE_KEYS, or what it sealed can't be read: {missing}.", err=True)
        raise typer.Exit(_AMISS)


def _do(work: Callable[[Rotation], Awaitable[None]]) -> None:
    from handoff.ports import RecordsDown, StoreDown
    from handoff.rotation import Rotation
    from handoff.sealing import key_bytes

    settings = load()
    keys = tuple(key_bytes(each) for each in settings.fernet_keys())

    async def run() -> None:
        rotation = Rotation(settings.redis_url, settings.database_url, settings.line, keys)
        try:
            await work(rotation)
        finally:
            await rotation.close()

    try:
        asyncio.run(run())
    except (StoreDown, RecordsDown) as failure:
        why = str(failure).rstrip(".")
        typer.echo(f"{why}. Start the line (make run); `warmline doctor` tells more. Nothing was lost.", err=True)
        raise typer.Exit(_AMISS) from None
