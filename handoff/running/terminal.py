"""What a person sees in the terminal: one line a step, and the time of a long one as it passes."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable
from contextlib import suppress
from typing import TextIO, TypeVar

_T = TypeVar("_T")
_EVERY_SECONDS_IN_A_FILE = 15
_EVERY_SECONDS_IN_A_TERMINAL = 1


class Terminal:
    """Prints steps; in a terminal a running step's time counts up in place, in a file it is told now and then."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._live = self._out.isatty()
        self._open_line = False

    def say(self, words: str = "") -> None:
        """Print a line of its own."""
        if self._open_line:
            self._out.write("\r\033[K")
            self._open_line = False
        print(words, file=self._out, flush=True)

    async def step(self, words: str, work: Awaitable[_T]) -> _T:
        """Do the work while its name and the seconds it has taken are shown."""
        began = time.monotonic()
        if not self._live:
            self.say(f"  {words} ...")
        clock = asyncio.create_task(self._count(words, began))
        try:
            result = await work
        finally:
            clock.cancel()
            with suppress(asyncio.CancelledError):
                await clock
        self.say(f"  {words}: done in {time.monotonic() - began:.1f} s")
        return result

    async def _count(self, words: str, began: float) -> None:
        while True:
            if self._live:
                print(f"\r\033[K  {words} ... {time.monotonic() - began:.0f} s", end="", file=self._out, flush=True)
                self._open_line = True
                await asyncio.sleep(_EVERY_SECONDS_IN_A_TERMINAL)
            else:
                await asyncio.sleep(_EVERY_SECONDS_IN_A_FILE)
                self.say(f"  {words} ... {time.monotonic() - began:.0f} s")
