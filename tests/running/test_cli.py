from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from handoff.running.own_secrets import fresh
from handoff.settings import load

WARMLINE = str(Path(sys.executable).with_name("warmline"))


def _run(*words: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [WARMLINE, *words],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_fresh_secrets_are_all_that_the_settings_require(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    printed = _run("secrets", folder=tmp_path).stdout
    (tmp_path / ".env").write_text(printed)
    monkeypatch.chdir(tmp_path)
    assert load().port == 8080
    assert _run("secrets", folder=tmp_path).stdout != printed


def test_the_doctor_without_any_settings_names_each_missing_one_and_fails(tmp_path: Path) -> None:
    done = _run("doctor", folder=tmp_path)
    assert done.returncode == 1
    for name in fresh():
        assert f"{name} is not set" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_serving_with_a_wrong_value_is_one_line_without_a_trace(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(_run("secrets", folder=tmp_path).stdout)
    done = _run("serve", folder=tmp_path, WARMLINE_PORT="eighty")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "WARMLINE_PORT is 'eighty', which is not usable (Input should be a valid integer, "
        "unable to parse string as an integer). Give a port number such as 8080."
    ]


def test_the_shipped_hotlines_can_be_read(tmp_path: Path) -> None:
    done = _run("hotlines", "check", folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "rows can be read" in done.stdout.splitlines()[-1]


def test_the_screen_answers_each_line_while_the_next_is_not_there_yet(tmp_path: Path) -> None:
    with subprocess.Popen([WARMLINE, "screen"], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as screen:
        assert screen.stdin is not None
        assert screen.stdout is not None
        for line in (b"good morning\n", b'{"text": "thanks", "context": ["hello"]}\n', b"\xff\xfe\n", b"\n"):
            screen.stdin.write(line)
            screen.stdin.flush()
            answer = json.loads(screen.stdout.readline())
            assert set(answer) >= {"tier", "domains", "subject", "signals", "score"}
        screen.stdin.close()
        assert screen.wait(60) == 0


def test_a_reader_that_leaves_the_screen_is_no_trace(tmp_path: Path) -> None:
    command = f"yes hello | {WARMLINE} screen | head -1"
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert json.loads(done.stdout)["tier"] == 0
    assert done.stderr == ""


@pytest.fixture
def desk(tmp_path: Path, redis_url: str) -> Callable[..., subprocess.CompletedProcess[str]]:
    (tmp_path / ".env").write_text(_run("secrets", folder=tmp_path).stdout)

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return _run(*words, folder=tmp_path, REDIS_URL=redis_url)

    return run


def test_a_supporter_is_added_listed_changed_and_removed(desk: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    added = desk("supporters", "add", "--name", "Sam", "--topic", "grief", "--language", "en", "--language", "es")
    assert added.stdout == "Sam is on the roster. For a sign-in link: warmline signin-link sam\n", added.stderr
    assert desk("supporters", "list").stdout.split()[:6] == ["sam", "Sam", "supporter,", "basic,", "en", "es,"]
    desk("supporters", "add", "--name", "Samira", "--id", "sam", "--lead", "--training", "senior")
    assert desk("supporters", "list").stdout.split()[:4] == ["sam", "Samira", "lead,", "senior,"]
    assert "sam was removed" in desk("supporters", "remove", "sam").stdout
    assert desk("supporters", "list").stdout == "Nobody yet. Add one: warmline supporters add --name Sam\n"


def test_a_sign_in_link_for_the_demo_supporter_needs_no_preparation(
    desk: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    first, second = desk("signin-link", "--demo").stdout, desk("signin-link", "--demo").stdout
    assert first.startswith("http://127.0.0.1:8080/console/")
    assert first != second


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("signin-link", "nobody"), "warmline supporters add"),
        (("signin-link",), "warmline supporters list"),
        (("supporters", "remove", "nobody"), "warmline supporters list"),
        (("supporters", "add", "--name", "Sam", "--topic", "weather"), "Take of these: abuse, anxiety"),
        (("supporters", "add", "--name", "\u4e2d"), "--id"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_with_the_next_step(
    desk: Callable[..., subprocess.CompletedProcess[str]], words: tuple[str, ...], hint: str
) -> None:
    done = desk(*words)
    assert done.returncode == 1
    assert hint in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_without_redis_the_desk_says_where_to_look(tmp_path: Path, free_port: Callable[[], int]) -> None:
    (tmp_path / ".env").write_text(_run("secrets", folder=tmp_path).stdout)
    done = _run("supporters", "list", folder=tmp_path, REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    assert done.returncode == 1
    assert "correct REDIS_URL" in done.stderr
    assert "Traceback" not in done.stderr
    assert ".." not in done.stderr
