"""What an action answers is held to Rasa's format, though the format itself is checked once."""

from __future__ import annotations

import json
import os
import subprocess

from bot.rehearsal import ROOT

_ASKED = """
import json
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from bot.answer_format import check_definition_once

def accepts(answer):
    try:
        return RemoteAction("action_any", None)._validate_action_result(answer)
    except ValidationError:
        return False

answers = [
    {"events": [{"event": "slot", "name": "topics", "value": "stress"}], "responses": [{"text": "Hello"}]},
    {"events": "none", "responses": []},
    {"events": [{"name": "an event of no kind"}]},
    {"responses": ["words alone"]},
]
before = [accepts(each) for each in answers]
check_definition_once()
print(json.dumps([before, [accepts(each) for each in answers]]))
"""


def test_answers_are_accepted_and_refused_as_by_rasas_own_check() -> None:
    quiet = {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore", "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        [str(ROOT / ".venv-bot" / "bin" / "python"), "-c", _ASKED],
        cwd=ROOT, env=os.environ | quiet, capture_output=True, text=True, check=True,
    )  # fmt: skip
    before, after = json.loads(done.stdout.splitlines()[-1])
    assert after == before == [True, False, False, False]
