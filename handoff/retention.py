"""How long things are kept: what expiry alone does not remove, a sweep does. Every term is a setting of the line."""

from __future__ import annotations

from contextlib import suppress

from handoff.core.policy import Policy
from handoff.ports import RecordsDown, Store, StoreDown
from handoff.records import SqlRecords
from handoff.sealing import SealBroken
from handoff.shelf.sql import SqlShelf


async def sweep_once(store: Store, shelf: SqlShelf, records: SqlRecords, policy: Policy, now: float) -> None:
    """Remove what has outlived its term at `now` (seconds since the epoch). What is down now, or can't be opened for
    want of a key, is swept another time.
    """
    before = now - policy.retention_seconds
    with suppress(RecordsDown):
        await shelf.sweep(now)
    with suppress(RecordsDown):
        await records.expire(before, now)
        await records.expire_audit(now - policy.audit_seconds)
    with suppress(StoreDown, SealBroken):
        await store.expire_letters(before)
        for alert in await store.alerts():
            if alert.at < before:
                await store.acknowledge(alert.kind, alert.conversation)
