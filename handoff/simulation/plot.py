"""A study as one picture: who is answered how soon, the waits of the day, and who is there for whom."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from handoff.core.risk import Tier
from handoff.simulation.figures import among, everybody, in_crisis, of_tier
from handoff.simulation.study import Study

_MINUTES = [each / 4 for each in range(61)]
_SIZE, _DPI = (9.0, 11.0), 130
_BLUE, _ORANGE, _GREEN, _RED = "#0072b2", "#e69f00", "#009e73", "#c1440e"
"""Told apart by people who see colours differently, too."""


def draw_plot(found: Study, told: dict[str, Any], file: Path) -> None:
    """Write the picture as PNG. `told` is the study's report."""
    figure = Figure(figsize=_SIZE, dpi=_DPI, layout="constrained")
    FigureCanvasAgg(figure)
    soon, day, staff = figure.subplots(3, 1)
    figure.suptitle(f"{told['scenario']}: {told['days']} days, {told['runs']} runs, seed {told['seed']}")
    _how_soon(soon, found)
    hours = told["hours"]
    _waits_of_the_day(day, hours)
    _there(staff, hours, told["target"])
    figure.savefig(file, format="png")


def _how_soon(axes: Axes, found: Study) -> None:
    groups = [
        ("T0", of_tier(Tier.NONE), _GREEN, "-"), ("T1", of_tier(Tier.DISTRESS), _BLUE, "--"),
        ("T2", of_tier(Tier.CONCERN), _ORANGE, "-."), ("T3 and above", in_crisis, _RED, "-"),
        ("everybody", everybody, "black", ":"),
    ]  # fmt: skip
    for name, chosen, colour, style in groups:
        queued = [each for run in found.runs for each in among(run, found.span, chosen) if not each.closed]
        waited = [each.answered - each.arrival.at for each in queued if each.answered is not None]
        if queued:
            shares = [100 * sum(wait <= minute * 60 for wait in waited) / len(queued) for minute in _MINUTES]
            axes.plot(_MINUTES, shares, label=name, color=colour, linestyle=style, linewidth=2)
    axes.set(title="Answered within", xlabel="minutes", ylabel="% of those who queued", ylim=(0, 102), xlim=(0, 15))
    _finish(axes)


def _waits_of_the_day(axes: Axes, hours: Sequence[dict[str, Any]]) -> None:
    for name, label, colour, mark in (("p95", "95 in 100 wait less", _RED, "s"), ("p50", "half wait less", _BLUE, "o")):
        met = [each for each in hours if each[name] is not None]
        axes.errorbar(
            [each["hour"] for each in met], [each[name]["mean"] / 60 for each in met],
            yerr=[(each[name]["half"] or 0.0) / 60 for each in met], label=label, color=colour, marker=mark, capsize=3,
            linestyle="none",
        )  # fmt: skip
    axes.set(title="Waits by hour of arrival, with 95 % confidence", xlabel="hour of the day", ylabel="minutes")
    axes.set_ylim(bottom=0)
    _by_the_hour(axes)


def _there(axes: Axes, hours: Sequence[dict[str, Any]], target: str | None) -> None:
    at = [each["hour"] for each in hours]
    axes.bar(at, [each["came_a_day"] for each in hours], color="#cfd8dc", label="people who come in this hour")
    axes.step(at, [each["supporters"] for each in hours], where="mid", color=_BLUE, label="supporters there", lw=2)
    if target:
        needed = [math.nan if each["needed"] is None else each["needed"] for each in hours]
        axes.step(at, needed, where="mid", color=_RED, linestyle="--", lw=2, label=f"supporters for {target}")
    axes.set(title="Who comes, and who is there", xlabel="hour of the day", ylabel="people, mean of all days")
    _by_the_hour(axes)


def _by_the_hour(axes: Axes) -> None:
    axes.set_xlim(-0.7, 23.7)
    axes.set_xticks(range(24))
    _finish(axes)


def _finish(axes: Axes) -> None:
    axes.grid(visible=True, color="#e0e0e0")
    axes.set_axisbelow(True)
    axes.legend(frameon=False)
