"""Reports and blocks on a lead's desk. What was written in a report is shown once it is opened, which is on record."""

from __future__ import annotations

from connectors.console import views
from connectors.console.bye import Line
from connectors.console.frames import ReportClose, ReportNote, ReportOpen, Reports
from connectors.console.options import ConsoleOptions
from handoff.core.supporter import Supporter
from handoff.ports import RecordsDown

ReportFrame = Reports | ReportOpen | ReportNote | ReportClose


async def answer(frame: ReportFrame, supporter: Supporter, options: ConsoleOptions, line: Line, now: float) -> None:
    """Do what the frame asks; `now` in seconds since the epoch."""
    try:
        if isinstance(frame, Reports):
            items = [views.report(each) for each in await options.reports.listed(supporter.id)]
            blocks = [views.block(each) for each in await options.blocks.running(now)]
            await line.send({"type": "reports", "id": frame.id, "items": items, "blocks": blocks})
        elif isinstance(frame, ReportOpen):
            await _open(frame, supporter, options, line, now)
        elif await _changed(frame, supporter, options, now):
            await line.send({"type": "ok", "id": frame.id})
        else:
            await line.refuse(frame.id, "report_gone")
    except RecordsDown:
        await line.refuse(frame.id, "records_down")


async def _open(frame: ReportOpen, supporter: Supporter, options: ConsoleOptions, line: Line, now: float) -> None:
    found = await options.reports.opened(frame.report, supporter.id, now)
    if found is None:
        await line.refuse(frame.id, "report_gone")
    else:
        await line.send({"type": "report", "id": frame.id, "item": views.report(found)})


async def _changed(frame: ReportNote | ReportClose, supporter: Supporter, options: ConsoleOptions, now: float) -> bool:
    if isinstance(frame, ReportNote):
        return await options.reports.add_note(frame.report, frame.text.strip(), by=supporter.id, at=now)
    return await options.reports.close(frame.report, by=supporter.id, at=now)
