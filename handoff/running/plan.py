"""What `make run` starts on this machine: each program's command line, environment and log, from the settings."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

from handoff.running.children import Program
from handoff.running.own_secrets import fresh
from handoff.running.ports import LOOPBACK
from handoff.settings import Settings, variable

BOT_BIN = Path(".venv-bot/bin")
REDIS_PORT, RASA_PORT, ACTIONS_PORT = 6380, 5005, 5055
"""Preferred, not required: each moves to a free port when it is taken."""

_QUIET_RASA = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SANIC_HOST": LOOPBACK,
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "HF_HUB_OFFLINE": "1",
    "PYTHONWARNINGS": "ignore",
    "LOG_LEVEL": "WARNING",
    "LOG_LEVEL_LIBRARIES": "ERROR",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """The programs of one run. `root` is the repository, `logs` the folder that their output goes to."""

    settings: Settings
    root: Path
    rasa_port: int
    actions_port: int
    bot_is_ours: bool = True

    @property
    def logs(self) -> Path:
        return self.settings.var / "log"

    def environment(self) -> dict[str, str]:
        """What every program is told: addresses and secrets, by variable."""
        settings = self.settings
        return {
            "REDIS_URL": settings.redis_url,
            "DATABASE_URL": settings.database_url,
            variable("rasa_url"): settings.rasa_url,
            variable("actions_url"): settings.actions_url,
            variable("line"): settings.line,
            variable("var"): str(settings.var),
            variable("host"): settings.host,
            variable("port"): str(settings.port),
            variable("tracker_seconds"): str(settings.tracker_seconds),
            "WARMLINE_SERVICE_URL": self.service_url(),
            "WARMLINE_ENCODER": str(self.settings.var / "encoder" / "minilm.onnx"),
            **{name: self._secret(name) for name in fresh()},
            **self._keys_in_a_file(),
        }

    def _keys_in_a_file(self) -> dict[str, str]:
        """Who is told of a file reads it; no copy of what is in it is handed on."""
        file = self.settings.keys_file
        return {} if file is None else {variable("keys_file"): str(file.resolve()), variable("keys"): ""}

    def service_url(self) -> str:
        """Where programs on this machine reach the service."""
        host = LOOPBACK if self.settings.host in {"0.0.0.0", "::"} else self.settings.host
        return f"http://{host}:{self.settings.port}"

    def service(self) -> Program:
        return self._program("The service", (_warmline(), "serve"), "service.log")

    def encoder(self) -> Program:
        target = self.environment()["WARMLINE_ENCODER"]
        return self._program("The encoder", (sys.executable, "-m", "models.encoder_export", target), "encoder.log")

    def training(self) -> Program:
        return self._bot_program("The bot's training", (self._bot("python"), "bot/train.py"), "training.log")

    def actions(self) -> Program:
        command = (self._bot("python"), "-m", "rasa_sdk", "--actions", "bot.actions", "-p", str(self.actions_port))
        return replace(self._bot_program("The bot's action server", command, "actions.log"), port=self.actions_port)

    def rasa(self, model: str) -> Program:
        command = (
            *(self._bot("rasa"), "run", "-i", LOOPBACK, "-p", str(self.rasa_port)),
            *("--endpoints", "bot/endpoints.yml", "--credentials", "bot/credentials.yml", "--model", model),
        )
        return replace(self._bot_program("The bot", command, "rasa.log"), port=self.rasa_port)

    def sign_in_link(self) -> Program:
        return self._program("The sign-in link", (_warmline(), "signin-link", "--demo"), "service.log")

    def _program(self, label: str, command: tuple[str, ...], log: str) -> Program:
        return Program(label, command, self.logs / log, self.environment())

    def _bot_program(self, label: str, command: tuple[str, ...], log: str) -> Program:
        environment = {**self.environment(), **_QUIET_RASA, "PYTHONPATH": str(self.root)}
        return Program(label, command, self.logs / log, environment)

    def _bot(self, name: str) -> str:
        return str(self.root / BOT_BIN / name)

    def _secret(self, name: str) -> str:
        field = next(each for each in Settings.model_fields if variable(each) == name)
        return str(getattr(self.settings, field).get_secret_value())


def _warmline() -> str:
    return str(Path(sys.executable).with_name("warmline"))
