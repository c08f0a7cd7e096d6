"""Run the chaos suite, print the ledger's summary and write `var/chaos.json`.

make chaos
make chaos ARGS="--seekers 40 --supporters 8 --messages 1000 --seeds 1..5"
make chaos ARGS="--faults 'kill redis,cut network' --minutes 10"
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from models.report import table
from tests.chaos.disks import alone
from tests.chaos.faults import FAULTS, Fault
from tests.chaos.party import Size
from tests.chaos.rows import findings, may_lose, rows, story
from tests.chaos.run import Outcome, run, say

_OUT = Path("var/chaos.json")


def main() -> None:
    """Exits with 1 where the ledger found anything or no run was finished; everything is stopped in any case."""
    asked = _arguments()
    has_disks = alone()
    if not has_disks:
        print("Disks that fill up are left out: mounting one takes root and Linux.", file=sys.stderr)
    faults = _faults(asked.faults, has_disks)
    outcomes: list[Outcome] = []
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # an emulator that hangs up is no news here
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        asyncio.run(_all(asked, faults, outcomes))
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
    if outcomes:
        _report(outcomes, f'make chaos ARGS="{" ".join(sys.argv[1:])}"' if sys.argv[1:] else "make chaos")
    sys.exit(0 if outcomes and all(map(_holds, outcomes)) else 1)


def _holds(outcome: Outcome) -> bool:
    """A run in which nothing was said shows nothing; one that may lose by its nature is measured, not judged."""
    wrong = any(findings(outcome).values()) or outcome.unfinished or outcome.unexpected
    return bool(outcome.history.said) and (may_lose(outcome) or not wrong)


async def _all(asked: argparse.Namespace, faults: list[Fault], outcomes: list[Outcome]) -> None:
    end = time.monotonic() + asked.minutes * 60
    size = Size(
        seekers=asked.seekers, supporters=asked.supporters, messages=asked.messages, settle=asked.settle,
        seconds=asked.seconds, longest=asked.longest, think=asked.think,
    )  # fmt: skip
    for seed in _seeds(asked.seeds):
        if outcomes and time.monotonic() + outcomes[-1].seconds > end:
            say(seed, "no time left for this seed")
            return
        outcomes.append(await _one(seed, size, faults, asked.copies))


async def _one(seed: int, size: Size, faults: list[Fault], copies: int) -> Outcome:
    folder = Path(tempfile.mkdtemp(prefix="warmline-chaos-"))
    outcome = await run(seed, size, faults, folder, copies)
    found = sum(map(len, findings(outcome).values()))
    said = len(outcome.history.said)
    say(seed, f"{said} said, {found} findings, {len(outcome.unfinished)} unfinished, {outcome.seconds:.0f} s")
    if found or outcome.unfinished:
        print(story(outcome), file=sys.stderr)
        shutil.copytree(folder / "line" / "log", folder / "kept-log")  # the disk they are on goes with this process
        say(seed, f"the logs are in {folder}")
    else:
        shutil.rmtree(folder, ignore_errors=True)  # disks mounted below it go with this process
    return outcome


def _report(outcomes: list[Outcome], command: str) -> None:
    """The rows of other commands that are in the file already stay."""
    made = rows(outcomes, command)
    before = json.loads(_OUT.read_text()) if _OUT.exists() else []
    others = [each for each in before if not each["command"].startswith("make chaos")]
    _OUT.parent.mkdir(exist_ok=True)
    _OUT.write_text(json.dumps([*made, *others], indent=1))
    print(table(made))


def _seeds(asked: str) -> range:
    first, _, last = asked.partition("..")
    return range(int(first), int(last or first) + 1)


def _faults(asked: str, has_disks: bool) -> list[Fault]:
    usual = [name for name, each in FAULTS.items() if not each.loses_writes and (has_disks or not each.needs_disks)]
    names = [each.strip() for each in asked.split(",") if each.strip()] if asked else usual
    unknown = set(names) - FAULTS.keys() - {"none"}
    if unknown:
        sys.exit(f"There is no fault {', '.join(sorted(unknown))}. There are: {', '.join(FAULTS)}, none.")
    return [FAULTS[each] for each in names if each != "none"]


def _arguments() -> argparse.Namespace:
    reading = argparse.ArgumentParser(prog="make chaos")
    reading.add_argument("--seekers", type=int, default=200)
    reading.add_argument("--supporters", type=int, default=40)
    reading.add_argument("--messages", type=int, default=10_000, help="a run")
    reading.add_argument("--seeds", default="1", help="one, or several as 1..20")
    reading.add_argument("--faults", default="", help="names with commas, or none; all unless given")
    reading.add_argument("--minutes", type=float, default=60.0, help="no run is begun that would end later")
    reading.add_argument("--seconds", type=float, default=600.0, help="after so long a run begins nothing new")
    reading.add_argument("--settle", type=float, default=180.0, help="seconds for what is on its way after that")
    reading.add_argument("--longest", type=float, default=20.0, help="seconds that something may be frozen or away")
    reading.add_argument("--think", type=float, default=2.0, help="seconds between two lines of one person")
    reading.add_argument("--copies", type=int, default=0, help="replicas that have what is saved; with failover")
    return reading.parse_args()


if __name__ == "__main__":
    main()
