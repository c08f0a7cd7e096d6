"""Newcomers: how many strangers of one address are greeted, so that opening pages by the thousand keeps nothing.

Whoever is not greeted is served all the same: their first words are read and kept like anybody's, so that a school, a
hostel or a flood behind one address keeps nobody from the help that words call for.
"""

from __future__ import annotations

from starlette.requests import HTTPConnection

from connectors.attachments import Turns, public_address

MOST, SECONDS = 60, 60.0


class Newcomers:
    """60 strangers of one public address are greeted in any minute."""

    def __init__(self) -> None:
        self._turns = Turns(MOST, SECONDS)

    def greets(self, asked: HTTPConnection, now: float) -> bool:
        """Count one stranger."""
        host = public_address(asked)
        return host is None or self._turns.take(host, now)
