"""A whole bot on free ports, with a small real stand-in for the service: for `bot/evaluate.py` and for tests.

Only the standard library, so that it runs in either environment. Rasa and its action server are the real ones.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "rehearsal-token-0123456789"
KEY = "cmVoZWFyc2FsLW9ubHktcmVoZWFyc2FsLW9ubHktMTI="
START_SECONDS = 120.0


class NotStarted(Exception):
    """A program did not come up; the message ends with what it last wrote."""


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


class FakeService:
    """Answers the bot's actions as the contract says and remembers each call as (path, body), oldest first."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.waiting: dict[str, Any] = {
            "state": "waiting",
            "position": 2,
            "estimate": [5, 10],
            "open": True,
            "opens_at": None,
        }
        self.resources: list[dict[str, Any]] = [_resource(number) for number in range(1, 7)]
        self.fails = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def made(self, path: str) -> list[dict[str, Any]]:
        """The bodies of the calls to this path, such as `intake`."""
        return [body for called, body in self.calls if called == path]

    def forget_calls(self) -> None:
        self.calls.clear()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str, body: dict[str, Any], token: str) -> tuple[int, dict[str, Any]]:
        if token != f"Bearer {TOKEN}":
            return 401, {"error": "bad_token", "next": "Send the bot's token."}
        if self.fails:
            return 503, {"error": "store_down", "next": "Try again."}
        self.calls.append((path, body))
        if path == "handoff":
            return 200, {"state": "waiting", "position": 2, "estimate": [5, 10]}
        if path.startswith("waiting/"):
            return 200, self.waiting
        if path == "resources":
            fresh = [each for each in self.resources if each["id"] not in body["exclude"]]
            return 200, {"resources": fresh[: body["limit"]]}
        return 200, {}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self._reply(json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0)))))

            def do_GET(self) -> None:
                self._reply({})

            def log_message(self, *_: Any) -> None:
                """Says nothing."""

            def _reply(self, body: dict[str, Any]) -> None:
                path = self.path.removeprefix("/bot/")
                status, answer = service.answer(path, body, self.headers.get("Authorization", ""))
                sent = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)

        return Handler


def _resource(number: int) -> dict[str, Any]:
    steps = [{"text": "Breathe in.", "seconds": 4}, {"text": "Breathe out.", "seconds": 6}] if number % 2 else None
    return {
        "id": f"r{number}", "title": f"Resource {number}", "kind": "do" if steps else "read", "minutes": 3,
        "summary": "Something short.", "steps": steps, "body": ["One paragraph."],
    }  # fmt: skip


class Rehearsal:
    """Start with `start()`, talk with `say()`, stop with `stop()`. Logs lie in `folder`."""

    def __init__(self, model: Path, redis_url: str, folder: Path) -> None:
        self.service = FakeService()
        self.folder = folder
        self._model, self._redis_url = model, redis_url
        self._rasa_port, self._actions_port = free_port(), free_port()
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Raises NotStarted."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.start_actions()
        self.start_rasa()

    def start_actions(self) -> None:
        command = ["-m", "rasa_sdk", "--actions", "bot.actions", "-p", str(self._actions_port)]
        self._start("actions", command, f"http://127.0.0.1:{self._actions_port}/health")

    def start_rasa(self) -> None:
        command = ["-m", "rasa", "run", "-i", "127.0.0.1", "-p", str(self._rasa_port), "--model", str(self._model)]
        command += ["--endpoints", "bot/endpoints.yml", "--credentials", "bot/credentials.yml"]
        self._start("rasa", command, f"http://127.0.0.1:{self._rasa_port}/webhooks/rest/")

    def kill(self, name: str) -> None:
        """`rasa` or `actions`, as a power cut would."""
        process = self._running.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.clear()
        self.service.stop()

    def process_id(self, name: str) -> int:
        return self._running[name].pid

    def say(self, conversation: str, message: str, **metadata: Any) -> list[dict[str, Any]]:
        """One turn; the bot's messages. What is typed gets the blank in front that the service puts there."""
        status, answer = self.post(conversation, message, **metadata)
        assert status == 200, f"the bot answered {status}"
        assert isinstance(answer, list)
        return answer

    def post(self, conversation: str, message: str, **metadata: Any) -> tuple[int, Any]:
        body = {"sender": conversation, "message": message, "metadata": {"phase": "intake", "epoch": 1, **metadata}}
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self._rasa_port}/webhooks/rest/webhook",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:  # nosec B310: our own address
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def _start(self, name: str, command: list[str], url: str) -> None:
        python = os.environ.get("WARMLINE_BOT_PYTHON") or str(ROOT / ".venv-bot" / "bin" / "python")
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [python, *command], cwd=ROOT, env=self._environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self._running[name] = process
        if not _wait(lambda: _answers(url), lambda: process.poll() is None):
            raise NotStarted(f"{name} did not start:\n{self.log(name)[-2000:]}")

    def _environment(self) -> dict[str, str]:
        return os.environ | {
            "PYTHONPATH": str(ROOT),
            "SANIC_HOST": "127.0.0.1",
            "RASA_TELEMETRY_ENABLED": "false",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
            "REDIS_URL": self._redis_url,
            "WARMLINE_KEYS": KEY,
            "WARMLINE_LINE": "rehearsal",
            "WARMLINE_SERVICE_URL": self.service.url,
            "WARMLINE_BOT_TOKEN": TOKEN,
            "WARMLINE_ACTIONS_URL": f"http://127.0.0.1:{self._actions_port}",
        }


def _wait(ready: Callable[[], bool], still_alive: Callable[[], bool]) -> bool:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and still_alive():
        if ready():
            return True
        time.sleep(0.1)
    return False


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # nosec B310: our own address
            return bool(answer.status == 200)
    except OSError:
        return False
