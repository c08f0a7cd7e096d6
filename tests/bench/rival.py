"""Rasa as `rasa init` leaves it, trained on the same data: DIET, TED, every event kept in memory and replayed.

The configuration is the one that Rasa itself carries and fills in where a project names none. TED learns from stories
alone, and this project has rules, so each rule without a condition is given as a story as well. Trained once and kept
below `var/rival`, by what it was trained from.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path
from typing import Any

import yaml

from handoff.running.plan import BOT_BIN

_ROOT = Path(__file__).resolve().parents[2]
_KEPT = _ROOT / "var" / "rival"
_TRAIN = _ROOT / "bot" / "data" / "train"
_CONFIG = "lib/python3.10/site-packages/rasa/engine/recipes/config_files/default_config.yml"
_QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
_ENDPOINTS = "action_endpoint:\n  url: ${WARMLINE_ACTIONS_URL}/webhook\n  enable_selective_domain: true\n"
_CREDENTIALS = "rest:\n"


def rival_model() -> Path:
    """The trained model; some minutes the first time. Raises `CalledProcessError`."""
    folder = _KEPT / _fingerprint()
    model = folder / "rival.tar.gz"
    if not model.exists():
        _write(folder)
        command = ["nice", "-n", "5", str(_ROOT / BOT_BIN / "rasa"), "train", "--config", str(folder / "config.yml")]
        command += ["--domain", "bot/domain.yml", "--data", str(folder / "data"), "--out", str(folder)]
        command += ["--fixed-model-name", "rival"]
        with (folder / "training.log").open("w") as log:
            environment = {**os.environ, **_QUIET, "PYTHONPATH": str(_ROOT)}
            subprocess.run(command, cwd=_ROOT, env=environment, stdout=log, stderr=log, check=True)
    return model


def rival_arguments(model: Path) -> list[str]:
    """What `rasa run` is told beside its address: the model, the action server, the stock `rest` channel."""
    endpoints, credentials = model.with_name("endpoints.yml"), model.with_name("credentials.yml")
    return ["--model", str(model), "--endpoints", str(endpoints), "--credentials", str(credentials)]


def stories(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each rule that holds in any situation, as a story."""
    return [{"story": rule["rule"], "steps": rule["steps"]} for rule in rules if "condition" not in rule]


def _fingerprint() -> str:
    digest = hashlib.sha256(_ENDPOINTS.encode())
    for path in sorted([_config(), _ROOT / "bot" / "domain.yml", *_TRAIN.glob("*.yml")]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _config() -> Path:
    return _ROOT / BOT_BIN.parent / _CONFIG


def _write(folder: Path) -> None:
    (folder / "data").mkdir(parents=True, exist_ok=True)
    for path in _TRAIN.glob("*.yml"):
        (folder / "data" / path.name).write_bytes(path.read_bytes())
    rules = yaml.safe_load((_TRAIN / "rules.yml").read_text())["rules"]
    (folder / "data" / "stories.yml").write_text(yaml.safe_dump({"version": "3.1", "stories": stories(rules)}))
    (folder / "config.yml").write_bytes(_config().read_bytes())
    (folder / "endpoints.yml").write_text(_ENDPOINTS)
    (folder / "credentials.yml").write_text(_CREDENTIALS)
