"""`backup` and `restore`: a line's words and records, sealed, out of Redis and the database and back."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from handoff.settings import load

Folder = Annotated[Path, typer.Argument(help="A new folder for the backup, or the folder of one.")]
Replace = Annotated[bool, typer.Option("--replace", help="Put it in the place of what is there now.")]
Lists = Annotated[
    list[Path] | None,
    typer.Option(
        "--erased",
        exists=True,
        dir_okay=False,
        readable=True,
        help="An erased.list of another process or a later copy.",
    ),
]

Made = TypeVar("Made")


def backup(folder: Folder) -> None:
    """Write a backup of the line into a new folder, while it runs. The keys are not in it: keep them elsewhere."""
    from handoff.backup.taking import take

    made = _done(take(load(), folder))
    rows = sum(made.records.rows.values())
    typer.echo(f"{folder}: {made.store.keys} keys of Redis and {rows} rows of the database, as of {_when(made.at)}.")
    typer.echo(f"To read it these keys are needed: {', '.join(made.keys)}. They are not in it; keep them elsewhere.")


def restore(folder: Folder, replace: Replace = False, erased: Lists = None) -> None:
    """Put a backup back into Redis and the database. Stop the service first."""
    from handoff.backup.restoring import restore as put_back

    done = _done(put_back(load(), folder, replace=replace, erased_files=erased or ()))
    typer.echo(f"Back as of {_when(done.made.at)}: {done.keys} keys of Redis; {done.expired} had expired meanwhile.")
    typer.echo(f"What was written since then, in {done.lost_seconds / 60:.0f} minutes, is lost.")
    typer.echo(f"The lists know of {done.listed} names that were erased since then.")
    typer.echo(f"People who were erased since then and were erased again: {done.erased_again}.")
    typer.echo(
        "What waited to be delivered may have been delivered before; Telegram and Slack are told so where they can be."
    )


def _when(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _done(work: Coroutine[Any, Any, Made]) -> Made:
    """What a driver says may hold an address or a row, so only its kind is told."""
    from sqlalchemy.exc import SQLAlchemyError

    from handoff.backup.failures import BackupFailed
    from handoff.ports import RecordsDown, RecordsRefused, StoreDown

    try:
        return asyncio.run(work)
    except (BackupFailed, StoreDown, OSError) as failure:
        raise _fails(str(failure)) from None
    except (RecordsDown, RecordsRefused) as failure:
        raise _fails(_look(str(failure))) from None
    except (SQLAlchemyError, sqlite3.Error) as failure:
        raise _fails(_look(f"the database failed: {type(failure).__name__}")) from None


def _look(why: str) -> str:
    return (
        f"{why.rstrip('.')}. `warmline doctor` tells more. Then do this again; a restore that had begun with --replace."
    )


def _fails(why: str) -> typer.Exit:
    typer.echo(why, err=True)
    return typer.Exit(1)
