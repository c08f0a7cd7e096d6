"""What a line writes: settings, hotlines, wording, opening hours, resources, saved replies, scenarios."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from unittest.mock import patch

import yaml
from hypothesis import strategies as st

from handoff.saved_replies import load_saved_replies
from handoff.settings import Settings, SettingsError, load, variable
from handoff.simulation.scenario import load_scenario
from handoff.simulation.scenario_errors import ScenarioError
from handoff.wording.crisis_files import load_crisis_wording
from handoff.wording.hotline_files import load_hotlines
from handoff.wording.opening_hours import load_opening_hours
from handoff.wording.page_files import load_page_wording
from handoff.wording.reading import WordingError
from handoff.wording.system_files import load_system_wording
from tests.conftest import TEST_KEY
from tests.security.fuzz.near import TEXTS, bent, wire
from tests.security.fuzz.target import Feed, Target

WORDING = Path("handoff/wording")
DEEP = 1500
"""Nested so deep; YAML takes far longer over it than JSON."""
HOURS = "hours:\n  timezone: Europe/London\n  open:\n    - {days: mon-fri, from: '18:00', to: '02:00'}\n"


def written(text: str) -> st.SearchStrategy[bytes]:
    """A YAML file with a few things wrong in its values, or in its bytes. JSON is YAML, and quicker to write."""
    content = yaml.load(text, Loader=yaml.BaseLoader)
    return wire([content], DEEP) | bent(text.encode(), DEEP)


def in_a_copy(
    source: Path, name: str, load_it: Callable[[Path], object]
) -> Callable[[], AbstractAsyncContextManager[Feed]]:
    """One file of a copy of the folder is replaced by each input; `load_it` is given the copy."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Feed]:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "copy"
            shutil.copytree(source, copy)

            async def fed(content: bytes) -> None:
                (copy / name).write_bytes(content)
                load_it(copy)

            yield fed

    return opened


def of_folder(what: str, source: Path, name: str, load_it: Callable[[Path], object], share: int = 2) -> Target:
    text = (source / name).read_text(encoding="utf-8")
    return Target(what, written(text), in_a_copy(source, name, load_it), (WordingError,), share)


@asynccontextmanager
async def _one_file(load_it: Callable[[Path], object]) -> AsyncIterator[Feed]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "file.yml"

        async def fed(content: bytes) -> None:
            file.write_bytes(content)
            load_it(file)

        yield fed


GOOD = {
    "WARMLINE_KEYS": TEST_KEY, "WARMLINE_BOT_TOKEN": "t" * 32, "WARMLINE_SESSION_SECRET": "s" * 64,
    "WARMLINE_PSEUDONYM_SECRET": "p" * 64,
}  # fmt: skip


@asynccontextmanager
async def _settings() -> AsyncIterator[Feed]:
    async def fed(given: dict[str, str]) -> None:
        with patch.dict(os.environ, {**GOOD, **given}):
            load().policy()

    yield fed


_VALUE = st.one_of(
    st.sampled_from([each for each in TEXTS if "\x00" not in each]),
    st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=30),
    st.integers().map(str),
    st.sampled_from(["https://x", "http://[", "https://x/ y", "redis://", "redis://h:99999/x", "sqlite:///x", "a,,b"]),
).filter(lambda each: each.isprintable() or "\n" in each)  # fmt: skip
_NAMES = sorted({variable(name) for name in Settings.model_fields})
_VALUES = st.dictionaries(st.sampled_from(_NAMES), _VALUE, max_size=4)

FILES = (
    Target("settings", _VALUES, _settings, (SettingsError,), 1),
    of_folder("hotlines", WORDING / "hotlines", "countries/gb.yml", load_hotlines, 1),
    of_folder("emergency numbers", WORDING / "hotlines", "emergency.yml", load_hotlines, 1),
    of_folder("system wording", WORDING, "en/system.yml", load_system_wording, 1),
    of_folder("page wording", WORDING, "en/web.yml", lambda folder: load_page_wording("web.yml", folder), 1),
    of_folder("card wording", WORDING, "en/crisis.yml", lambda folder: load_crisis_wording("en", folder), 1),
    of_folder("saved replies", WORDING / "saved_replies", "en.yml", load_saved_replies, 1),
    Target("opening hours", written(HOURS), lambda: _one_file(load_opening_hours), (WordingError,), 3),
    Target("scenarios", written(Path("handoff/simulation/example.yml").read_text(encoding="utf-8")),
           lambda: _one_file(load_scenario), (WordingError, ScenarioError), 2),
)  # fmt: skip
