"""The ledger finds what is wrong: a good history, broken on purpose in every way that it has a check for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.chaos import ledger, owners
from tests.chaos.history import Audited, History, Kind, Line, Place, View, line_of
from tests.chaos.marks import Mark, marks_in

ANN, CHAT = "ann", "talk"
CHECKS = {**ledger.CHECKS, **owners.CHECKS}


def said(*words: str) -> tuple[Line, ...]:
    """Lines of one conversation; who speaks follows from the mark, and "card" and "notice" are what they say."""
    return tuple(map(_line, words))


def _line(words: str) -> Line:
    speakers = {"s": "seeker", "p": "supporter", "b": "bot", "c": "system", "n": "system"}
    kinds = {"card": Kind.CARD, "notice": Kind.NOTICE}
    speaker, kind = speakers[words.removeprefix("again ")[0]], kinds.get(words, Kind.WORDS)
    return line_of(speaker, words, kind=kind, conversation=CHAT, again="again")


LINES = said("s1-1", "b1-1", "p1-1", "s1-2", "card", "s1-3", "p1-2")
GOOD = History(
    said=frozenset(mark for each in LINES for mark in each.marks if mark.by != "b"),
    crises=frozenset(marks_in("s1-2")),
    chats={1: View(Place.WEB, LINES)},
    feeds={1: View(Place.WEB, LINES)},
    desks={CHAT: (View(Place.CONSOLE, LINES, ANN),)},
    heard=frozenset(marks_in("s1-1")),
    audit=(Audited("queue", "entered", CHAT), Audited(ANN, "accepted", CHAT)),
    capacity={ANN: 1, "ben": 1},
    crowded={ANN: 1},
    holders={CHAT: ANN},
)


def with_chat(*words: str, place: Place = Place.WEB, **more: Any) -> History:
    """The same, with this in the seeker's chat and in the store."""
    view = View(place, said(*words))
    return replace(GOOD, chats={1: view}, feeds={1: view}, **more)


def with_desk(*words: str, place: Place = Place.CONSOLE, **more: Any) -> History:
    return replace(GOOD, desks={CHAT: (View(place, said(*words), ANN),)}, **more)


def audited(*rows: tuple[str, str], **more: Any) -> History:
    return replace(GOOD, audit=tuple(Audited(actor, action, CHAT, {"to": "ben"}) for actor, action in rows), **more)


def test_a_good_history_has_nothing_wrong() -> None:
    assert {name: check(GOOD) for name, check in CHECKS.items()} == {name: [] for name in CHECKS}


