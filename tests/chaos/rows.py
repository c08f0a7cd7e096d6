"""The ledger's summary as rows, in the shape that `var/chaos.json` has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.chaos import ledger
from tests.chaos.faults import FAULTS
from tests.chaos.ledger import Finding
from tests.chaos.marks import Mark
from tests.chaos.run import CHECKS, Outcome
from tests.chaos.talks import Talk


def findings(outcome: Outcome) -> dict[str, list[Finding]]:
    """What must not be, by the name of the check."""
    return {name: check(outcome.history) for name, check in CHECKS.items()}


def rows(outcomes: Sequence[Outcome], command: str) -> list[dict[str, Any]]:
    """One row a check over all runs (`n`: messages said), then what puts them in proportion."""
    said = sum(len(each.history.said) for each in outcomes)
    found = [findings(each) for each in outcomes]

    def row(name: str, value: float, unit: str, aim: float | None = None) -> dict[str, Any]:
        holds = None if aim is None else value <= aim
        shown = {"name": name, "value": value, "unit": unit, "aim": aim, "holds": holds, "n": said}
        return {**shown, "command": command}

    aim = None if any(map(may_lose, outcomes)) else 0
    checked = [row(name, sum(len(each[name]) for each in found), "", aim) for name in CHECKS]
    unfinished = sum(len(each.unfinished) for each in outcomes)
    return [
        *checked,
        row("talks that did not come to their end", unfinished, "", aim),
        row("processes that ended by themselves", sum(len(each.unexpected) for each in outcomes), "", 0),
        row("repeats on platforms, marked", sum(ledger.repeats_marked(each.history) for each in outcomes), ""),
        row("messages said", said, ""),
        row("refused and told", sum(len(each.history.refused) for each in outcomes), ""),
        row("crisis sentences", sum(len(each.history.crises) for each in outcomes), ""),
        row("times taken by a supporter", sum(map(_taken, outcomes)), ""),
        row("times back in the queue", sum(map(_requeued, outcomes)), ""),
        *(row(*each) for each in _restarts(outcomes)),
        row("faults", sum(len(each.diary.faults) for each in outcomes), ""),
        row("runs", len(outcomes), ""),
        row("minutes", round(sum(each.seconds for each in outcomes) / 60, 1), "min"),
    ]


def may_lose(outcome: Outcome) -> bool:
    """Whether something happened after which what was acknowledged may be gone: then it is measured, not judged."""
    return any(FAULTS[name].loses_writes for name, _, _ in outcome.diary.faults)


def _restarts(outcomes: Sequence[Outcome]) -> list[tuple[str, float, str]]:
    """What pages saw of rolling restarts; nothing where there was none."""
    told, waits, number = 0, [0.0], 0
    for each in outcomes:
        for since, until in _rolling(each):
            number += 1
            told += sum(since < at < until for at, _ in each.told)
            waits += [seconds for at, seconds in each.waits if since < at + seconds and at < until]
    if not number:
        return []
    return [
        ("rolling restarts", number, ""),
        ("errors shown in rolling restarts", told, ""),
        ("longest wait for an answer in rolling restarts", round(max(waits), 2), "s"),
    ]


def _rolling(outcome: Outcome) -> list[tuple[float, float]]:
    began = outcome.diary.began
    return [(began + at, began + end) for name, at, end in outcome.diary.faults if name == "rolling restart"]


def _taken(outcome: Outcome) -> int:
    return sum(each.action in ("accepted", "transferred", "taken_over") for each in outcome.history.audit)


def _requeued(outcome: Outcome) -> int:
    return sum(each.action == "requeued" for each in outcome.history.audit)


def story(outcome: Outcome) -> str:
    """Where something is wrong: each finding, when its message was begun, and what was broken around then."""
    talks = {talk.number: talk for talk in outcome.talks}
    lines = []
    for name, found in findings(outcome).items():
        for each in found[:20]:
            lines.append(f"  {name}: {each}")
            at = talks[each.mark.talk].said.get(each.mark) if each.mark and each.mark.talk in talks else None
            if each.mark is not None and at is not None:
                lines.append(f"    stands {_places(outcome, each.mark)}")
                lines.append(f"    begun at {at - outcome.diary.began:.1f} s; {_around(outcome, at)}")
    lines += [f"  not at its end: {_standing(outcome, talk)}, in {at}" for talk, at in outcome.unfinished]
    return "\n".join(lines)


def _places(outcome: Outcome, mark: Mark) -> str:
    """Everywhere that a message stands, which tells where it was lost."""
    history = outcome.history
    views = [("the seeker's chat", view) for view in history.chats.values()]
    views += [("the store's feed", view) for view in history.feeds.values()]
    views += [(f"{view.reader}'s desk", view) for each in history.desks.values() for view in each]
    found = [place for place, view in views if mark in view.marks(mark.by)]
    talk = next(each for each in outcome.talks if each.number == mark.talk)
    found += [f"was seen {where}" for where, marks in talk.seen().items() if mark in marks]
    return ", ".join([*found, *(["what the bot was asked"] if mark in history.heard else [])]) or "nowhere"


def _standing(outcome: Outcome, talk: Talk) -> str:
    away = sorted(talk.said.keys() - talk.refused - talk.at_desks - talk.heard - talk.in_chat)
    held = ", ".join(sorted(talk.held_at)) or "nobody"
    left = f"left to say {talk.seeker_left} and {talk.supporter_left}, closes: {talk.closes}"
    feed = outcome.history.feeds.get(talk.number)
    last = feed.lines[-1].conversation if feed and feed.lines else ""
    stands = f"its conversation {last} is {outcome.history.phases.get(last, 'unknown')}"
    missing = ", ".join(map(str, away)) or "nothing"
    return f"talk {talk.number}, open at {held}, {left}, {stands}, not arrived: {missing}"


def _around(outcome: Outcome, at: float) -> str:
    since = at - outcome.diary.began
    near = [f"{name} {begun:.1f} to {ended:.1f}" for name, begun, ended in outcome.diary.faults
            if begun - 20 < since < ended + 20]  # fmt: skip
    return ", ".join(near) or "nothing was broken"
