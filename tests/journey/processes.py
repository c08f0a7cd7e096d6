"""The programs of a line, started for real: the service alone, or the whole of `make run`."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
from pydantic import SecretStr

from handoff.running.children import die_with_parent
from handoff.running.plan import Plan
from handoff.running.ports import free_port
from handoff.running.probes import http_answers
from handoff.settings import PREFIX, Settings, variable
from tests.conftest import TEST_KEY
from tests.journey.line import Line, eventually
from tests.journey.talk import PATIENCE

ROOT = Path(__file__).parents[2]
_ALL_RUNS = "Everything is running"
_TRAINING_SECONDS = 600.0


class Service:
    """`warmline serve` as a process that may be killed and started again at the same address."""

    def __init__(self, settings: Settings, **environment: str) -> None:
        self.settings = settings
        plan = Plan(settings, ROOT, rasa_port=0, actions_port=0)
        self._program = plan.service()
        more = {name: str(getattr(settings, name)) for name in (*settings.policy().__dataclass_fields__, "line_name")}
        more["origins"] = ",".join(settings.origins)
        more["log_level"] = settings.log_level
        more.update(_platforms(settings))
        given = {variable(name): value for name, value in more.items()}
        self._environment = {**outside(), **self._program.environment, **given, **environment}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self.settings.base_url()

    async def start(self) -> None:
        """Until it answers; nothing where it runs already."""
        if self._process is not None:
            return
        process = self._process = self._begin()

        async def up() -> bool:
            assert process.poll() is None, self._program.log.read_text()
            return await asyncio.to_thread(http_answers, f"{self.url}/healthz")

        await eventually(up, "the service answers")

    def _begin(self) -> subprocess.Popen[bytes]:
        self._program.log.parent.mkdir(parents=True, exist_ok=True)
        with self._program.log.open("ab") as log:
            return subprocess.Popen(
                self._program.command, cwd=ROOT, env=self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(PATIENCE)
            self._process = None

    def kill(self) -> None:
        """As a power cut would."""
        self.stop(signal.SIGKILL)

    def last_logged(self, lines: int) -> str:
        log = self._program.log
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else "nothing yet"


def _platforms(settings: Settings) -> dict[str, str]:
    """What the settings say of Telegram and Slack, secrets included."""
    given = settings.model_dump(exclude_none=True)
    names = [name for name in given if name.startswith(("telegram_", "slack_", "public_"))]
    return {name: _plain(given[name]) for name in names}


def _plain(value: Any) -> str:
    return str(value.get_secret_value() if isinstance(value, SecretStr) else value)


class OwnLine(Line):
    """A line whose service is `service`."""

    def __init__(self, settings: Settings, **environment: str) -> None:
        super().__init__(settings)
        self.service = Service(settings, **environment)


@asynccontextmanager
async def own_line(settings: Settings, **environment: str) -> AsyncIterator[OwnLine]:
    """Its service runs, with this in its environment; stopped afterwards."""
    line = OwnLine(settings, **environment)
    try:
        await line.service.start()
        yield line
    finally:
        line.service.stop()
        await line.close()


class StandInBot:
    """Something at Rasa's address that answers with what it heard, and remembers each message as it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def heard(self, conversation: str) -> list[str]:
        return [each["message"] for each in self.asked if each["sender"] == conversation]

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        bot = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                turn = msgspec.json.decode(self.rfile.read(int(self.headers["Content-Length"])))
                bot.asked.append(turn)
                self._answer([{"text": f"I heard: {turn['message']}"}])

            def do_GET(self) -> None:
                self._answer({"status": "ok"})

            def log_message(self, *_: Any) -> None:
                """Says nothing."""

            def _answer(self, content: object) -> None:
                sent = msgspec.json.encode(content)
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)

        return Handler


