"""A safety plan: five headings, each in the person's own words, for the person alone."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from handoff.core.wording import Wording


class Heading(StrEnum):
    """Our own headings, in the order in which they are asked."""

    SIGNS = "signs"
    HELPS = "helps"
    PEOPLE = "people"
    LINES = "lines"
    PLACE = "place"


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyPlan:
    """What was answered, by heading. `asks`: the heading that is being asked now; `alone`: only that one is changed."""

    answers: dict[Heading, str] = field(default_factory=dict, repr=False)
    asks: Heading | None = None
    alone: bool = False
    asked_at: float = 0.0
    messages: dict[str, Heading] = field(default_factory=dict, repr=False)
    """Which message of the seeker's (by its `refers`) answered which heading, so that a correction reaches the plan."""

    @property
    def written(self) -> tuple[Heading, ...]:
        """The headings that have an answer, in our order."""
        return tuple(each for each in Heading if self.answers.get(each))

    def answered(self, heading: Heading, text: str, refers: str) -> SafetyPlan:
        """With this answer; the words that it replaces are gone."""
        earlier = {message: about for message, about in self.messages.items() if about is not heading}
        messages = {**earlier, refers: heading} if refers else earlier
        return replace(self, answers={**self.answers, heading: text}, messages=messages)


NO_PLAN = SafetyPlan()


def readable(plan: SafetyPlan, wording: Wording, language: str) -> str:
    """As text: each heading with its answer; empty where there is none."""
    return "\n\n".join(f"{wording.say(f'button_plan_{each}', language)}\n{plan.answers[each]}" for each in plan.written)


def after(heading: Heading) -> Heading | None:
    """The heading that is asked next; None after the last."""
    order = tuple(Heading)
    following = order[order.index(heading) + 1 :]
    return following[0] if following else None
