"""What is kept of a block beside the conversation, so that it outlasts retention and erasure: a pseudonym and its end.

The store keeps it under a keyed hash of the pseudonym, keeps it when the person is erased, and lets it expire.
"""

from __future__ import annotations

from handoff.ports import Store


async def keep_bar(store: Store, pseudonym: str, until: float, now: float) -> None:
    """Keep or lift a block under every name of this person; `until` and `now` are seconds since the epoch."""
    for each in (await store.family(pseudonym)).pseudonyms:
        if until > now:
            await store.keep(_name(each), {"until": until}, seconds=until - now)
        else:
            await store.drop(_name(each))


async def barred_until(store: Store, pseudonym: str) -> float:
    """Until when somebody is blocked of whom nothing else is kept; 0 when they are not."""
    kept = await store.kept(_name(pseudonym))
    return float(kept["until"]) if kept else 0.0


def _name(pseudonym: str) -> str:
    return f"bar:{pseudonym}"
