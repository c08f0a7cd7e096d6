"""What Slack makes of typed words, turned back into what was meant; never an id, never a colleague's name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.slack.plain import EMOJI, RELAYED, plain


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tea &amp; cake", "tea & cake"),
        ("I &lt;3 you &gt; all", "I <3 you > all"),
        ("&amp;lt; stays", "&lt; stays"),
        ("<@U123> said so", "somebody said so"),
        ("<@U123|robin> said so", "somebody said so"),
        ("<!here> and <!subteam^S1|@leads>", "somebody and somebody"),
        ("<#C1|general>", "#general"),
        ("<#C1>", "somebody"),
        ("<https://example.org>", "https://example.org"),
        ("<https://example.org|example.org>", "example.org"),
        ("<https://example.org/|example.org>", "example.org"),
        ("<https://example.org/a|this page>", "this page (https://example.org/a)"),
        ("<https://example.org/?a=1&amp;b=2>", "https://example.org/?a=1&b=2"),
        ("<mailto:a@example.org|a@example.org>", "a@example.org"),
        ("<tel:+3531234|call this>", "call this (+3531234)"),
        ("<!date^1392734382^{date}|18 February>", "18 February"),
        (":heart: :+1::skin-tone-4: :never_heard_of:", "❤️ 👍 :never_heard_of:"),
        ("at 10:30:45", "at 10:30:45"),
        ("  two\nlines  ", "two\nlines"),
        ("a < b", "a < b"),
        ("", ""),
    ],
)
def test_words_as_they_were_meant(typed: str, meant: str) -> None:
    assert plain(typed, "somebody") == meant


def test_every_reaction_that_is_passed_on_has_a_sign() -> None:
    assert set(EMOJI) >= RELAYED


@given(st.text())
def test_whatever_was_typed_is_meant_as_it_was_typed(said: str) -> None:
    escaped = said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if ":" not in said:
        assert plain(escaped, "somebody") == said.strip()