BROKEN: dict[str, tuple[str, History]] = {
    "a line of the supporter's that never came": ("messages lost", with_chat("s1-1", "p1-1", "s1-2", "card", "s1-3")),
    "a line of the seeker's that never came": ("messages lost", with_desk("s1-1", "p1-1", "s1-2", "p1-2")),
    "heard by nobody, not even the bot": ("messages lost", with_desk("s1-2", "s1-3", heard=frozenset())),
    "gone from the desk of who holds it now": (
        "messages lost",
        replace(GOOD, desks={CHAT: (View(Place.CONSOLE, LINES, "ben"), View(Place.CONSOLE, LINES[:2], ANN))}),
    ),
    "a page that lost a line": (
        "chats that differ from the store", replace(GOOD, chats={1: View(Place.WEB, LINES[1:])}),
    ),
    "a card that was kept and not shown": (
        "chats that differ from the store",
        replace(GOOD, chats={1: View(Place.TELEGRAM, tuple(each for each in LINES if each.kind is not Kind.CARD))}),
    ),
    "sent although it was refused": (
        "refused, and sent all the same", replace(GOOD, refused=frozenset({Mark("p", 1, 2)})),
    ),
    "out of order in the chat": ("messages out of order", with_chat("s1-1", "p1-2", "p1-1", "s1-2", "card", "s1-3")),
    "out of order at the desk": ("messages out of order", with_desk("s1-1", "s1-3", "s1-2", "p1-1", "p1-2")),
    "twice on the web": ("messages doubled, unmarked", with_chat("s1-1", "p1-1", "p1-1", "s1-2", "card", "s1-3")),
    "twice on the web, marked, which the web has no need of": (
        "messages doubled, unmarked", with_chat("s1-1", "p1-1", "again p1-1", answers_lost=True),
    ),
    "twice on Telegram, unmarked": (
        "messages doubled, unmarked", with_chat("p1-1", "p1-1", place=Place.TELEGRAM, answers_lost=True),
    ),
    "twice on Telegram, marked, with no answer lost": (
        "messages doubled, unmarked", with_chat("p1-1", "again p1-1", place=Place.TELEGRAM),
    ),
    "twice in Slack, unmarked": (
        "messages doubled, unmarked", with_desk("s1-1", "s1-1", place=Place.SLACK, answers_lost=True),
    ),
    "the bot after the supporter": ("lines of the bot over a supporter", with_chat("s1-1", "p1-1", "b1-1")),
    "the bot after a notice, though nobody gave the word back": (
        "lines of the bot over a supporter", with_chat("s1-1", "p1-1", "notice", "b1-1"),
    ),
    "no card after words of danger": ("crisis cards missing", with_chat("s1-1", "card", "p1-1", "s1-2", "s1-3")),
    "words of danger that were not kept": ("crisis cards missing", with_chat("s1-1", "p1-1", "s1-3")),
    "a card that nobody confirmed": ("crisis cards not confirmed", replace(GOOD, unconfirmed=frozenset({CHAT}))),
    "records that wait for ever": ("records not written", replace(GOOD, unwritten=3)),
    "a line under a number that was another's": ("numbers of lines used twice", replace(GOOD, clashes=1)),
    "open at a desk, taken by nobody": ("open at two desks at once", replace(GOOD, audit=(), holders={})),
    "taken twice": (
        "conversations with two owners, or none",
        audited((ANN, "accepted"), ("ben", "accepted"), holders={CHAT: "ben"}),
    ),
    "held by somebody else than the audit says": (
        "conversations with two owners, or none", replace(GOOD, holders={CHAT: "ben"}),
    ),
    "held by nobody though it was taken": ("conversations with two owners, or none", replace(GOOD, holders={})),
    "open at two desks, taken once": (
        "open at two desks at once",
        replace(GOOD, desks={CHAT: (View(Place.CONSOLE, LINES, ANN), View(Place.SLACK, LINES, "ben"))}),
    ),
    "more than fit, by the audit": ("supporters over capacity", replace(GOOD, capacity={ANN: 0})),
    "more than fit, at the desk": ("supporters over capacity", replace(GOOD, crowded={ANN: 2})),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_broken_is_found(what: str) -> None:
    name, history = BROKEN[what]
    assert CHECKS[name](history) != []


def test_every_check_was_seen_to_fail() -> None:
    assert {name for name, _ in BROKEN.values()} == CHECKS.keys()


def test_a_marked_repeat_is_counted_and_no_fault_where_an_answer_was_lost() -> None:
    history = with_chat("s1-1", "p1-1", "again p1-1", place=Place.TELEGRAM, answers_lost=True)
    assert ledger.doubled(history) == []
    assert ledger.repeats_marked(history) == 1


def test_the_bot_may_speak_again_once_the_supporter_gave_the_word_back() -> None:
    history = with_chat("s1-1", "p1-1", "notice", "b1-1", audit=(Audited("queue", "requeued", CHAT),))
    assert ledger.bot_after_supporter(history) == []


def test_a_line_of_the_bot_that_was_overtaken_need_not_reach_telegram() -> None:
    chat = View(Place.TELEGRAM, tuple(each for each in LINES if each.speaker != "bot"))
    assert ledger.other_than_kept(replace(GOOD, chats={1: chat})) == []


@pytest.mark.parametrize(
    ("rows", "holder"),
    [
        ([(ANN, "accepted"), ("queue", "requeued"), ("ben", "accepted")], "ben"),
        ([(ANN, "accepted"), (ANN, "transferred")], "ben"),
        ([(ANN, "accepted"), ("ben", "taken_over")], "ben"),
        ([(ANN, "accepted"), (ANN, "closed")], None),
    ],
)
def test_hands_may_change_one_after_the_other(rows: list[tuple[str, str]], holder: str | None) -> None:
    history = audited(*rows, holders={CHAT: holder} if holder else {})
    assert owners.two_owners(history) == []
    assert owners.over_capacity(history) == []
