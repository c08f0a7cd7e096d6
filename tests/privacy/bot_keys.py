"""Which keys the bot's memory is sealed with, asked in Rasa's own environment."""

from __future__ import annotations

import json
import subprocess

from bot.rehearsal import ROOT

_ASK = """
import json
from bot.tracker_store import TrackerSettings
from rasa.shared.exceptions import RasaException
try:
    print(json.dumps(TrackerSettings.from_environment().keys))
except RasaException as wrong:
    print(json.dumps(str(wrong)))
"""


def keys_as_the_bot_reads_them(**environment: str) -> list[str] | str:
    """The keys, or what the bot says is wrong."""
    quiet = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "PYTHONWARNINGS": "ignore", "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        [str(ROOT / ".venv-bot" / "bin" / "python"), "-c", _ASK],
        cwd=ROOT, env={**quiet, **environment}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    told: list[str] | str = json.loads(done.stdout.splitlines()[-1])
    return told
