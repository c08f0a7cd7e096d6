"""What is wrong with a scenario file: one finished sentence per field, with what to give instead."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

OTHERS = "others"
MOST_SUPPORTERS = 500
_WANTED = {
    "by_hour": "24 numbers from 0 to 100000, people in the hour from 00:00, from 01:00 and so on",
    "by_day": "a factor of 0 or more for each day that differs, such as sat: 1.3",
    "tiers": "the share of each tier, such as T0: 0.6, with at least one above 0",
    "constant": "one number from 0.001 to 100000",
    "exponential": "a mean from 0.001 to 100000",
    "lognormal": "a median above 0 and a p95 above it, such as {median: 30, p95: 75}",
    "values": "a list of numbers from 0.001 to 100000, such as [12, 30, 41]",
    "days": "days such as mon-fri, sat-sun or wed",
    "from": 'a time of day as "HH:MM", in quotes',
    "to": 'a time of day as "HH:MM", in quotes; before `from` it is the next day\'s',
    "supporters": f"a whole number from 1 to {MOST_SUPPORTERS}",
    "training": "basic, crisis or senior",
    "capacity": "a whole number from 1 to 20",
    "lead": "yes or no",
    "shifts": "a list of shifts, each beginning with '-'",
    "policy": "settings of the queue without WARMLINE_, such as head_start_concern_seconds: 600",
    "name": "a name of 80 characters at most",
}
_DURATION_WANTED = "one of constant, exponential, lognormal or values"


class ScenarioError(Exception):
    """A scenario that cannot be used. `lines` holds one finished sentence per wrong field."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def sentences(file: Path, wrong: ValidationError) -> list[str]:
    """One for each field; a list that is empty only because nothing in it was usable is not named as well."""
    errors: list[Any] = [*wrong.errors()]
    inner = {each["loc"][:length] for each in errors for length in range(len(each["loc"]))}
    named = [each for each in errors if not (each["type"] == "too_short" and each["loc"] in inner)]
    return list(dict.fromkeys(_sentence(file, each) for each in named))


def _sentence(file: Path, wrong: Any) -> str:
    """`line.yml, shifts.2.training: 'expert' is not usable (there is no such training). Give basic, ...`"""
    where, kind = [str(each) for each in wrong["loc"]], wrong["type"]
    if not where:
        return f"{file}: {_problem(wrong)}."
    path = ".".join(str(int(each) + 1) if each.isdigit() else each for each in where)
    if kind == "missing":
        return f"{file}, {path}: missing. Give {_wanted(where)}."
    if kind == "extra_forbidden":
        return f"{file}, {path}: unknown key. Remove it, or see `warmline simulate --example`."
    shown = f"'{wrong['input']}' is not usable" if isinstance(wrong["input"], str) else "not usable"
    return f"{file}, {path}: {shown} ({_problem(wrong)}). Give {_wanted(where)}."


def _problem(wrong: Any) -> str:
    if wrong["type"] in ("too_short", "too_long"):
        return f"it has {wrong['ctx']['actual_length']} of them"
    own, _, ours = wrong["msg"].partition("Value error, ")
    return ours or f"{own[:1].lower()}{own[1:]}"


def _wanted(where: Sequence[str]) -> str:
    """What the innermost field with words of its own wants."""
    if where[0] == "policy":
        return _WANTED["policy"]
    for each in reversed(where):
        if each in _WANTED:
            return _WANTED[each]
        if each.endswith(("_minutes", "_seconds")):
            return _DURATION_WANTED
    return "what `warmline simulate --example` shows"
