"""Draws the transition table as a Mermaid state diagram, for `docs/architecture.md`. A test holds the two together."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from handoff.core.conversation import Phase
from handoff.core.transitions import TABLE

BEGIN = "<!-- diagram: begin (made by `warmline diagram`) -->"
END = "<!-- diagram: end -->"


def mermaid() -> str:
    """The diagram: one arrow a pair of phases, labelled with the events that may lead from one to the other."""
    arrows: dict[tuple[Phase, Phase], list[str]] = defaultdict(list)
    for phase, row in TABLE.items():
        for event, cell in row.items():
            for target in sorted(cell.to - {phase}):
                arrows[phase, target].append(event.__name__)
    lines = [f"    {start} --> {end}: {_label(events)}" for (start, end), events in arrows.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", f"    [*] --> {Phase.NEW}", *lines, "```"])


def table() -> str:
    """The table: one row an event, one column a phase, where each cell may lead; a dot where it only stays."""
    phases = list(Phase)
    events = list(TABLE[Phase.NEW])
    head = ["| event | " + " | ".join(phases) + " |", "|---" * (len(phases) + 1) + "|"]
    rows = ["| " + " | ".join([each.__name__, *(_cell(phase, each) for phase in phases)]) + " |" for each in events]
    return "\n".join(head + rows)


def redraw(page: Path) -> bool:
    """Put the diagram and the table into a page between its marks; True when that changed something."""
    text = page.read_text()
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    drawn = f"{before}{BEGIN}\n\n{mermaid()}\n\n{table()}\n\n{END}{after}"
    if drawn != text:
        page.write_text(drawn)
    return drawn != text


def _label(events: list[str]) -> str:
    return ", ".join(events)


def _cell(phase: Phase, event: type) -> str:
    cell = TABLE[phase][event]
    refuses = cell.move.__name__.startswith(("refused", "too_late"))
    return "refused" if refuses else ", ".join(sorted(cell.to - {phase})) or "·"
