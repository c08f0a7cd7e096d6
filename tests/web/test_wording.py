"""The web chat's texts: every language says everything, and the page asks for nothing that is not there."""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import Any

import pytest

from tests.web.house import WORDING, make_options, texts

PAGE = Path("connectors/web")
LANGUAGES = sorted(path.parent.name for path in WORDING.glob("*/web.yml"))
SAID = re.compile(r"""say\(\s*["']([a-z_.]+)["']""")
REFUSED = re.compile(r"""(?:BadFrame|refusal|_sentence|_refuse|_refused|Refusal|bye|_leave)\(\s*"([a-z_]+)\"""")


def flat(content: Any, path: str = "") -> dict[str, Any]:
    """Every text by its path."""
    if isinstance(content, dict):
        return {key: text for name, part in content.items() for key, text in flat(part, f"{path}.{name}").items()}
    return {path.removeprefix("."): content}


def places(text: object) -> list[str]:
    """The `{name}` places of a text."""
    whole = text if isinstance(text, str) else repr(sorted(map(str, text))) if isinstance(text, list) else ""
    if isinstance(text, list):
        return []
    return sorted(name for _, name, _, _ in string.Formatter().parse(whole) if name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything_with_the_same_places(language: str) -> None:
    english, other = flat(texts("en")), flat(texts(language))
    assert other.keys() == english.keys()
    assert {key: places(text) for key, text in other.items()} == {key: places(text) for key, text in english.items()}
    assert all(text for key, text in other.items() if key != "reviewed_by")


@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_are_equally_long_where_the_page_counts_on_it(language: str) -> None:
    for path in ("feedback.ratings", "exercise.breathing"):
        assert len(flat(texts(language))[path]) == len(flat(texts("en"))[path])


def test_every_text_that_the_page_asks_for_is_there() -> None:
    known = flat(texts("en")) | dict.fromkeys(texts("en"))
    asked = {path for file in (PAGE / "static").glob("*.js") for path in SAID.findall(file.read_text(encoding="utf-8"))}
    assert asked - known.keys() == set()
    assert len(asked) > 60


def test_every_refusal_has_a_sentence_and_every_sentence_a_use() -> None:
    code = "\n".join(file.read_text(encoding="utf-8") for file in PAGE.glob("*.py"))
    known = set(texts("en")["refusals"])
    asked = set(REFUSED.findall(code)) | {"hello_first", "bad_origin", "file_kind", "file_broken"}
    assert asked == known
    for each in known:
        assert "{" not in make_options().refusal(each, "es")


def test_the_protocols_page_names_every_refusal_and_frame() -> None:
    page = Path("docs/web-protocol.md").read_text(encoding="utf-8")
    for code in texts("en")["refusals"]:
        assert f"`{code}`" in page, code


def test_the_shell_of_the_page_is_complete_and_escaped() -> None:
    from connectors.web.page import shells

    made = shells(make_options(line_name="<b>Harbour & Light</b>", leave_url='/weather"onload="x'))
    assert set(made) == set(LANGUAGES)
    for html in made.values():
        assert "$" not in html
        assert "&lt;b&gt;Harbour &amp; Light&lt;/b&gt;" in html
        assert 'data-leave="/weather&quot;onload=&quot;x"' in html
