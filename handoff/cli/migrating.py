"""`migrate`: the database forward, or back for an older Warmline."""

from __future__ import annotations

from typing import Annotated

import typer

from handoff.settings import load

To = Annotated[str, typer.Option(help="The revision to bring it to, such as 0003; nothing: the newest.")]


def migrate(to: To = "", yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Bring the database to a revision. The service goes forward by itself; back is for an older Warmline."""
    from sqlalchemy.exc import SQLAlchemyError

    from handoff.migrating import UnknownRevision, move
    from handoff.ports import RecordsDown

    if to and not yes:
        typer.confirm("Going back removes the tables that came later, with what is in them. Go on?", abort=True)
    try:
        moved = move(load().database_url, to)
    except UnknownRevision as failure:
        raise _fails(str(failure)) from None
    except RecordsDown as failure:
        raise _fails(f"It was not moved: {failure}.") from None
    except (SQLAlchemyError, OSError) as failure:
        why = f"The database did not answer: {type(failure).__name__}"
        raise _fails(f"{why}. Start it; `warmline doctor` tells more. Then do this again.") from None
    typer.echo(f"The database was at {moved.before or 'nothing'} and is at {moved.after}.")


def _fails(why: str) -> typer.Exit:
    typer.echo(why, err=True)
    return typer.Exit(1)
