"""Threads: the root, what is posted while two people talk, and the transcript."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import pytest

from connectors.slack import posts as posting
from connectors.slack import thread
from connectors.slack.names import Action
from handoff.core.conversation import Intake
from handoff.core.entries import Attachment, AttachmentKind, Entry, EntryKind, Speaker
from handoff.core.risk import Tier
from tests.slack import values as v
from tests.slack.block_kit import message_faults, texts


def all_text(message: dict[str, Any] | None) -> str:
    return "\n".join(texts(message))


def action_ids(message: dict[str, Any]) -> list[str]:
    return [
        each["action_id"] for block in message["blocks"] if block["type"] == "actions" for each in block["elements"]
    ]


def said(*feed: Entry, **more: Any) -> list[str]:
    made = posting.posts(v.words(), v.live(), feed, posted=(0, 0), **more)
    return [all_text(post.message) for post in made if post.message is not None]


# --- the root ---------------------------------------------------------------------------------------------------------


def test_the_root_tells_what_was_shared() -> None:
    shown = all_text(thread.root(v.words(), v.live(), v.bots_part()))
    for part in (v.CANARY, "grief, loneliness", "8 of 10", "sounds hopeless", "the evenings mostly", "English", "GB"):
        assert part in shown


def test_the_root_shows_the_last_lines_alone() -> None:
    shown = all_text(thread.root(v.words(), v.live(), v.bots_part()))
    assert "automated helper" not in shown
    assert "the house is so quiet" in shown


def test_what_is_not_shared_is_neither_in_the_root_nor_in_the_transcript() -> None:
    kept = v.live(intake=Intake(name=v.CANARY, topics=("grief",), heaviness=8, share=False))
    drawn = [thread.root(v.words(), kept, v.bots_part()), *thread.transcript(v.words(), kept, v.bots_part())]
    shown = "\n".join(map(all_text, drawn))
    for part in (v.CANARY, "grief", "8 of 10", "the evenings mostly"):
        assert part not in shown
    assert "7 messages to the bot are not shown, as they asked." in shown
    assert "don't see the point" in shown, "what their safety hangs on is shown"


def test_everything_can_be_done_from_the_root() -> None:
    ids = action_ids(thread.root(v.words(), v.live(), ()))
    wanted = {
        Action.CLOSE, Action.TRANSFER, Action.RELEASE, Action.ESCALATE, Action.RAISE, Action.RESOURCES, Action.REPLIES,
        Action.PAUSE, Action.NOTE, Action.EVERYTHING, Action.REPORT,
    }  # fmt: skip
    assert set(ids) == wanted
    assert set(action_ids(thread.root(v.words(), v.live(), (), lead=True))) == {*wanted, Action.LOWER, Action.BLOCK}


def test_in_a_crisis_releasing_is_asking_for_relief() -> None:
    assert "Ask for relief?" in str(thread.root(v.words(), v.live(tier=Tier.ACTIVE), ()))
    assert "Ask for relief?" not in str(thread.root(v.words(), v.live(), ()))


def test_the_root_says_nothing_in_a_notification() -> None:
    assert thread.root(v.words(), v.live(), v.bots_part())["text"] == "A conversation is yours."


def test_the_crisis_card_is_said_to_be_confirmed_or_not() -> None:
    assert "not confirmed" in all_text(thread.root(v.words(), v.live(card_seq=4), ()))
    assert "was shown on their screen" in all_text(thread.root(v.words(), v.live(card_seq=4, card_confirmed=True), ()))


@pytest.mark.parametrize("why", ["closed", "released", "transferred", "taken", "requeued", "erased", "removed", "odd"])
def test_an_ended_thread_has_no_buttons_and_says_that_nothing_goes_anywhere(why: str) -> None:
    drawn = thread.ended_root(v.words(), pseudonym="k5xqm2ab", why=why, to="Lou")
    assert action_ids(drawn) == []
    assert "reaches nobody" in all_text(drawn)
    assert "k5xq" in all_text(drawn)


# --- posts ------------------------------------------------------------------------------------------------------------


def test_lines_that_follow_each_other_are_joined_in_order() -> None:
    (shown,) = said(v.entry(1, "first"), v.entry(2, "second"), v.entry(3, "third"))
    assert "first\nsecond\nthird" in shown
    assert shown.splitlines()[:2] == ["You have a new message in a conversation.", "k5xq"]


def test_words_are_shown_as_they_are() -> None:
    typed = "<!channel> *bold* <https://evil.example|here> @sam & :wave:"
    (shown,) = said(v.entry(1, typed))
    assert typed in shown


def test_what_the_supporter_wrote_in_the_thread_is_not_repeated() -> None:
    mine = v.entry(1, "hello", speaker=Speaker.SUPPORTER, name="Sam", refers="slack:T1:D1:1.2")
    (post,) = posting.posts(v.words(), v.live(), [mine], posted=(0, 4))
    assert post.message is None
    assert (post.feed_seq, post.margin_seq) == (1, 4)


@pytest.mark.parametrize(
    ("refers", "name", "head"),
    [("c-17", "Sam", "You, in the console"), ("slack:click:9", "Sam", "You"), ("c-17", "Lou", "Lou")],
)
def test_what_came_from_elsewhere_is_posted_with_who_said_it(refers: str, name: str, head: str) -> None:
    (shown,) = said(v.entry(1, "hello", speaker=Speaker.SUPPORTER, name=name, refers=refers))
    assert shown.splitlines()[1:] == [head, "hello"]


def test_what_is_the_seekers_alone_is_passed_over_and_never_quoted() -> None:
    private = replace(v.entry(1, "my plan"), private=True)
    made = posting.posts(v.words(), v.live(), [private, v.entry(2, "hello", answers=1)], posted=(0, 0))
    assert [(post.message is None, post.feed_seq) for post in made] == [(True, 1), (False, 2)]
    assert "my plan" not in all_text(made[1].message)
    drawn = [thread.root(v.words(), v.live(), [private]), *thread.transcript(v.words(), v.live(), [private])]
    assert "my plan" not in "\n".join(map(all_text, drawn))


def test_an_answer_quotes_what_it_answers() -> None:
    asked = v.entry(1, "Who knows about this?", speaker=Speaker.SUPPORTER, name="Sam", refers="slack:T1:D1:1.2")
    shown = said(v.entry(2, "only my sister", answers=1), earlier=[asked])
    assert "in answer to: \nWho knows about this?\nonly my sister" in shown[0]


def test_a_change_says_what_it_was_and_what_it_is() -> None:
    first = v.entry(1, "i can go on", refers="m1")
    changed = v.entry(2, "i can't go on", refers="m1", kind=EntryKind.EDIT)
    (shown,) = said(changed, earlier=[first])
    assert "k5xq changed a message to" in shown
    assert "It was: \ni can go on\ni can't go on" in shown


def test_something_taken_back_is_said() -> None:
    assert "k5xq took a message back" in said(v.entry(1, "", kind=EntryKind.UNSAID))[0]


def test_a_file_comes_with_its_words_and_is_handed_on() -> None:
    voice = Attachment(file="f1", kind=AttachmentKind.VOICE, type="audio/ogg", name="voice.ogg", size=9000, seconds=12)
    entry = v.entry(1, "listen to this", kind=EntryKind.FILE, body=asdict(voice))
    (post,) = posting.posts(v.words(), v.live(), [entry], posted=(0, 0))
    assert post.file is not None
    assert post.file["file"] == "f1"
    assert "k5xq sent a voice note (12 s)\nlisten to this" in all_text(post.message)


def test_the_margin_stands_where_it_happened() -> None:
    note = Entry(
        seq=1, id="n", at=v.NOW - 798.5, conversation="5f0e3a", speaker=Speaker.SUPPORTER, name="Sam",
        kind=EntryKind.NOTE, text="has a sister",
    )  # fmt: skip
    shown = said(v.entry(1, "one"), v.entry(2, "two"), margin=[note])
    assert [each.splitlines()[-1] for each in shown] == ["one", "has a sister", "two"]
    assert "Note by Sam, for the desk alone" in shown[1]


def test_the_feed_keeps_its_order_when_a_clock_stepped_back() -> None:
    late = replace(v.entry(2, "two"), at=v.NOW - 5000)
    made = posting.posts(v.words(), v.live(), [v.entry(1, "one"), late], posted=(0, 0))
    assert [post.feed_seq for post in made] == [2]
    assert "one\ntwo" in all_text(made[0].message)


def test_a_repeat_is_marked_once() -> None:
    shown = said(v.entry(1, "one"), v.entry(2, "x", kind=EntryKind.CARD), v.entry(3, "two"), again=True)
    assert ["may be a repeat" in each for each in shown] == [True, False, False]


def test_the_marks_move_with_the_last_part_of_something_long() -> None:
    made = posting.posts(v.words(), v.live(), [v.entry(5, "😢 " * 4000)], posted=(4, 2))
    assert len(made) > 1
    assert [(post.feed_seq, post.margin_seq) for post in made] == [(4, 2)] * (len(made) - 1) + [(5, 2)]
    assert [message_faults(post.message or {}) for post in made] == [[]] * len(made)


def test_a_nudge_knows_every_kind() -> None:
    for kind in ("unanswered", "transferred", "taken", "lapsed", "risk", "erased", "seeker_gone"):
        assert "k5xq" in all_text(posting.nudge(v.words(), kind, pseudonym="k5xqm2ab")) or kind == "debrief"
    assert "Thank you for being there" in all_text(posting.nudge(v.words(), "debrief", pseudonym="k5xqm2ab"))


# --- the transcript ---------------------------------------------------------------------------------------------------


def test_a_transcript_is_whole_and_in_order() -> None:
    feed = [v.entry(seq, f"line {seq} " + "words " * 300) for seq in range(1, 31)]
    drawn = thread.transcript(v.words(), v.live(), feed)
    shown = "\n".join(map(all_text, drawn))
    places = [shown.index(f"line {seq} ") for seq in range(1, 31)]
    assert len(drawn) > 1
    assert places == sorted(places)
    assert shown.count("words") == 30 * 300
    assert "That is everything so far." in shown


def test_a_transcript_names_who_spoke_and_what_was_offered() -> None:
    shown = "\n".join(map(all_text, thread.transcript(v.words(), v.live(), v.bots_part())))
    assert "Bot\nHi, and welcome." in shown
    assert "k5xq\nhi. not sure where to start" in shown
    assert "Offered: 8" in shown
