"""Where keys come from: the environment or a file, never both, and the bot reads the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from handoff.settings import SettingsError, load
from tests.privacy.bot_keys import keys_as_the_bot_reads_them
from tests.privacy.conftest import NEW, OLD, text_of


def test_keys_are_read_from_a_file(given: Callable[..., None], tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(f"{text_of(NEW)}\n{text_of(OLD)}\n")
    given(WARMLINE_KEYS_FILE=str(file))
    assert load().fernet_keys() == (text_of(NEW), text_of(OLD))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "can't be read (No such file or directory)"),
        (b"", "is empty. Put the keys into it"),
        (b"\xff\xfe", "can't be read (it is no text)"),
        (b"no key", "WARMLINE_KEYS is not usable"),
    ],
)
def test_a_file_of_no_use_is_said_in_one_sentence(
    given: Callable[..., None], tmp_path: Path, content: bytes | None, said: str
) -> None:
    file = tmp_path / "keys"
    if content is not None:
        file.write_bytes(content)
    given(WARMLINE_KEYS_FILE=str(file))
    with pytest.raises(SettingsError) as wrong:
        load()
    (line,) = wrong.value.lines
    assert said in line
    assert "no key" not in line


def test_keys_in_two_places_are_refused(given: Callable[..., None], tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(text_of(NEW))
    given(WARMLINE_KEYS=text_of(OLD), WARMLINE_KEYS_FILE=str(tmp_path / "keys"))
    with pytest.raises(SettingsError, match="are both set"):
        load()


def test_the_bot_reads_the_same_file(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(f"{text_of(NEW)},\n{text_of(OLD)}\n")
    assert keys_as_the_bot_reads_them(WARMLINE_KEYS_FILE=str(file)) == [text_of(NEW), text_of(OLD)]
    assert "are both set" in str(keys_as_the_bot_reads_them(WARMLINE_KEYS_FILE=str(file), WARMLINE_KEYS=text_of(OLD)))
    assert "can't be read" in str(keys_as_the_bot_reads_them(WARMLINE_KEYS_FILE=str(tmp_path / "none")))
