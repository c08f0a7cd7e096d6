"""Whether a text can be read at all: what can't is never taken for calm, and English as people type it is read."""

from __future__ import annotations

import pytest

from handoff.core.risk import Modifier, Tier
from handoff.screening import RiskScreen
from models.screen import language

FOREIGN = [
    "zmeczony jestem i nie chce mi sie zyc",
    "nu mai vreau sa traiesc",
    "jag orkar inte leva längre",
    "en halua enää elää",
    "nem akarok tovább élni",
    "saya ingin mati",
    "non voglio più vivere",
    "khong muon song nua",
    "mujhe bahut akela lagta hai",
    "добрый вечер, мне очень плохо",
    "もう疲れました",
]
READ = [
    "im so tierd n i cant sleeep",
    "ngl today was kinda mid",
    "idk wot 2 do tbh",
    "hiya",
    "ok",
    "hola, necesito hablar con alguien",
    "ich bin so müde von allem",
    "je ne sais plus quoi faire",
    "eu não aguento mais",
    "🙂🙂",
    "qwrtp sdfgh jkl",
    "asdkjh qwe zzz",
]


@pytest.fixture(scope="module")
def screen() -> RiskScreen:
    return RiskScreen()


@pytest.mark.parametrize("text", FOREIGN)
def test_a_language_we_cannot_read_is_never_a_silent_calm(screen: RiskScreen, text: str) -> None:
    seen = screen.read(text)
    assert Modifier.LANGUAGE_UNKNOWN in seen.modifiers
    assert seen.tier >= Tier.CONCERN


@pytest.mark.parametrize("text", READ)
def test_what_we_read_and_what_is_no_language_is_not_held_foreign(screen: RiskScreen, text: str) -> None:
    assert Modifier.LANGUAGE_UNKNOWN not in screen.read(text).modifiers


def test_without_the_word_list_nothing_in_our_script_is_held_foreign(
    screen: RiskScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language, "common_english", frozenset)
    assert Modifier.LANGUAGE_UNKNOWN not in screen.read("saya ingin mati").modifiers
    assert Modifier.LANGUAGE_UNKNOWN in screen.read("добрый вечер, мне плохо").modifiers
