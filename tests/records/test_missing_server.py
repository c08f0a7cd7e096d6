"""Without PostgreSQL these tests fail and say what to install; they never leave a database out in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.records import postgres_server


def test_a_missing_server_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(postgres_server, "_INSTALLED", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with (
        pytest.raises(postgres_server.PostgresMissing, match="apt-get install -y postgresql"),
        postgres_server.postgres_server(),
    ):
        pass
