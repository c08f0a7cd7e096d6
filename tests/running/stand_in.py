"""A whole run with tiny stand-ins for service, bot and actions, and a real Redis: `stand_in.py FOLDER PORT...`.

Each stand-in answers every GET, writes its process id to FOLDER/<name>.pid at each start, and ends at once when
FOLDER/<name>.broken exists. The service has a child of its own, to see that it goes along.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from handoff.running.children import Program
from handoff.running.lock import AlreadyRunning, RunLock
from handoff.running.plan import Plan
from handoff.running.ports import HeldPorts
from handoff.running.redis_server import OwnServer, find_binary
from handoff.running.supervisor import Run, supervise
from handoff.running.terminal import Terminal
from handoff.settings import Settings


class Always(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


def serve(folder: Path, name: str, port: int) -> None:
    if (folder / f"{name}.broken").exists():
        sys.exit("the stand-in is broken")
    if name == "service":
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        (folder / "grandchild.pid").write_text(str(child.pid))
    server = HTTPServer(("127.0.0.1", port), Always)
    (folder / f"{name}.pid").write_text(str(os.getpid()))
    server.serve_forever()


@dataclass(frozen=True, slots=True)
class StandInPlan(Plan):
    def service(self) -> Program:
        return self._serve("service", self.settings.port)

    def actions(self) -> Program:
        return self._serve("actions", self.actions_port)

    def rasa(self, model: str) -> Program:
        assert model == "model.tar.gz"
        return self._serve("rasa", self.rasa_port)

    def encoder(self) -> Program:
        return self._print("encoder.onnx")

    def training(self) -> Program:
        return self._print("model.tar.gz")

    def sign_in_link(self) -> Program:
        return self._print("http://127.0.0.1/console/?link=once")

    def _serve(self, name: str, port: int) -> Program:
        command = (sys.executable, __file__, "serve", str(self.settings.var), name, str(port))
        return Program(name, command, self.logs / f"{name}.log", grace_seconds=2, port=port)

    def _print(self, words: str) -> Program:
        return Program(words, (sys.executable, "-c", f"print({words!r})"), self.logs / "steps.log")


def run(folder: Path, ports: list[int]) -> int:
    web, redis, rasa, actions = ports
    settings = Settings.model_construct(
        var=folder,
        host="127.0.0.1",
        port=web,
        public_url=None,
        rasa_url=f"http://127.0.0.1:{rasa}",
        actions_url=f"http://127.0.0.1:{actions}",
    )
    terminal = Terminal()
    plan = StandInPlan(settings, folder, rasa, actions)
    own = OwnServer(find_binary(), folder / "redis", redis, password="stand-in")
    try:
        with RunLock(folder / "run.lock"):
            (folder / "supervisor.pid").write_text(str(os.getpid()))
            return asyncio.run(supervise(Run(plan, own, terminal, HeldPorts()), terminal))
    except AlreadyRunning as failure:
        print(failure)
        return 1


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
    else:
        sys.exit(run(Path(sys.argv[1]), [int(each) for each in sys.argv[2:]]))
