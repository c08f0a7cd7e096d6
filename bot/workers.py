"""Several processes that answer for one bot: how many, by Rasa's own variable SANIC_WORKERS, one for each spare core.

The service sends the turns of one conversation in order, and waits for each. It asks for one again when the call broke,
which may come to another process while the first still computes. That first turn is given up at its next wait, as its
caller has gone, and ends without an answer; what it has done by then it did with the same words as the repeat. There is
no lock between the processes, as one that outlived a killed process would hold the repeat up. Rasa allows several only
where a lock is named in endpoints.yml, which is this one's second use.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import Any

from rasa.core.lock_store import InMemoryLockStore

_ON_PARENTS_DEATH = 1
"""Linux's PR_SET_PDEATHSIG."""


class TurnLock(InMemoryLockStore):
    """Named in endpoints.yml as `bot.workers.TurnLock`. Holds a turn back that overtakes another in one process."""

    def __init__(self, **_: Any) -> None:
        super().__init__()


def end_with_the_first() -> None:
    """For one of several workers: were the first process killed, it would keep the port, and none could begin anew."""
    if sys.platform == "linux" and int(os.environ.get("SANIC_WORKERS") or 1) > 1:
        ctypes.CDLL(None).prctl(_ON_PARENTS_DEATH, signal.SIGKILL)
