"""Whether the keys open what rests."""

from __future__ import annotations

from handoff.findings import Finding, State
from handoff.rotation import require_keys
from handoff.sealing import SealBroken, key_bytes, key_name
from handoff.settings import Settings


async def keys(settings: Settings) -> list[Finding]:
    """One finding; a store that is down has its own."""
    names = [key_name(key_bytes(each)) for each in settings.fernet_keys()]
    try:
        await require_keys(settings)
    except SealBroken as broken:
        said, _, cure = str(broken).partition(". ")
        return [Finding("Keys", State.BROKEN, f"{said}.", cure)]
    if len(names) > 1:
        more = f"{names[0]} seals, {' and '.join(names[1:])} only open."
        return [Finding("Keys", State.WORTH_KNOWING, more, "`warmline keys status` tells when the older may go.")]
    return [Finding("Keys", State.FINE, f"{names[0]} seals")]
