"""What a study found: as figures for programs, and as tables for people."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from handoff.core.risk import Tier
from handoff.simulation import formulas
from handoff.simulation.arriving import Demand
from handoff.simulation.figures import (
    WITHIN_SECONDS,
    Chosen,
    Estimate,
    Waits,
    at_hour,
    everybody,
    in_crisis,
    of_tier,
    over_runs,
    waits,
)
from handoff.simulation.needed import Hour, Target
from handoff.simulation.study import Study

_NOTHING = "-"


def report(found: Study, target: Target | None = None, hours: Sequence[Hour] = ()) -> dict[str, Any]:
    """Everything that was found, in seconds and shares, ready for JSON. Intervals are 95 % confidence."""
    groups: dict[str, Chosen] = {f"T{int(tier)}": of_tier(tier) for tier in Tier}
    groups |= {"T3+": in_crisis, "all": everybody}
    use = over_runs(share for run in found.runs if (share := run.using.share()) is not None)
    return {
        "scenario": found.scenario.name,
        "days": found.days,
        "runs": len(found.runs),
        "seed": found.seed,
        "target": str(target) if target else None,
        "in_use": _pair(use),
        "waits": {name: _told(waits(found.runs, found.span, chosen), found) for name, chosen in groups.items()},
        "hours": [_hour(found, hour, hours) for hour in range(24)],
    }


def tables(told: dict[str, Any]) -> str:
    """The report as text: waits by tier, then the day hour by hour."""
    head = f"{told['scenario']}: {told['days']} days, {told['runs']} runs, seed {told['seed']}"
    use = f"Places at the desk in use: {_percent(told['in_use'])}"
    notes = ["± is half a 95 % confidence interval. Waits are minutes:seconds, of those who were answered."]
    if told["target"]:
        notes.append(f"needed: supporters for {told['target']}; ! where no number of them reaches it.")
    notes.append("steady: the mean wait if this hour lasted for ever, by formula (Erlang A, or C where nobody leaves).")
    return "\n".join([head, use, "", _by_tier(told), "", _by_hour(told), "", *notes])


def _told(found: Waits, whole: Study) -> dict[str, Any]:
    return {
        "came_a_day": found.came / whole.days,
        "mean": _pair(found.mean),
        "p50": _pair(found.p50),
        "p95": _pair(found.p95),
        "longest": found.longest,
        "within": {str(limit): _pair(share) for limit, share in found.within.items()},
        "left": _pair(found.left),
        "turned_away": _pair(found.turned_away),
    }


def _hour(found: Study, hour: int, needed: Sequence[Hour]) -> dict[str, Any]:
    slots = sum(run.using.slots[each] for run in found.runs for each in range(hour, 168, 24))
    people = sum(run.using.people[each] for run in found.runs for each in range(hour, 168, 24))
    seconds = sum(run.until for run in found.runs) / 24
    use = over_runs(share for run in found.runs if (share := run.using.share_at(hour)) is not None)
    told = {
        "hour": hour,
        **_told(waits(found.runs, found.span, at_hour(hour)), found),
        "supporters": people / seconds,
        "in_use": _pair(use),
        "steady_mean_wait": _steady(found.scenario.demand, hour, round(slots / seconds)),
    }
    if needed:
        there = needed[hour]
        told |= {"needed": there.supporters, "reached": _pair(there.reached)}
    return told


def _steady(demand: Demand, hour: int, places: int) -> float | None:
    """The mean wait by formula, in seconds; None where it would not end, or nobody is there."""
    rate = sum(demand.rates[hour::24]) / 7
    if not places:
        return None
    weights = sum(demand.tiers.values())
    talk = sum(demand.talk_of(tier).mean * share for tier, share in demand.tiers.items()) / weights
    talk += demand.wrap_up.mean + demand.accept.mean
    patience = sum(demand.patience_of(tier).mean * share for tier, share in demand.tiers.items()) / weights
    if patience < math.inf:
        return formulas.erlang_a(rate, talk, places, patience).mean_wait + demand.accept.mean
    expected = formulas.mean_wait(rate, talk, places) + demand.accept.mean
    return expected if expected < math.inf else None


def _by_tier(told: dict[str, Any]) -> str:
    heads = ["who", "a day", "mean", "p50", "p95", "longest", "<1 min", "<2 min", "<5 min", "left", "closed"]
    rows = [
        [
            name, f"{each['came_a_day']:.1f}", _time(each["mean"]), _time(each["p50"]), _time(each["p95"]),
            _clock(each["longest"]), *(_percent(each["within"].get(str(limit))) for limit in WITHIN_SECONDS),
            _percent(each["left"]), _percent(each["turned_away"]),
        ]
        for name, each in told["waits"].items()
        if each["came_a_day"] > 0
    ]  # fmt: skip
    return _columns([heads, *rows])


def _by_hour(told: dict[str, Any]) -> str:
    heads = ["hour", "come", "there", "in use", "mean", "p95", "<2 min", "left", "steady"]
    heads += ["needed", "then in time"] if told["target"] else []
    rows = []
    for each in told["hours"]:
        if each["came_a_day"] or each["supporters"]:
            steady = _NOTHING if each["steady_mean_wait"] is None else _clock(each["steady_mean_wait"])
            row = [
                f"{each['hour']:02}:00", f"{each['came_a_day']:.1f}", f"{each['supporters']:.1f}",
                _percent(each["in_use"]), _time(each["mean"]), _time(each["p95"]), _percent(each["within"].get("120")),
                _percent(each["left"]), steady,
            ]  # fmt: skip
            rows.append(row + (_needed(each) if told["target"] else []))
    return _columns([heads, *rows])


def _needed(hour: dict[str, Any]) -> list[str]:
    return ["!" if hour["needed"] is None else str(hour["needed"]), _percent(hour["reached"])]


def _columns(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def _pair(estimate: Estimate | None) -> dict[str, float | None] | None:
    return None if estimate is None else {"mean": estimate.mean, "half": estimate.half}


def _time(pair: dict[str, float | None] | None) -> str:
    return _with_half(pair, _clock)


def _percent(pair: dict[str, float | None] | None) -> str:
    return _with_half(pair, lambda share: f"{share * 100:.1f}%" if share < 0.995 else f"{share * 100:.0f}%")


def _with_half(pair: dict[str, float | None] | None, shown: Any) -> str:
    if pair is None:
        return _NOTHING
    half = "" if pair["half"] is None else f" ±{shown(pair['half'])}"
    return f"{shown(pair['mean'])}{half}"


def _clock(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}"
