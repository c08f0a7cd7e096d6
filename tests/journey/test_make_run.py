"""`make run` itself: what it prints, a second one beside it, and one Ctrl-C."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handoff.running.probes import http_answers
from tests.journey.processes import MakeRun, is_alive

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_it_prints_where_everything_is_refuses_a_second_and_one_interrupt_ends_all_of_it(tmp_path: Path) -> None:
    run = MakeRun(tmp_path, WARMLINE_RASA_URL="http://127.0.0.1:1")
    await run.start()
    try:
        chat, link, log = (
            re.search(rf"{name} +(\S+)", run.printed) for name in ("Web chat ", "Console ", "Log ")
        )  # fmt: skip
        assert chat is not None
        assert link is not None
        assert log is not None
        assert http_answers(chat[1])
        assert re.fullmatch(rf"{run.url}/console/sign-in/\S+", link[1])
        assert Path(log[1]).is_file()
        code, said = run.beside()
        assert code == 1
        assert f"already running from this folder ({run.url}, process " in said
        assert http_answers(chat[1])
        started = run.pids()
        assert len(started) >= 2
    finally:
        code = await run.stop()
    assert code == 0
    assert [pid for pid in started if is_alive(pid)] == []
    assert not http_answers(chat[1])
    assert not (run.var / "running.env").exists()
