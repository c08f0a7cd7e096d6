"""Before anything starts: secrets, settings, free ports, and the choice of a Redis server. Fails with a sentence."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from handoff.running import own_secrets
from handoff.running.plan import ACTIONS_PORT, RASA_PORT, REDIS_PORT, Plan
from handoff.running.ports import LOOPBACK, HeldPorts, free_port, is_free
from handoff.running.redis_server import OwnServer, find_binary
from handoff.settings import Settings, load, variable

RUNNING_FILE = "running.env"
_PORT_PATIENCE_SECONDS = 5.0


class PortTaken(Exception):
    """The web port belongs to another program; the message says how to choose another."""


def prepare(var: Path, root: Path, held: HeldPorts) -> tuple[Plan, OwnServer | None]:
    """Make what is missing, read the settings, choose addresses.

    Returns the plan and the Redis server to start, None when `REDIS_URL` names one; the ports of what starts later are
    kept in `held`. Raises SettingsError, PortTaken, NoRedisServer.
    """
    own_secrets.ensure(var)
    (var / RUNNING_FILE).unlink(missing_ok=True)
    settings = load()
    require_port(settings.host, settings.port)
    web = frozenset({settings.port})
    redis_port, rasa_port, actions_port = (held.hold(each, web) for each in (REDIS_PORT, RASA_PORT, ACTIONS_PORT))
    own = None if "redis_url" in settings.model_fields_set else _own_redis(settings.var, redis_port)
    bot_is_ours = "rasa_url" not in settings.model_fields_set
    settings = _with_addresses(settings, own, rasa_port, actions_port)
    return Plan(settings, root, rasa_port, actions_port, bot_is_ours), own


def require_port(host: str, port: int, patience: float = _PORT_PATIENCE_SECONDS) -> None:
    """Wait a little for a port that a stopping program still holds. Raises PortTaken."""
    end = time.monotonic() + patience
    while not is_free(port, host):
        if time.monotonic() > end:
            raise PortTaken(
                f"Port {port} on {host} is taken by another program. Stop it, or choose another port: "
                f"make run {variable('port')}={free_port(port + 1)}"
            )
        time.sleep(0.1)


def write_running(plan: Plan) -> Path:
    """Tell `warmline` commands beside this run where everything is; readable by the owner only."""
    path = plan.settings.var / RUNNING_FILE
    path.touch(mode=0o600)
    path.chmod(0o600)
    secret = set(own_secrets.fresh())
    told = {name: value for name, value in plan.environment().items() if name not in secret}
    path.write_text("".join(f"{name}={value}\n" for name, value in told.items()), encoding="utf-8")
    return path


def _own_redis(var: Path, port: int, find: Callable[[], Path] = find_binary) -> OwnServer:
    return OwnServer(find(), var / "redis", port, secrets.token_urlsafe(24))


def _with_addresses(settings: Settings, own: OwnServer | None, rasa_port: int, actions_port: int) -> Settings:
    changes: dict[str, Any] = {}
    given = settings.model_fields_set
    if own is not None:
        changes["redis_url"] = own.url
    if "database_url" not in given:
        changes["database_url"] = f"sqlite+aiosqlite:///{settings.var}/warmline.db"
    if "rasa_url" not in given:
        changes["rasa_url"] = f"http://{LOOPBACK}:{rasa_port}"
        changes["actions_url"] = f"http://{LOOPBACK}:{actions_port}"
    return settings.model_copy(update=changes)
