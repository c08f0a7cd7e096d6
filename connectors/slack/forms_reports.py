"""What was filled into the modals of reports and blocks, read and checked. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from connectors.slack.forms import Faults, Filled, chosen_of, fault_at, many_of, where_of
from connectors.slack.modals_reports import NOTE_LIMIT
from connectors.slack.names import Block, Where
from connectors.slack.words import Words
from handoff.core.outcomes import BLOCK_SECONDS, REPORT_REASONS


@dataclass(frozen=True, slots=True)
class ReportForm:
    where: Where
    reason: str
    note: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BlockForm:
    where: Where
    reason: str
    seconds: int


@dataclass(frozen=True, slots=True)
class ReportedForm:
    """What a lead does with a report: words of their own, or none; and whether it is dealt with."""

    report: int
    note: str = field(repr=False)
    done: bool


def read_report(view: Filled, words: Words) -> ReportForm | Faults:
    reason, note = chosen_of(view, Block.REASON), chosen_of(view, Block.NOTE)
    if reason not in REPORT_REASONS:
        return fault_at(words, Block.REASON, "choose")
    if len(note) > NOTE_LIMIT:
        return fault_at(words, Block.NOTE, "too_long", count=NOTE_LIMIT)
    return ReportForm(where_of(view), reason, note)


def read_block(view: Filled, words: Words) -> BlockForm | Faults:
    reason, seconds = chosen_of(view, Block.REASON), chosen_of(view, Block.TIME)
    if reason not in REPORT_REASONS:
        return fault_at(words, Block.REASON, "choose")
    if not seconds.isdecimal() or int(seconds) not in BLOCK_SECONDS:
        return fault_at(words, Block.TIME, "choose")
    return BlockForm(where_of(view), reason, int(seconds))


def read_reported(view: Filled) -> ReportedForm:
    """Never a fault."""
    number = where_of(view).conversation
    return ReportedForm(int(number), chosen_of(view, Block.NOTE), bool(many_of(view, Block.DONE)))
