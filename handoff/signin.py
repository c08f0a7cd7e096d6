"""Signing in to the console: a single-use link, then a session. Only hashes of tokens are kept."""

from __future__ import annotations

import hashlib
import secrets

from handoff.core.supporter import Supporter
from handoff.ports import SignIn, Store

LINK_SECONDS = 900
SESSION_SECONDS = 12 * 3600
_TOKEN_BYTES = 32


def digest(token: str) -> str:
    """What is kept of a token. Tokens carry 256 random bits, so a plain hash suffices."""
    return hashlib.sha256(token.encode()).hexdigest()


async def make_link(store: Store, supporter: str, now: float, seconds: int = LINK_SECONDS) -> str:
    """A token that signs this supporter in once, within `seconds`."""
    return await _keep(store, supporter, now, seconds, once=True)


async def redeem(store: Store, token: str, now: float) -> str | None:
    """Use a link up for a session token; None when it was used, has expired or never was."""
    found = await store.take_sign_in(digest(token))
    if found is None or found.expires <= now or await store.supporter(found.supporter) is None:
        return None
    return await _keep(store, found.supporter, now, SESSION_SECONDS, once=False)


async def who(store: Store, session: str, now: float) -> Supporter | None:
    """Whose session this is; None when it ended or the supporter was removed."""
    found = await store.session(digest(session))
    if found is None or found.expires <= now:
        return None
    supporter = await store.supporter(found.supporter)
    return None if supporter is None or supporter.removed else supporter


async def sign_out(store: Store, session: str) -> None:
    """End one session."""
    await store.end_sessions(digest=digest(session))


async def _keep(store: Store, supporter: str, now: float, seconds: int, *, once: bool) -> str:
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    await store.keep_sign_in(digest(token), SignIn(supporter, now + seconds), once=once, now=now)
    return token
