"""One owner at every moment, and never more than a supporter can hold: read from the audit. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tests.chaos.history import Audited, History
from tests.chaos.ledger import Finding

_BEGIN = frozenset({"accepted", "taken_over"})
_END = frozenset({"requeued", "closed"})


@dataclass(slots=True)
class _Hands:
    """Who holds what, while the audit is read from its beginning."""

    capacity: dict[str, int]
    holder: dict[str, str] = field(default_factory=dict)
    holding: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    two: list[Finding] = field(default_factory=list)
    many: list[Finding] = field(default_factory=list)

    def read(self, row: Audited) -> None:
        if row.action in _END or row.action in {"transferred", "taken_over"}:
            self._put_down(row.conversation)
        if row.action in _BEGIN:
            self._take(row.conversation, row.actor, may_be_full=row.action == "taken_over")
        elif row.action == "transferred":
            self._take(row.conversation, str(row.detail["to"]))

    def _put_down(self, conversation: str) -> None:
        before = self.holder.pop(conversation, None)
        if before is not None:
            self.holding[before].discard(conversation)

    def _take(self, conversation: str, supporter: str, *, may_be_full: bool = False) -> None:
        held_by = self.holder.get(conversation)
        if held_by is not None:
            self.two.append(Finding(f"{conversation} taken by {supporter} while {held_by} held it"))
            self._put_down(conversation)
        self.holder[conversation] = supporter
        self.holding[supporter].add(conversation)
        if len(self.holding[supporter]) > self.capacity.get(supporter, 0) and not may_be_full:
            self.many.append(Finding(f"{supporter} held {len(self.holding[supporter])}"))


def _read(history: History) -> _Hands:
    hands = _Hands(history.capacity)
    for row in history.audit:
        hands.read(row)
    return hands


def two_owners(history: History) -> list[Finding]:
    """Taken while somebody else held it, or held at the end by another than the audit says."""
    hands = _read(history)
    other = [
        Finding(f"{each} is held by {history.holders.get(each)}, by the audit {hands.holder.get(each)}")
        for each in sorted(history.holders.keys() | hands.holder.keys())
        if history.holders.get(each) != hands.holder.get(each)
    ]
    return hands.two + other


def spoken_by_two(history: History) -> list[Finding]:
    """Lines of two supporters in one stretch of a conversation that nothing parted: what seekers saw."""
    taken: dict[str, int] = defaultdict(int)
    for row in history.audit:
        taken[row.conversation] += row.action in _BEGIN or row.action == "transferred"
    found = []
    for conversation, views in history.desks.items():
        readers = {view.reader for view in views if view.lines}
        if len(readers) > taken[conversation]:
            found.append(
                Finding(f"{conversation} was open at {len(readers)} desks and taken {taken[conversation]} times")
            )
    return found


def over_capacity(history: History) -> list[Finding]:
    """More conversations than fit, by the audit or by what a desk showed."""
    shown: Iterable[Finding] = (
        Finding(f"{supporter}'s desk showed {most}")
        for supporter, most in sorted(history.crowded.items())
        if most > history.capacity.get(supporter, 0)
    )
    return [*_read(history).many, *shown]


CHECKS: dict[str, Callable[[History], list[Finding]]] = {
    "conversations with two owners, or none": two_owners,
    "open at two desks at once": spoken_by_two,
    "supporters over capacity": over_capacity,
}
