"""A bot in Rasa's place, in a process of its own: answers `s12-3` with `b12-3`, and writes down what it was asked.

usage: python -m tests.chaos.bot PORT FILE
"""

from __future__ import annotations

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.chaos.marks import BOT, Mark, marks_in

_SLOWEST = 0.4
"""Seconds: long enough that somebody may be taken while it thinks."""


def serve(port: int, kept: Path) -> None:
    """Until it is killed."""
    ThreadingHTTPServer(("127.0.0.1", port), _handler(kept)).serve_forever()


def _answer(text: str) -> str:
    answered = [Mark(BOT, each.talk, each.number) for each in marks_in(text)]
    return f"I hear you {' '.join(map(str, answered))}"


def _handler(kept: Path) -> type[BaseHTTPRequestHandler]:
    writing = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            turn = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with writing, kept.open("a") as file:
                file.write(" ".join(map(str, marks_in(turn["message"]))) + "\n")
            time.sleep(hash(turn["message"]) % 100 / 100 * _SLOWEST)
            self._send([{"text": _answer(turn["message"])}])

        def do_GET(self) -> None:
            self._send({"status": "ok"})

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

        def _send(self, content: object) -> None:
            body = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]))
