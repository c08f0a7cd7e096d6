"""`warmline simulate`: how long people would wait, from a file that says who comes and who is there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

_WRONG = 2
"""The exit code for a file or a target that cannot be used."""


def simulate(
    file: Annotated[Path | None, typer.Argument(help="The scenario; --example prints one to begin with.")] = None,
    example: Annotated[bool, typer.Option("--example", help="Print an example scenario and stop.")] = False,
    days: Annotated[int, typer.Option(min=1, max=366, help="Days that are counted in each run.")] = 30,
    runs: Annotated[int, typer.Option(min=1, max=1000, help="Runs, each with other people.")] = 20,
    seed: Annotated[int, typer.Option(help="The same seed gives the same figures.")] = 1,
    target: Annotated[
        str, typer.Option(help='Find the supporters it takes, hour by hour: "90% within 2 minutes".')
    ] = "",
    plot: Annotated[Path | None, typer.Option(help="Write a picture here, as PNG.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the figures as JSON, in seconds and shares.")] = False,
) -> None:
    """Simulate a line from arrivals, talk times and shifts, with the service's own queue: waits by tier and hour."""
    from handoff.simulation.needed import BadTarget
    from handoff.simulation.scenario import EXAMPLE
    from handoff.simulation.scenario_errors import ScenarioError

    if example:
        typer.echo(EXAMPLE.read_text(encoding="utf-8"), nl=False)
        return
    if file is None:
        typer.echo("Name a scenario file. `warmline simulate --example > line.yml` makes one to begin with.", err=True)
        raise typer.Exit(_WRONG)
    try:
        _simulated(file, days, runs, seed, target, plot, as_json)
    except (ScenarioError, BadTarget) as failure:
        typer.echo(str(failure), err=True)
        raise typer.Exit(_WRONG) from None


def _simulated(file: Path, days: int, runs: int, seed: int, target: str, plot: Path | None, as_json: bool) -> None:
    from handoff.simulation.needed import needed, parse_target
    from handoff.simulation.report import report, tables
    from handoff.simulation.scenario import load_scenario
    from handoff.simulation.study import study

    wanted = parse_target(target) if target else None
    scenario = load_scenario(file)
    _may_be_written(plot)
    found = study(scenario, days=days, runs=runs, seed=seed)
    hours = needed(scenario, wanted, days=days, runs=runs, seed=seed, tell=_tell) if wanted else ()
    told = report(found, wanted, hours)
    typer.echo(json.dumps(told, indent=1) if as_json else tables(told))
    if plot is not None:
        from handoff.simulation.plot import draw_plot

        draw_plot(found, told, plot)
        _tell(f"The picture is in {plot}.")


def _may_be_written(plot: Path | None) -> None:
    """Known before minutes of work, not after."""
    if plot is not None and (plot.is_dir() or not plot.absolute().parent.is_dir()):
        typer.echo(f"The picture can't be written to {plot}. Name a file in a folder that exists.", err=True)
        raise typer.Exit(_WRONG)


def _tell(words: str) -> None:
    typer.echo(words, err=True)
