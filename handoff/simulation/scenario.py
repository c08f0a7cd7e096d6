"""Reads a scenario: a YAML file that says who comes, how long talks take, and who is there. `example.yml` explains it.

Every wrong field is one sentence: the file, the field, what is wrong with it and what to give.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from handoff.core.policy import Policy
from handoff.core.risk import Tier
from handoff.core.supporter import Role, Supporter, Training
from handoff.simulation.arriving import Demand
from handoff.simulation.durations import NEVER, Always, Duration, Exponential, Lognormal, Measured
from handoff.simulation.scenario_errors import MOST_SUPPORTERS, OTHERS, ScenarioError, sentences
from handoff.simulation.staffing import DAY, DAYS, HOUR, WEEK, Person, joined
from handoff.wording.reading import WordingError, read

EXAMPLE = Path(__file__).with_name("example.yml")
_MINUTE = 60
_MAY_BE_ZERO = ("head_start_", "crisis_cooldown_")
_TIERS = {f"T{int(tier)}": tier for tier in Tier}
_TRAINING = {each.name.lower(): each for each in Training}


@dataclass(frozen=True, slots=True)
class Scenario:
    """A line on paper; its shifts are people with their times of the week."""

    name: str
    demand: Demand
    people: tuple[Person, ...]
    policy: Policy


_Above = Annotated[float, Field(ge=0.001, le=100_000, allow_inf_nan=False)]
"""A duration: up to 69 days, whatever its unit; what is longer was mistyped, and would never end."""
_Least = Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Lognormal(_Strict):
    median: _Above
    p95: _Above

    @model_validator(mode="after")
    def _spreads(self) -> Self:
        if self.p95 <= self.median:
            raise ValueError("p95 is not above the median")
        return self


class _Duration(_Strict):
    constant: _Above | None = None
    exponential: _Above | None = None
    lognormal: _Lognormal | None = None
    values: tuple[_Above, ...] | None = Field(None, min_length=1)

    @model_validator(mode="after")
    def _just_one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError(f"it holds {len(self.model_fields_set)} distributions instead of one")
        return self

    def of(self, unit: float) -> Duration:
        """In seconds, where the file counts in `unit` seconds."""
        if self.constant is not None:
            return Always(self.constant * unit)
        if self.exponential is not None:
            return Exponential(self.exponential * unit)
        if self.lognormal is not None:
            return Lognormal(self.lognormal.median * unit, self.lognormal.p95 * unit)
        return Measured(tuple(each * unit for each in self.values or ()))


class _Arrivals(_Strict):
    by_hour: tuple[_Least, ...] = Field(min_length=24, max_length=24)
    by_day: dict[str, _Least] = {}

    @field_validator("by_day")
    @classmethod
    def _known_days(cls, given: dict[str, float]) -> dict[str, float]:
        _only(given, DAYS)
        return given

    def rates(self) -> list[float]:
        return [hour * self.by_day.get(day, 1.0) / HOUR for day in DAYS for hour in self.by_hour]


class _Shift(_Strict):
    days: str
    begins: str = Field(alias="from")
    ends: str = Field(alias="to")
    supporters: int = Field(ge=1, le=MOST_SUPPORTERS)
    training: str = "basic"
    capacity: int = Field(default_factory=lambda: Policy().default_capacity, ge=1, le=20)
    lead: bool = False

    @field_validator("days")
    @classmethod
    def _are_days(cls, given: str) -> str:
        first, dash, last = given.partition("-")
        if first not in DAYS or (dash and last not in DAYS):
            raise ValueError("these are no days")
        return given

    @field_validator("begins", "ends")
    @classmethod
    def _is_a_time(cls, given: str) -> str:
        hour, _, minute = given.partition(":")
        if not (len(given) == 5 and (hour + minute).isdigit() and int(minute) < 60 and _seconds(given) <= DAY):
            raise ValueError("this is no time of day")
        return given

    @field_validator("training")
    @classmethod
    def _is_a_training(cls, given: str) -> str:
        if given not in _TRAINING:
            raise ValueError("there is no such training")
        return given

    def people(self, name: str) -> list[Person]:
        return [
            Person(
                Supporter(
                    id=f"{name}.{each + 1:03}", name=name, training=_TRAINING[self.training], capacity=self.capacity,
                    role=Role.LEAD if self.lead else Role.SUPPORTER,
                ),
                joined(self._spans()),
            )
            for each in range(self.supporters)
        ]  # fmt: skip

    def _spans(self) -> list[tuple[float, float]]:
        first, _, last = self.days.partition("-")
        begin, end = DAYS.index(first), DAYS.index(last or first)
        opens, closes = _seconds(self.begins), _seconds(self.ends)
        long = closes - opens if closes > opens else closes - opens + DAY
        days = [(begin + step) % 7 for step in range((end - begin) % 7 + 1)]
        return [(float(day * DAY + opens) % WEEK, float(day * DAY + opens) % WEEK + long) for day in days]


class _File(_Strict):
    name: str = Field("A line", min_length=1, max_length=80)
    arrivals: _Arrivals
    tiers: dict[str, _Least]
    talk_minutes: dict[str, _Duration] = Field(min_length=1)
    wrap_up_minutes: _Duration | None = None
    accept_seconds: _Duration | None = None
    patience_minutes: dict[str, _Duration] = {}
    shifts: tuple[_Shift, ...] = Field(min_length=1)
    policy: dict[str, Annotated[int, Field(ge=0)]] = {}

    @field_validator("tiers")
    @classmethod
    def _some_tier(cls, given: dict[str, float]) -> dict[str, float]:
        _only(given, _TIERS)
        if sum(given.values()) <= 0:
            raise ValueError("no tier has a share")
        return given

    @field_validator("talk_minutes", "patience_minutes")
    @classmethod
    def _known_tiers(cls, given: dict[str, _Duration]) -> dict[str, _Duration]:
        _only(given, (*_TIERS, OTHERS))
        return given

    @field_validator("policy")
    @classmethod
    def _known_settings(cls, given: dict[str, int]) -> dict[str, int]:
        _only(given, [each.name for each in fields(Policy) if each.type == "int"])
        if zero := [name for name, value in given.items() if not value and not name.startswith(_MAY_BE_ZERO)]:
            raise ValueError(f"{', '.join(zero)} must be at least 1")
        return given

    @model_validator(mode="after")
    def _every_tier_talks(self) -> Self:
        silent = [name for name, share in self.tiers.items() if share > 0 and name not in self.talk_minutes]
        if silent and OTHERS not in self.talk_minutes:
            raise ValueError(f"talk_minutes says nothing of {', '.join(silent)}. Add them, or `{OTHERS}`")
        return self

    def scenario(self) -> Scenario:
        demand = Demand(
            rates=self.arrivals.rates(),
            tiers={_TIERS[name]: share for name, share in self.tiers.items() if share > 0},
            talk=_by_tier(self.talk_minutes),
            wrap_up=self.wrap_up_minutes.of(_MINUTE) if self.wrap_up_minutes else Always(0.0),
            accept=self.accept_seconds.of(1.0) if self.accept_seconds else Always(0.0),
            patience={None: NEVER, **_by_tier(self.patience_minutes)},
        )
        people = [each for place, shift in enumerate(self.shifts, 1) for each in shift.people(f"shift {place:02}")]
        return Scenario(self.name, demand, tuple(people), Policy(**self.policy))


def load_scenario(file: Path) -> Scenario:
    """The scenario in `file`. Raises ScenarioError; WordingError where the file is no YAML at all."""
    if not file.is_file():
        raise WordingError(file, "", "there is no such file", "Name one, or begin with `warmline simulate --example`")
    try:
        return _File.model_validate(read(file).fields).scenario()
    except ValidationError as wrong:
        raise ScenarioError(sentences(file, wrong)) from None


def _by_tier(given: dict[str, _Duration]) -> dict[Tier | None, Duration]:
    return {_TIERS.get(name): each.of(_MINUTE) for name, each in given.items()}


def _seconds(time: str) -> int:
    hour, _, minute = time.partition(":")
    return int(hour) * HOUR + int(minute) * _MINUTE


def _only(given: dict[str, Any], known: Sequence[str] | dict[str, Any]) -> None:
    if unknown := [name for name in given if name not in known]:
        raise ValueError(f"{', '.join(unknown)} {'is' if len(unknown) == 1 else 'are'} not known here")
