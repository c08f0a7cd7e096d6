"""Entries as messages: who speaks, cards with their numbers, files, changes, feedback."""

from __future__ import annotations

import string
from pathlib import Path
from typing import Any

import pytest

from connectors.telegram.rendering import Key, letter, mood_keys, transcript
from handoff.core.entries import Button, Entry, EntryKind, Speaker
from handoff.core.line import CardWish, moment
from handoff.core.risk import Tier
from handoff.wording.page_files import load_page_wording
from tests.core.making import NOW, heard, line

TEXTS = load_page_wording("telegram.yml")
ROOT = Path(__file__).parents[2]


def say(key: str, **values: object) -> str:
    text: str = TEXTS["en"]["texts"][key]
    return text.format_map(values) if values else text


def entry(speaker: Speaker = Speaker.BOT, kind: EntryKind = EntryKind.TEXT, **more: Any) -> Entry:
    return Entry(seq=1, id="e", at=NOW, conversation="c", speaker=speaker, kind=kind, **more)


def test_a_supporter_is_named_and_the_bot_is_not() -> None:
    theirs = letter(entry(Speaker.SUPPORTER, name="Sam", text="hello"), say)
    assert theirs.words.text == "Sam\nhello"
    assert theirs.words.marks[0].length == 3
    assert letter(entry(text="hello"), say).words.text == "hello"


def test_quick_replies_stand_one_below_the_other() -> None:
    asked = letter(entry(text="?", buttons=(Button("Yes", "/affirm"), Button("No", "/deny"))), say)
    assert asked.rows == ((Key("Yes", "/affirm"),), (Key("No", "/deny"),))


@pytest.mark.parametrize("tier", [Tier.PASSIVE, Tier.IMMINENT])
def test_a_card_has_every_number_and_its_headline_stands_out(tier: Tier) -> None:
    wish = CardWish(
        assessment=heard(tier), country="GB", language="en", topics=(), staffed=True, live=False, at=moment(NOW)
    )
    card = line().card(wish)
    shown = letter(entry(kind=EntryKind.CARD, text=card.text, body=card.body), say).words
    assert all(each["how"] in shown.text for each in card.body["lines"])
    assert card.body["emergency"]["number"] in shown.text
    assert shown.text.startswith(card.body["headline"])
    assert shown.marks[0].length == len(card.body["headline"])


def test_feedback_is_one_row_from_one_to_five_and_moods_are_eleven() -> None:
    [row] = letter(entry(kind=EntryKind.FEEDBACK, text="how was it", body={"conversation": "c"}), say).rows
    assert [key.title for key in row] == ["1", "2", "3", "4", "5"]
    assert [key.title for row in mood_keys("c", 4) for key in row] == [str(each) for each in range(11)]


def test_a_file_brings_its_words_along() -> None:
    sent = letter(entry(Speaker.SUPPORTER, EntryKind.FILE, name="Sam", text="look", body={"file": "f1"}), say)
    assert (sent.file, sent.words.text) == ("f1", "Sam\nlook")


def test_what_cannot_be_changed_in_its_place_is_said() -> None:
    assert (
        "Correction: better"
        in letter(entry(Speaker.SUPPORTER, EntryKind.EDIT, name="Sam", text="better"), say).words.text
    )
    assert say("taken_back") in letter(entry(Speaker.SUPPORTER, EntryKind.UNSAID, name="Sam"), say).words.text


def test_an_export_reads_like_a_conversation() -> None:
    entries = [entry(Speaker.SEEKER, text="hello"), entry(Speaker.SUPPORTER, name="Sam", text="hi")]
    text = transcript(entries, lambda at: "today", say)
    assert text.splitlines()[2:] == ["today  You", "hello", "", "today  Sam", "hi", ""] or "today  You\nhello" in text


def test_every_language_says_the_same_with_the_same_places() -> None:
    english = TEXTS["en"]["texts"]
    for language, file in TEXTS.items():
        assert file["texts"].keys() == english.keys(), language
        for key, text in file["texts"].items():
            assert _places(text) == _places(english[key]), (language, key)


def test_every_sentence_is_said_somewhere() -> None:
    code = "".join(path.read_text() for path in (ROOT / "connectors" / "telegram").glob("*.py"))
    built = ("menu_", "export_", "file_", "not_", "command_", "report_")
    unused = [key for key in TEXTS["en"]["texts"] if f'"{key}"' not in code and not key.startswith(built)]
    assert unused == []


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