class MakeRun:
    """What `make run` starts, in a folder of its own and on free ports; `printed` is what a person would see."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.var = folder / "var"
        self.var.mkdir()
        (self.var / "encoder").symlink_to(ROOT / "var" / "encoder")
        self._port = free_port()
        self._environment = {
            **outside(), **environment, "MAKELEVEL": "1",
            variable("var"): str(self.var), variable("port"): str(self._port),
        }  # fmt: skip
        self._output = folder / "printed"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def printed(self) -> str:
        return self._output.read_text()

    @property
    def is_awake(self) -> bool:
        return _ALL_RUNS in self.printed

    async def start(self) -> None:
        """Until the addresses are printed; the bot is not awake by then."""
        self._process = self._begin()
        await self.until_printed("  Log        ")

    async def until_printed(self, words: str, seconds: float = PATIENCE) -> None:
        async def there() -> bool:
            assert self._process is None or self._process.poll() is None, self.printed
            return words in self.printed

        await eventually(there, f"{words!r} in {self._output}", seconds)

    async def awake(self) -> None:
        """Until everything runs, the bot's training (when its inputs changed) included."""
        await self.until_printed(_ALL_RUNS, _TRAINING_SECONDS)

    def line(self) -> Line:
        """Connected by what the run wrote down for commands beside it."""
        return Line(Settings(_env_file=(self.var / "secrets.env", self.var / "running.env")))

    def command(self, *arguments: str) -> str:
        """A `warmline` command beside the run; what it printed."""
        done = subprocess.run(
            [Path(sys.executable).with_name("warmline"), *arguments],
            cwd=ROOT, env=self._environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout.strip()

    def beside(self) -> tuple[int, str]:
        """A second `make run` in the same folder: its exit code and what it said."""
        command = [sys.executable, "-m", "handoff.running"]
        done = subprocess.run(command, cwd=ROOT, env=self._environment, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def pids(self, part: str = "") -> list[int]:
        """All processes below the run whose command line holds `part`."""
        assert self._process is not None
        return [pid for pid in _below(self._process.pid) if part in _command_line(pid)]

    async def stop(self) -> int:
        """One Ctrl-C; the exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        return await asyncio.to_thread(self._process.wait, PATIENCE)

    def _begin(self) -> subprocess.Popen[bytes]:
        with self._output.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "handoff.running"], cwd=ROOT, env=self._environment, stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, preexec_fn=die_with_parent,
            )  # fmt: skip


@contextmanager
def signalled(pids: list[int], hold: signal.Signals, go_on: signal.Signals) -> Iterator[None]:
    """Between the two signals; the second comes in any case."""
    for pid in pids:
        os.kill(pid, hold)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, go_on)


def line_settings(var: Path, redis_url: str, rasa_url: str, **more: Any) -> Settings:
    """Settings of a line of its own, with throw-away secrets."""
    var.mkdir(parents=True, exist_ok=True)
    if not (var / "encoder").exists():
        (var / "encoder").symlink_to(ROOT / "var" / "encoder")
    given: dict[str, Any] = {
        "keys": TEST_KEY, "bot_token": "t" * 32, "session_secret": "s" * 64, "pseudonym_secret": "p" * 64, "var": var,
        "port": free_port(), "rasa_url": rasa_url, "REDIS_URL": redis_url,
        "DATABASE_URL": f"sqlite+aiosqlite:///{var}/warmline.db",
    }  # fmt: skip
    return Settings(**{**given, **more})


def outside() -> dict[str, str]:
    """The environment without anything that is Warmline's."""
    ours = {"REDIS_URL", "DATABASE_URL"}
    return {name: value for name, value in os.environ.items() if not name.startswith(PREFIX) and name not in ours}


def is_alive(pid: int) -> bool:
    return _stat(pid)[:1] not in ([], ["Z"])


def _below(pid: int) -> list[int]:
    parents = {int(each.name): _stat(int(each.name)) for each in Path("/proc").iterdir() if each.name.isdigit()}
    found = [pid]
    for one in found:
        found += [child for child, stat in parents.items() if stat[1:2] == [str(one)]]
    return found[1:]


def _stat(pid: int) -> list[str]:
    """State, parent and more; nothing for a process that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
