"""`warmline doctor`: looks at everything a line needs, and says for each fault what cures it."""

from __future__ import annotations

import difflib
import http.client
import os
import platform
import shutil
import stat
from collections.abc import Awaitable, Callable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from handoff import doctor_keys, doctor_platforms
from handoff.findings import Finding, State
from handoff.running.probes import RedisRefused, http_answers, http_status, redis_asks, without_password
from handoff.settings import BOT_VARIABLES, PREFIX, Settings, variable
from handoff.wording.opening_hours import load_opening_hours
from handoff.wording.reading import WordingError

OLDEST_REDIS = (6, 2)
ENOUGH_BYTES = 1_000_000_000
_LONG_SECRET = 32
_ROOT = Path(__file__).parents[1]
_RASA = ".venv-bot/lib/python3*/site-packages/rasa-*.dist-info"


Check = Callable[[Settings], Awaitable[list[Finding]]]


async def examine(settings: Settings, environment: Mapping[str, str] = os.environ) -> list[Finding]:
    """Every check, in the order in which a cure for one may cure the next."""
    findings = [_versions(), *_unknown_variables(environment), *_secrets(settings), *_folder(settings)]
    for check in (
        _redis,
        doctor_keys.keys,
        _database,
        _bot,
        _service,
        doctor_platforms.telegram,
        doctor_platforms.slack,
    ):
        findings += await check(settings)
    return findings


def broken(findings: list[Finding]) -> bool:
    return any(each.state is State.BROKEN for each in findings)


def _versions() -> Finding:
    found = [f"Warmline {version('warmline')}", f"Python {platform.python_version()}"]
    found += [f"Rasa {path.name.split('-')[1].removesuffix('.dist')}" for path in _ROOT.glob(_RASA)]
    return Finding("Versions", State.FINE, ", ".join(found))


def _unknown_variables(environment: Mapping[str, str]) -> Iterator[Finding]:
    known = {variable(name) for name in Settings.model_fields} | set(BOT_VARIABLES)
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            cure = f"Did you mean {near[0]}?" if near else "Remove it; .env.example lists those that are read."
            yield Finding("Settings", State.WORTH_KNOWING, f"{name} is set but nothing reads it.", cure)


def _secrets(settings: Settings) -> Iterator[Finding]:
    path = settings.var / "secrets.env"
    if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield Finding("Secrets", State.BROKEN, f"{path} can be read by others.", f"chmod 600 {path}")
    values = [settings.bot_token, settings.session_secret, settings.pseudonym_secret]
    if len({each.get_secret_value() for each in values}) < len(values):
        yield Finding("Secrets", State.BROKEN, "two of them are the same.", "`warmline secrets` prints different ones.")
    if len(settings.bot_token.get_secret_value()) < _LONG_SECRET:
        yield Finding("Secrets", State.WORTH_KNOWING, "WARMLINE_BOT_TOKEN is short.", "Take one of `warmline secrets`.")
    yield Finding("Secrets", State.FINE, f"set; {len(settings.fernet_keys())} key(s) for people's words")


def _folder(settings: Settings) -> Iterator[Finding]:
    what, var = "Folder", settings.var
    if not os.access(var if var.exists() else var.absolute().parent, os.W_OK):
        yield Finding(what, State.BROKEN, f"{var} cannot be written.", "Give WARMLINE_VAR a folder that can.")
        return
    free = shutil.disk_usage(var if var.exists() else var.absolute().parent).free
    state, cure = State.FINE, ""
    if free < ENOUGH_BYTES:
        state, cure = State.WORTH_KNOWING, "Make room: without it Redis and the database stop taking messages."
    yield Finding(what, state, f"{var}, {free / 1e9:.1f} GB free", cure)
    try:
        load_opening_hours(settings.opening_hours)
    except WordingError as failure:
        yield Finding("Opening hours", State.BROKEN, f"{failure.file}: {failure.problem}.", f"{failure.cure}.")


async def _redis(settings: Settings) -> list[Finding]:
    what, shown = "Redis", without_password(settings.redis_url)
    try:
        info, fsync = redis_asks(settings.redis_url, ("INFO",), ("CONFIG", "GET", "appendfsync"))
    except RedisRefused as refused:
        loading = str(refused) == "LOADING"
        cure = "Wait until it has read its files." if loading else "Check the name and password in REDIS_URL."
        return [Finding(what, State.BROKEN, f"{shown} refuses ({refused}).", cure)]
    except OSError as failure:
        reason = failure.strerror or str(failure) or type(failure).__name__
        return [
            Finding(what, State.BROKEN, f"{shown} cannot be reached ({reason}).", "Start it, or correct REDIS_URL.")
        ]
    facts = dict(line.split(":", 1) for line in str(info).splitlines() if ":" in line)
    return [
        *_redis_version(facts, shown),
        *_redis_cluster(facts, settings.redis_url),
        *_redis_replicas(facts, settings),
        *_redis_keeping(facts, fsync[-1] if isinstance(fsync, list) and fsync else ""),
    ]


