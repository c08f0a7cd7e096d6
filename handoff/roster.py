"""Supporters on the command line and in the service: adding, listing, removing, and their sign-in links."""

from __future__ import annotations

import re
import secrets

from handoff.core.events import SupporterRemoved, SupporterSaved
from handoff.core.supporter import Supporter
from handoff.ports import Front, Store
from handoff.signin import make_link

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


class RosterError(Exception):
    """A supporter can't be added or removed as asked. The message says what to do."""


def supporter_id(name: str) -> str:
    """An id from a first name, such as `sam`: lower-case letters, digits and dashes. Raises `RosterError`."""
    made = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:32]
    if not _ID.fullmatch(made):
        raise RosterError("Give an id of lower-case letters, digits and dashes, for example --id sam.")
    return made


async def save(front: Front, profile: Supporter) -> None:
    """Add a supporter, or change their profile; presence and conversations stay. Raises `RosterError`, `StoreDown`."""
    if not _ID.fullmatch(profile.id):
        raise RosterError("Give an id of lower-case letters, digits and dashes, for example sam.")
    reply = await front.handle(
        SupporterSaved(id=f"roster:{secrets.token_hex(8)}", supporter=profile.id, profile=profile)
    )
    if reply.refused:
        raise RosterError(reply.refused.next)


async def remove(front: Front, store: Store, supporter: str) -> None:
    """End a supporter's access at once; what they hold goes back to the queue. Raises `RosterError`, `StoreDown`."""
    if await store.supporter(supporter) is None:
        raise RosterError(f"There is no supporter {supporter}. `warmline supporters list` shows them.")
    await front.handle(SupporterRemoved(id=f"roster:{secrets.token_hex(8)}", supporter=supporter))
    await store.end_sessions(supporter=supporter)


async def sign_in_link(store: Store, supporter: str, base_url: str, now: float) -> str:
    """A single-use address that signs this supporter in. Raises `RosterError`, `StoreDown`."""
    found = await store.supporter(supporter)
    if found is None or found.removed:
        raise RosterError(f"There is no supporter {supporter}. Add one: warmline supporters add --name Sam")
    return f"{base_url}/console/sign-in/{await make_link(store, supporter, now)}"
