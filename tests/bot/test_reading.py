"""What people type, and what the intake reads out of it."""

from __future__ import annotations

import pytest

from bot.reading.heaviness import heaviness
from bot.reading.intake import SKIPPED, Heard, read, summary
from bot.reading.languages import language, language_name
from bot.reading.names import name
from bot.reading.places import country
from bot.reading.plain import HEAD, NOTHING, TAIL, plain
from bot.reading.preferences import preferences
from bot.reading.topics import topics


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("like an 8", 8),
        ("eight", 8),
        ("8/10", 8),
        ("8 out of 10", 8),
        ("pretty bad idk 7?", 7),
        ("between 6 and 8", 8),
        ("5-6", 6),
        ("7.5", 8),
        ("seven and a half", 8),
        ("6ish", 6),
        ("11/10", 10),
        ("70%", 7),
        ("not an 8 anymore, more like a 5", 5),
        ("0", 0),
        ("been like this for 3 weeks, a 9", 9),
        ("half way", 5),
        ("as bad as it gets", 10),
        ("40", None),
        ("-3", None),
        ("really bad", None),
        ("no one listens", None),
        ("for 10 years", None),
        ("", None),
    ],
)
def test_a_number_is_found_however_it_is_written(text: str, wanted: int | None) -> None:
    assert heaviness(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("call me Sam", "Sam"),
        ("im sam", "Sam"),
        ("my name's o'brien", "O'brien"),
        ("no my name is Jo", "Jo"),
        ("uh just ruth", "Ruth"),
        ("you can call me big joe please", "Big Joe"),
        ("Zoë", "Zoë"),
        ("رنا", "رنا"),
        ("i'm not sure", None),
        ("im so tired", None),
        ("i am scared of everything", None),
        ("hello", None),
        ("12345", None),
        ("a" * 60, None),
        ("<script>alert(1)</script>", None),
    ],
)
def test_a_name_is_taken_and_a_feeling_is_not(text: str, wanted: str | None) -> None:
    assert name(text, asked=True) == wanted


def test_a_bare_word_is_a_name_only_when_one_was_asked_for() -> None:
    assert name("sam", asked=True) == "Sam"
    assert name("sam", asked=False) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("uk", "GB"),
        ("im in ireland", "IE"),
        ("northern ireland", "GB"),
        ("from spain but i live in portugal", "PT"),
        ("not germany, austria", "AT"),
        ("I'm British", "GB"),
        ("the US", "US"),
        ("de", "DE"),
        ("south korea", "KR"),
        ("tell us why", None),
        ("no", None),
        ("in my head", None),
        ("nowhere", None),
    ],
)
def test_a_country_is_known_by_name_nation_city_or_code(text: str, wanted: str | None) -> None:
    assert country(text, asked=True) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("English please", "en"),
        ("español", "es"),
        ("my english isn't good, polish", "pl"),
        ("i dont speak english, french", "fr"),
        ("en", "en"),
        ("no", None),
        ("anything", None),
    ],
)
def test_a_language_is_known_by_its_names(text: str, wanted: str | None) -> None:
    assert language(text, asked=True) == wanted


def test_languages_are_shown_by_name() -> None:
    assert (language_name("en"), language_name("xx")) == ("English", "xx")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("my mum died and i cant sleep, work is a mess", ["grief", "work_study"]),
        ("anxiety and money stress", ["anxiety", "stress"]),
        ("i look after my dad who has dementia", ["caring"]),
        ("me and my boyfriend broke up", ["relationships"]),
        ("my parents fight all day", ["family"]),
        ("i hear voices sometimes", ["unusual_experiences"]),
        ("its not work, its my drinking", ["substance_use"]),
        ("long_term_illness", ["long_term_illness"]),
        ("something else", ["other"]),
        ("hello there", []),
        ("it didn't work out", []),
    ],
)
def test_topics_are_found_in_somebodys_own_words(text: str, wanted: list[str]) -> None:
    assert topics(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a woman about my age", ["similar_age", "woman"]),
        ("someone who's been through it", ["shared_experience"]),
        ("not a man", ["not_a_man"]),
        ("i don't mind", []),
        ("what time is it", None),
    ],
)
def test_wishes_are_read_and_no_wish_is_one_too(text: str, wanted: list[str] | None) -> None:
    assert preferences(text) == wanted


@pytest.mark.parametrize(
    ("heard", "filled"),
    [
        (Heard("sam", "nlu_fallback", 0.2, "name"), {"name": "Sam"}),
        (Heard("rather not", "skip", 0.9, "name"), {"name": SKIPPED}),
        (Heard("no", "deny", 0.9, "topics"), {"topics": SKIPPED}),
        (Heard("everything went wrong this year", "feelings", 0.9, "topics"), {"topics": ["other"]}),
        (Heard("is it free", "ask_cost", 0.9, "topics"), {}),
        (Heard("", "tell_heaviness", 1.0, "heaviness", {"heaviness": "9"}), {"heaviness": 9}),
        (Heard("", "tell_topics", 1.0, "topics", {"topics": "grief"}), {"topics": ["grief"]}),
        (Heard("", "tell_heaviness", 1.0, "heaviness", {"heaviness": "99"}), {}),
        (Heard("yes", "affirm", 0.9, "share"), {"share": True}),
        (Heard("no", "deny", 0.9, "share"), {"share": False}),
        (Heard("make it 6", "tell_heaviness", 0.9, "language", {}, {"heaviness": 8}), {"heaviness": 6}),
        (Heard("no my name is jo", "correct", 0.9, "country", {}, {"name": "Joe"}), {"name": "Jo"}),
        (Heard("talk to a person", "ask_person", 0.9, "preferences"), {}),
    ],
)
def test_a_message_fills_what_it_answers_and_nothing_else(heard: Heard, filled: dict[str, object]) -> None:
    assert read(heard) == filled


def test_a_summary_leaves_out_what_was_skipped_or_never_asked() -> None:
    told = summary({"name": SKIPPED, "topics": ["grief"], "heaviness": 7, "share": None, "brings": "words"})
    assert told == {"topics": ["grief"], "heaviness": 7, "preferences": [], "share": None}


def test_what_somebody_wrote_is_not_in_the_repr_of_what_was_heard() -> None:
    assert "secret" not in repr(Heard("secret", "feelings", picked={"topics": "secret"}, known={"name": "secret"}))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("  hi\u200b   there\n", "hi there"),
        ("👍", "yes"),
        ("😭😭", "i feel so sad"),
        ("🪴", NOTHING),
        ("   ", NOTHING),
        ("ｈｅｌｌｏ", "hello"),
    ],
)
def test_text_reaches_the_bot_plain_and_never_empty(text: str, wanted: str) -> None:
    assert plain(text) == wanted


def test_a_very_long_text_keeps_its_beginning_and_its_end() -> None:
    shortened = plain("start " + "x" * 200_000 + " end")
    assert shortened.startswith("start ")
    assert shortened.endswith(" end")
    assert len(shortened) <= HEAD + TAIL + 1
