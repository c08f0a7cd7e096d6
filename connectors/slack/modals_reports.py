"""The modals of reports and blocks: end and report, block for a time, read a report. Pure."""

from __future__ import annotations

from typing import Any

from connectors.slack import modals_bricks as m
from connectors.slack import text as t
from connectors.slack.names import Block, Modal, Where
from connectors.slack.text import Json, View
from connectors.slack.words import Words
from handoff.core.outcomes import BLOCK_SECONDS, REPORT_REASONS

NOTE_LIMIT = 2000


def report_modal(words: Words, where: Where, *, pseudonym: str, crisis: bool) -> View:
    """What was it? `crisis`: then nothing is ended, and a lead is called."""
    said = words.say("report", "words_crisis" if crisis else "words", who=t.short(pseudonym))
    note = m.field(Block.NOTE, words.say("report", "note"), m.lines(most=NOTE_LIMIT), optional=True)
    go = "go_crisis" if crisis else "go"
    return m.modal(words, Modal.REPORT, where, [t.section(said), _reason(words), note], go=go)


def block_modal(words: Words, where: Where, *, pseudonym: str) -> View:
    """For how long, and why?"""
    said = words.say("block", "words", who=t.short(pseudonym))
    options = [t.option(words.say("block", f"time_{each}"), str(each)) for each in BLOCK_SECONDS]
    time = m.field(Block.TIME, words.say("block", "time"), m.choice(options, words.say("block", "choose")))
    return m.modal(words, Modal.BLOCK, where, [t.section(said), _reason(words), time])


def reported_modal(words: Words, report: Any) -> View:
    """One report (`handoff.reports.Report`), opened: its words, leads' notes, and a place for one's own."""
    written = report.words or words.say("reported", "no_words")
    blocks = [t.section(report_line(words, report)), t.section(t.clean(written))]
    if report.note:
        blocks.append(t.small(t.clean(report.note)))
    note = m.field(Block.NOTE, words.say("reported", "note"), m.lines(most=NOTE_LIMIT), optional=True)
    done = m.choices([t.option(words.say("reported", "done"), "done")], words.say("reported", "open"))
    blocks += [note, m.field(Block.DONE, words.say("reported", "state"), done, optional=True)]
    return m.modal(words, Modal.REPORTED, Where(str(report.id), "", ""), blocks)


def report_line(words: Words, report: Any) -> str:
    """Who reported, and why; never what was written."""
    if report.about == "seeker":
        return words.say("reported", "of_person", by=report.by, reason=words.say("report_reason", report.reason))
    reason = words.say("supporter_reason", report.reason)
    return words.say("reported", "of_supporter", name=report.supporter or words.say("reported", "line"), reason=reason)


def _reason(words: Words) -> Json:
    options = [t.option(words.say("report_reason", code), code) for code in REPORT_REASONS]
    return m.field(Block.REASON, words.say("report", "reason"), m.choice(options, words.say("report", "choose")))
