"""`warmline diagram`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_PAGE = Path("docs/architecture.md")


def diagram(
    page: Annotated[Path, typer.Option(help="The page whose diagram is made anew.")] = _PAGE,
) -> None:
    """Draw the transition table into the architecture page."""
    from handoff.diagram import redraw

    if not page.is_file():
        typer.echo(f"There is no {page} here. Run it in the repository, or name the page: --page FILE", err=True)
        raise typer.Exit(1)
    typer.echo("Redrawn." if redraw(page) else "It was up to date.")