def _redis_version(facts: Mapping[str, str], shown: str) -> Iterator[Finding]:
    name = "Valkey" if "valkey_version" in facts else "Redis"
    spoken = facts.get("redis_version", "0")
    found = facts.get("valkey_version", spoken)
    too_old = tuple(int(part) for part in spoken.split(".")[:2]) < OLDEST_REDIS
    cure = "Install Redis 6.2 or newer, or Valkey." if too_old else ""
    yield Finding("Redis", State.BROKEN if too_old else State.FINE, f"{name} {found} at {shown}", cure)


def _redis_cluster(facts: Mapping[str, str], url: str) -> Iterator[Finding]:
    named, is_one = "+cluster://" in url, facts.get("cluster_enabled") == "1"
    if named and not is_one:
        yield Finding("Redis", State.BROKEN, "it is no node of a cluster.", "Write redis:// in REDIS_URL.")
    if is_one and not named:
        cure = "Write redis+cluster:// in REDIS_URL, so that the line is found wherever its slot is."
        yield Finding("Redis", State.BROKEN, "it is a node of a cluster.", cure)


def _redis_replicas(facts: Mapping[str, str], settings: Settings) -> Iterator[Finding]:
    """Of a single server; which node of a cluster has the line is the store's to find."""
    wanted, found = settings.redis_wait_replicas, int(facts.get("connected_slaves", "0"))
    if found < wanted and "+cluster://" not in settings.redis_url:
        detail = f"it has {found} replicas, and WARMLINE_REDIS_WAIT_REPLICAS wants {wanted}: no message would be taken."
        yield Finding("Redis", State.BROKEN, detail, "Connect them, or lower the setting.")


def _redis_keeping(facts: Mapping[str, str], fsync: str) -> Iterator[Finding]:
    if facts.get("aof_enabled") != "1" or fsync not in {"always", ""}:
        yield Finding(
            *("Redis", State.WORTH_KNOWING, "it does not write every message to disk at once; a power cut loses some."),
            "Set `appendonly yes` and `appendfsync always` in its configuration.",
        )
    if facts.get("maxmemory_policy", "noeviction") != "noeviction":
        yield Finding("Redis", State.BROKEN, "it throws keys away when full.", "Set `maxmemory-policy noeviction`.")


async def _database(settings: Settings) -> list[Finding]:
    what, shown = "Database", make_url(settings.database_url).render_as_string(hide_password=True)
    if _is_missing_file(settings.database_url):
        return [Finding(what, State.FINE, f"{shown}, made at the first start")]
    engine = create_async_engine(settings.database_url)
    try:
        async with engine.connect() as connection:
            await connection.execute(text("select 1"))
    except (SQLAlchemyError, OSError) as failure:
        cure = "Start it, or correct DATABASE_URL. Until then records wait in Redis; nothing is lost."
        return [Finding(what, State.BROKEN, f"{shown} cannot be used ({type(failure).__name__}).", cure)]
    finally:
        await engine.dispose()
    return [Finding(what, State.FINE, shown)]


def _is_missing_file(database_url: str) -> bool:
    url = make_url(database_url)
    return url.get_backend_name() == "sqlite" and bool(url.database) and not Path(url.database or "").exists()


async def _bot(settings: Settings) -> list[Finding]:
    without = "Until then people are handed straight to supporters."
    looks = [
        ("Bot", f"{settings.rasa_url}/webhooks/rest/", "rasa"),
        ("Bot's actions", f"{settings.actions_url}/health", "actions"),
    ]
    found = []
    for what, url, container in looks:
        if http_answers(url):
            found.append(Finding(what, State.FINE, f"answers at {url}"))
            continue
        cure = f"Start it: make run, or docker compose up {container}. {without}"
        found.append(Finding(what, State.BROKEN, f"{url} does not answer.", cure))
    return found


async def _service(settings: Settings) -> list[Finding]:
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host
    base, what = f"http://{host}:{settings.port}", "Service"
    if not http_answers(f"{base}/healthz"):
        return [
            Finding(what, State.WORTH_KNOWING, f"nothing answers at {base}.", "Start it: make run, or warmline serve.")
        ]
    token = settings.bot_token.get_secret_value()
    refused = {http.client.UNAUTHORIZED, http.client.FORBIDDEN}
    if http_status(f"{base}/bot/waiting/doctor", {"Authorization": f"Bearer {token}"}) in refused:
        cure = "Start service, bot and actions with the same WARMLINE_BOT_TOKEN."
        return [Finding(what, State.BROKEN, "it refuses WARMLINE_BOT_TOKEN.", cure)]
    return [Finding(what, State.FINE, f"answers at {base} and takes the bot's token")]


def unreadable_settings(problems: list[str]) -> list[Finding]:
    """Settings that cannot be used at all, as findings; each line already says what to give."""
    return [Finding("Settings", State.BROKEN, line, ".env.example explains every setting.") for line in problems]
