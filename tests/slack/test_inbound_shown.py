"""What is read back from a message of ours: a person's words, and nothing around them."""

from __future__ import annotations

from connectors.slack.shown import words_in
from connectors.slack.text import message, paragraph, quote, rich, run, small


def test_heads_quotes_and_small_print_are_left_out() -> None:
    shown = message(
        "New message",
        [
            small("may be a repeat"),
            rich(paragraph(run("k5xq", bold=True)), quote(run("before")), paragraph(run("yes"))),
        ],
    )
    assert words_in(shown) == "yes"


def test_long_words_that_took_several_blocks_are_put_together() -> None:
    first, second = rich(paragraph(run("k5xq", bold=True)), paragraph(run("one"))), rich(paragraph(run("two")))
    assert words_in(message("New message", [first, second])) == "one\ntwo"


def test_what_slack_made_elements_of_is_read_as_it_was_written() -> None:
    heart = {"type": "emoji", "name": "heart", "unicode": "2764-fe0f"}
    link = {"type": "link", "url": "https://example.org"}
    assert (
        words_in(message("", [rich(paragraph(run("see "), link, run(" "), heart))]))
        == "see https://example.org \u2764\ufe0f"
    )


def test_a_message_without_anybodys_words_is_empty() -> None:
    assert words_in({"text": "New message"}) == words_in(message("x", [small("closed")])) == ""
