"""The safeguarding record on a lead's desk: read, and added to with a lead's own words."""

from __future__ import annotations

from connectors.console.bye import Line
from connectors.console.frames import ConcernNote, Concerns
from connectors.console.options import SafeguardingRecord
from connectors.console.views import concern
from handoff.core.supporter import Supporter
from handoff.ports import RecordsDown


async def answer(
    frame: Concerns | ConcernNote, supporter: Supporter, record: SafeguardingRecord, line: Line, now: float
) -> None:
    """Do what the frame asks; `now` in seconds since the epoch."""
    try:
        if isinstance(frame, ConcernNote):
            if not await record.add_note(frame.concern, frame.text.strip(), by=supporter.id, at=now):
                await line.refuse(frame.id, "concern_gone")
                return
            await line.send({"type": "ok", "id": frame.id})
        else:
            items = [concern(each) for each in await record.latest()]
            await line.send({"type": "safeguarding", "id": frame.id, "items": items})
    except RecordsDown:
        await line.refuse(frame.id, "records_down")
