"""How Redis fails, in our words: what is down, what is too new, and what is our own mistake."""

from __future__ import annotations

import re

from redis.exceptions import AskError, MovedError, ResponseError
from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import TimeoutError as TookTooLong

from handoff.ports import NotCopied, StoreDown

LOST = (ConnectionLost, TookTooLong, OSError)
"""A connection that is no use any more, `asyncio.timeout` included."""

UNSENT = (*LOST, RuntimeError)
"""What sending raises as well: uvloop's word where the connection was closed a moment ago, and nobody was told yet."""

_CODE = re.compile(r"[A-Z]{4,} ")


class NewerFormat(StoreDown):
    """The store was written by a newer Warmline. Update this one, or give it a line or a Redis of its own."""


def down(why: str) -> StoreDown:
    return StoreDown(f"Redis {why}")


def not_copied(have: int, wanted: int) -> NotCopied:
    return NotCopied(f"Redis has it, but only {have} of {wanted} replicas have it too; send it again")


def lost(error: Exception) -> StoreDown:
    """Why a connection is of no use any more."""
    return down(f"cannot be reached: {str(error) or 'no answer in time'}")


def refused(error: ResponseError) -> Exception:
    """`StoreDown` for whatever passes by itself or by mending Redis; a script's own fault stays what it is."""
    if type(error) is ResponseError and not _CODE.match(str(error)):
        return error
    if isinstance(error, AskError) and not isinstance(error, MovedError):
        return down("is moving the line to another node, key by key; wait until that is done")
    return down(f"refused: {type(error).__name__}: {error}")
