from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from handoff.running.redis_server import OwnServer

STAND_IN = Path(__file__).with_name("stand_in.py")
ROOT = STAND_IN.parents[2]
PATIENCE_SECONDS = 60


class StandIns:
    """One supervised run of stand-ins in a folder of its own."""

    def __init__(self, folder: Path, ports: list[int]) -> None:
        self.folder = folder
        self.ports = ports
        self._started: list[subprocess.Popen[str]] = []

    def start(self) -> subprocess.Popen[str]:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, str(STAND_IN), str(self.folder), *map(str, self.ports)]
        with (self.folder / "printed").open("a") as printed:
            process = subprocess.Popen(command, stdout=printed, stderr=printed, text=True, env=environment)
        self._started.append(process)
        return process

    def printed(self) -> str:
        return (self.folder / "printed").read_text()

    def until_printed(self, words: str) -> None:
        until(lambda: words in self.printed(), lambda: f"{words!r} in:\n{self.printed()}")

    def pid(self, name: str) -> int:
        return int((self.folder / f"{name}.pid").read_text())

    def redis_is_up(self) -> bool:
        return OwnServer(Path(), self.folder, self.ports[1], password="stand-in").answers()

    def clean_up(self) -> None:
        for process in self._started:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE_SECONDS)


def until(holds: Callable[[], bool], story: Callable[[], str] = lambda: "it") -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, f"waited in vain for {story()}"
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@pytest.fixture
def stand_ins(tmp_path: Path, free_port: Callable[[], int]) -> Iterator[StandIns]:
    all_of_them = StandIns(tmp_path, [free_port() for _ in range(4)])
    yield all_of_them
    all_of_them.clean_up()


def test_the_service_answers_before_the_bot_is_started(stand_ins: StandIns) -> None:
    stand_ins.start()
    stand_ins.until_printed("Everything is running")
    printed = stand_ins.printed()
    order = [
        "Starting web chat and console",
        "Web chat   http://127.0.0.1",
        "?link=once",
        "Training",
        "Waking the bot up",
    ]
    assert [printed.index(each) for each in order] == sorted(printed.index(each) for each in order)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_signal_stops_everything_it_started_and_nothing_else(stand_ins: StandIns, how: signal.Signals) -> None:
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    process = stand_ins.start()
    stand_ins.until_printed("Everything is running")
    pids = [stand_ins.pid(name) for name in ("service", "grandchild", "actions", "rasa")]
    process.send_signal(how)
    assert process.wait(PATIENCE_SECONDS) == 0
    assert not [pid for pid in pids if is_alive(pid)]
    assert not stand_ins.redis_is_up()
    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


def test_a_signal_while_it_is_still_starting_stops_it_too(stand_ins: StandIns) -> None:
    process = stand_ins.start()
    stand_ins.until_printed("Starting web chat")
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE_SECONDS) == 0
    assert not stand_ins.redis_is_up()


def test_children_go_even_when_the_supervisor_is_killed(stand_ins: StandIns) -> None:
    process = stand_ins.start()
    stand_ins.until_printed("Everything is running")
    pids = [stand_ins.pid(name) for name in ("service", "actions", "rasa")]
    process.kill()
    process.wait()
    until(lambda: not any(is_alive(pid) for pid in pids))
    until(lambda: not stand_ins.redis_is_up())
    os.kill(stand_ins.pid("grandchild"), signal.SIGKILL)


def test_a_program_that_dies_is_said_and_started_again(stand_ins: StandIns) -> None:
    stand_ins.start()
    stand_ins.until_printed("Everything is running")
    first = stand_ins.pid("actions")
    os.kill(first, signal.SIGKILL)
    stand_ins.until_printed("actions is running again")
    assert stand_ins.pid("actions") != first
    assert "actions stopped (signal SIGKILL)" in stand_ins.printed()


def test_a_service_that_cannot_start_is_told_with_the_end_of_its_log(stand_ins: StandIns) -> None:
    (stand_ins.folder / "service.broken").touch()
    process = stand_ins.start()
    assert process.wait(PATIENCE_SECONDS) == 1
    assert "service ended at once (exit code 1)" in stand_ins.printed()
    assert "the stand-in is broken" in stand_ins.printed()
    assert not stand_ins.redis_is_up()


def test_without_its_bot_the_web_chat_stays_up(stand_ins: StandIns) -> None:
    (stand_ins.folder / "rasa.broken").touch()
    process = stand_ins.start()
    stand_ins.until_printed("handed straight to supporters")
    assert process.poll() is None
    assert is_alive(stand_ins.pid("service"))


def test_another_programs_port_is_not_taken_for_the_bot(stand_ins: StandIns) -> None:
    with socket.create_server(("127.0.0.1", stand_ins.ports[2])):
        stand_ins.start()
        stand_ins.until_printed(f"rasa cannot start: port {stand_ins.ports[2]} is taken by another program.")
        assert is_alive(stand_ins.pid("service"))


def test_a_second_run_beside_the_first_says_so_and_leaves_it_alone(stand_ins: StandIns) -> None:
    first = stand_ins.start()
    stand_ins.until_printed("Everything is running")
    second = stand_ins.start()
    assert second.wait(PATIENCE_SECONDS) == 1
    assert f"already running from this folder (process {first.pid})" in stand_ins.printed()
    assert first.poll() is None
    assert stand_ins.redis_is_up()


def test_after_a_killed_run_the_next_one_starts(stand_ins: StandIns) -> None:
    first = stand_ins.start()
    stand_ins.until_printed("Everything is running")
    first.kill()
    first.wait()
    os.kill(stand_ins.pid("grandchild"), signal.SIGKILL)
    until(lambda: not stand_ins.redis_is_up())
    (stand_ins.folder / "printed").unlink()
    stand_ins.start()
    stand_ins.until_printed("Everything is running")
