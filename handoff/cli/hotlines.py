"""`warmline hotlines check`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

app = typer.Typer(help="The crisis lines that are shown to people.", no_args_is_help=True)


@app.callback()
def hotlines() -> None:
    """The crisis lines that are shown to people."""


@app.command()
def check(
    production: Annotated[bool, typer.Option(help="Fail on rows that are past their review.")] = False,
) -> None:
    """Name the rows that are wrong, past their review, in conflict, or never checked by a person."""
    from handoff.wording.hotline_check import check as examine
    from handoff.wording.hotline_files import load_hotlines
    from handoff.wording.reading import WordingError

    try:
        report = examine(load_hotlines(), datetime.now(UTC).date(), production)
    except WordingError as failure:
        typer.echo(str(failure), err=True)
        raise typer.Exit(1) from None
    for line in report.lines():
        typer.echo(line)
    if report.failed:
        raise typer.Exit(1)
