"""Threads: opened for whoever holds a conversation, kept up to date from the feed, and closed with a reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.slack.kept import Thread
from connectors.slack.posts import Post, posts
from handoff.core import events as e
from handoff.deadlines import sweep
from handoff.ports import DeliveryFailed
from tests.core.making import SEEKER
from tests.slack.desk import Desk, in_slack
from tests.slack.values import entry, live, words
from tests.slack.workspace import ME, buttons, notifies, shown

LOST = DeliveryFailed("Slack did not answer", unsure=True)
DOWN = DeliveryFailed("Slack had an error of its own")


@pytest.fixture
async def desk() -> Desk:
    return await Desk().staffed()


async def test_who_accepts_gets_a_thread_that_begins_with_what_was_told(desk: Desk) -> None:
    place = await desk.accepted()
    assert place.channel == "DUSAM"
    root = desk.root(place)
    assert "hello there" in shown(root)
    assert "thread_close" in buttons(root)
    assert (await desk.talk()).pseudonym[:4] in shown(root)


async def test_what_the_seeker_writes_stands_in_the_thread_in_order(desk: Desk) -> None:
    place = await desk.accepted()
    for said in ("one", "two", "three"):
        await desk.writes(said)
        await desk.carry()
    assert [each for message in desk.below(place) for each in ("one", "two", "three") if each in shown(message)] == [
        "one",
        "two",
        "three",
    ]


async def test_lines_that_piled_up_are_joined_into_one_message(desk: Desk) -> None:
    place = await desk.accepted()
    before = len(desk.below(place))
    for said in ("one", "two", "three"):
        await desk.writes(said)
    await desk.carry()
    new = desk.below(place)[before:]
    assert len(new) == 1
    assert "one\ntwo\nthree" in shown(new[0])


async def test_what_a_phone_shows_of_a_message_holds_none_of_the_words(desk: Desk) -> None:
    await desk.accepted()
    await desk.writes("canary words")
    await desk.carry()
    everything = [each for channel in desk.slack.messages.values() for each in channel]
    assert any("canary words" in shown(each) for each in everything)
    assert not any("canary" in notifies(each) or "hello there" in notifies(each) for each in everything)


async def test_what_the_supporter_typed_here_is_not_posted_again_and_what_they_wrote_elsewhere_is(desk: Desk) -> None:
    place = await desk.accepted()
    await desk.desk(e.SupporterWrote, desk="slack", text="typed in the thread", refers=f"slack:{place.channel}:1.1")
    await desk.desk(e.SupporterWrote, desk="console", text="typed in the console", refers="console-1")
    await desk.carry()
    everything = "\n".join(shown(each) for each in desk.below(place))
    assert "typed in the console" in everything
    assert "typed in the thread" not in everything


async def test_a_note_stands_in_the_thread(desk: Desk) -> None:
    place = await desk.accepted()
    await desk.desk(e.NoteWritten, desk="console", text="likes tea")
    await desk.carry()
    assert "likes tea" in shown(desk.below(place)[-1])


async def test_an_open_console_gets_it_alone_until_it_closes(desk: Desk) -> None:
    await desk.add(in_slack("sam", console_until=desk.clock() + 60))
    await desk.waits()
    await desk.desk(e.Claimed, desk="console")
    await desk.writes("said while the console was open")
    await desk.carry()
    assert desk.slack.messages.get("DUSAM", []) == []
    await desk.through(90, ticking=True)
    place = await desk.thread_of((await desk.talk()).id)
    everything = [desk.root(place), *desk.below(place)]
    assert "said while the console was open" in "\n".join(shown(each) for each in everything)


def posts_of(text: str) -> list[Post]:
    """What one long message takes."""
    return posts(words(), live(), [entry(9, text)], posted=(8, 0))


async def test_a_file_is_brought_into_the_thread(desk: Desk) -> None:
    place = await desk.accepted()
    await desk.sends_a_voice_note()
    await desk.carry()
    assert [(file.thread, file.content) for file in desk.slack.files] == [(place.ts, b"voice")]


async def test_a_file_that_expired_is_named_instead(desk: Desk) -> None:
    place = await desk.accepted()
    desk.shelf.expired = True
    before = len(desk.below(place))
    await desk.sends_a_voice_note()
    await desk.carry()
    assert desk.slack.files == []
    assert len(desk.below(place)) == before + 2


async def test_an_edit_is_said_as_one_with_what_it_was(desk: Desk) -> None:
    place = await desk.accepted()
    await desk.front.handle(e.SeekerWrote(id=desk.id(), seeker=SEEKER, text="at the bridge", refers="m1"))
    await desk.carry()
    await desk.front.handle(e.SeekerEdited(id=desk.id(), seeker=SEEKER, text="at the station", refers="m1"))
    await desk.carry()
    said = shown(desk.below(place)[-1])
    assert "at the station" in said
    assert "at the bridge" in said


# --- the end ----------------------------------------------------------------------------------------------------------


async def test_a_closed_thread_has_no_buttons_and_says_why(desk: Desk) -> None:
    place = await desk.accepted()
    await desk.desk(e.SupporterClosed, desk="slack", outcome="supported")
    await desk.carry()
    assert buttons(desk.root(place)) == []
    thread = await desk.room.kept.thread("T1", place.channel, place.ts)
    assert thread is not None
    assert thread.state == "closed"


async def test_a_second_root_that_another_process_began_is_closed_as_well(desk: Desk) -> None:
    """One process stood still while it opened the thread; another took over, and opened one too."""
    place = await desk.accepted()
    kept, about = desk.room.kept, (await desk.talk()).id
    team = await desk.room.team()
    root = {key: desk.root(place)[key] for key in ("text", "blocks")}
    second = await desk.room.post(place.channel, root, about={"opened": about, "since": 1})
    await kept.keep_thread(team, second, Thread(about, "sam"))
    talk = await kept.talk(about)
    await kept.keep_talk(about, replace(talk, open=second))
    await desk.desk(e.SupporterClosed, desk="slack", outcome="supported")
    await desk.carry()
    for each in (place, second):
        assert buttons(desk.root(each)) == []
        known = await kept.thread(team, each.channel, each.ts)
        assert known is not None
        assert known.state == "closed"


async def test_a_transfer_ends_one_thread_and_opens_the_other_with_everything_since(desk: Desk) -> None:
    place = await desk.accepted()
    await desk.writes("said to sam")
    await desk.carry()
    about = (await desk.talk()).id
    await desk.desk(e.Transferred, desk="slack", to="lee")
    await desk.carry()
    assert buttons(desk.root(place)) == []
    new = await desk.thread_of(about)
    assert new.channel == "DULEE"
    assert "said to sam" in "\n".join(shown(each) for each in (desk.root(new), *desk.below(new)))
    await desk.writes("said to lee")
    await desk.carry()
    assert "said to lee" not in "\n".join(shown(each) for each in desk.below(place))
    talk = await desk.room.kept.talk(about)
    assert place in talk.past


async def test_words_that_came_just_before_the_end_still_stand_in_the_thread(desk: Desk) -> None:
    place = await desk.accepted()
    await desk.writes("thank you, bye")
    await desk.desk(e.SupporterClosed, desk="slack", outcome="supported")
    await desk.carry()
    assert "thank you, bye" in "\n".join(shown(each) for each in desk.below(place))


async def test_words_that_came_after_a_release_do_not_stand_in_the_old_thread(desk: Desk) -> None:
    place = await desk.accepted()
    await desk.desk(e.Released, desk="slack")
    await desk.writes("said while nobody had them")
    await desk.carry()
    assert "said while" not in "\n".join(shown(each) for each in desk.below(place))


async def test_notes_of_those_before_are_there_for_the_next(desk: Desk) -> None:
    await desk.accepted()
    await desk.desk(e.NoteWritten, desk="slack", text="likes tea")
    await desk.desk(e.Transferred, desk="slack", to="lee")
    await desk.carry()
    new = await desk.thread_of((await desk.talk()).id)
    assert new.channel == "DULEE"
    assert "likes tea" in "\n".join(shown(each) for each in desk.below(new))


async def test_somebody_who_left_the_workspace_gives_the_conversation_back_to_its_place(desk: Desk) -> None:
    await desk.accepted()
    since = (await desk.talk()).waiting_since
    desk.slack.fail("chat.postMessage", DeliveryFailed("user_disabled", gone="deactivated"))
    await desk.writes("anybody there?")
    await desk.carry()
    await sweep(desk.front, desk.store)
    talk = await desk.talk()
    assert talk.supporter is None
    assert talk.waiting_since == since
    sam = await desk.store.supporter("sam")
    assert sam is None or sam.removed
    assert any(alert.kind == "supporter_left" for alert in await desk.store.alerts())


# --- when Slack fails -------------------------------------------------------------------------------------------------


async def test_told_to_wait_it_waits_and_loses_nothing(desk: Desk) -> None:
    place = await desk.accepted()
    before = len(desk.below(place))
    desk.slack.fail("chat.postMessage", DeliveryFailed("told to wait", 3.0))
    await desk.writes("one")
    await desk.carry()
    await desk.writes("two")
    await desk.carry()
    assert len(desk.below(place)) == before
    await desk.through(4)
    assert "one\ntwo" in shown(desk.below(place)[before])
    assert len(desk.below(place)) == before + 1


async def test_a_post_whose_answer_was_lost_is_found_and_not_repeated(desk: Desk) -> None:
    place = await desk.accepted()
    before = len(desk.below(place))
    desk.slack.fail("chat.postMessage", LOST, after=True)
    await desk.writes("only once")
    await desk.carry()
    await desk.through(5)
    await desk.writes("and then this")
    await desk.carry()
    new = [shown(each) for each in desk.below(place)[before:]]
    assert len(new) == 2
    assert "only once" in new[0]
    assert "and then this" in new[1]


async def test_a_root_whose_answer_was_lost_is_found_and_not_repeated(desk: Desk) -> None:
    await desk.waits()
    await desk.carry()
    desk.slack.fail("chat.postMessage", LOST, after=True)
    await desk.desk(e.Claimed, "sam", desk="slack")
    await desk.carry()
    await desk.through(5)
    assert len(desk.slack.top("DUSAM")) == 1


async def test_what_may_be_a_repeat_is_marked_where_the_thread_cannot_be_read(desk: Desk) -> None:
    place = await desk.accepted()
    before = len(desk.below(place))
    desk.slack.fail("chat.postMessage", LOST, after=True)
    desk.slack.fail("conversations.replies", DeliveryFailed("missing_scope", hopeless=True), times=9)
    await desk.writes("perhaps twice")
    await desk.carry()
    await desk.through(5)
    first, second = desk.below(place)[before:]
    assert "perhaps twice" in shown(first)
    assert "perhaps twice" in shown(second)
    assert shown(first) != shown(second)


async def test_an_upload_whose_answer_was_lost_is_found_and_not_repeated(desk: Desk) -> None:
    place = await desk.accepted()
    before = len(desk.below(place))
    desk.slack.fail("upload", LOST, after=True)
    await desk.sends_a_voice_note()
    await desk.carry()
    await desk.through(5)
    assert len(desk.slack.files) == 1
    assert len(desk.below(place)) == before + 2


async def test_an_upload_that_failed_is_made_up_for_without_its_message(desk: Desk) -> None:
    place = await desk.accepted()
    before = len(desk.below(place))
    desk.slack.fail("upload", LOST)
    await desk.sends_a_voice_note()
    await desk.carry()
    await desk.writes("did you hear it?")
    await desk.through(5)
    assert len(desk.slack.files) == 1
    assert [bool(each.get("files")) for each in desk.below(place)[before:]] == [False, True, False]


async def test_a_long_message_whose_second_part_was_unsure_is_neither_cut_nor_doubled(desk: Desk) -> None:
    place = await desk.accepted()
    before = len(desk.below(place))
    parts = posts_of(heavy := "🌊" * 3990 + "end")
    assert len(parts) > 1
    desk.slack.fail("chat.postMessage", LOST, after=True)
    await desk.writes(heavy)
    await desk.carry()
    await desk.through(5)
    new = desk.below(place)[before:]
    assert len(new) == len(parts)
    assert "".join(shown(each) for each in new).count("🌊") == 3990


async def test_a_long_pile_is_posted_over_several_turns(desk: Desk) -> None:
    place = await desk.accepted()
    before = len(desk.below(place))
    for number in range(60):
        await desk.desk(e.NoteWritten, desk="console", text=f"note {number:02d}")
    await desk.carry()
    new = [shown(each) for each in desk.below(place)[before:]]
    assert [number for number in range(60) if f"note {number:02d}" in new[number]] == list(range(60))


async def test_one_message_that_slack_will_never_take_holds_up_no_other(desk: Desk) -> None:
    place = await desk.accepted()
    desk.slack.fail("chat.postMessage", DeliveryFailed("invalid_blocks", hopeless=True))
    await desk.writes("broken")
    await desk.carry()
    await desk.writes("whole")
    await desk.carry()
    told = "\n".join(shown(each) for each in desk.below(place))
    assert "whole" in told
    assert "broken" not in told
    assert await desk.dead() == ["invalid_blocks"]


async def test_an_outage_delays_and_loses_nothing(desk: Desk) -> None:
    place = await desk.accepted()
    before = len(desk.below(place))
    desk.slack.fail("chat.postMessage", DOWN, times=20)
    for said in ("one", "two"):
        await desk.writes(said)
        await desk.carry()
    await desk.through(1200)
    assert "one\ntwo" in shown(desk.below(place)[before])
    assert await desk.dead() == []


async def test_two_processes_post_everything_once(desk: Desk) -> None:
    place = await desk.accepted()
    before = len(desk.below(place))
    desk.workers = [*desk.workers, *desk.another_process(desk.another_room())]
    for said in ("one", "two", "three"):
        await desk.writes(said)
        await desk.carry()
    assert len(desk.below(place)) == before + 3


# --- erasing ----------------------------------------------------------------------------------------------------------


async def test_an_erased_conversation_leaves_nothing_of_ours_and_leads_are_told_what_is_left(desk: Desk) -> None:
    place = await desk.accepted()
    about = (await desk.talk()).id
    await desk.writes("canary words")
    await desk.carry()
    await desk.sends_a_voice_note()
    await desk.carry()
    desk.slack.person_writes(place.channel, place.ts, "what the supporter wrote")
    await desk.taps("warmline:forget_confirmed")
    await desk.carry()
    await desk.erase()
    await desk.through(10)
    mine = [each for each in desk.slack.messages["DUSAM"] if each["user"] == ME.user]
    assert "canary" not in "\n".join(shown(each) for each in mine)
    assert desk.below(place) == [each for each in desk.below(place) if each["user"] != ME.user]
    assert desk.slack.files == []
    assert any("slack.example" in shown(each) for each in desk.slack.top("CLEADS"))
    assert (await desk.room.kept.talk(about)).threads == ()
    thread = await desk.room.kept.thread("T1", place.channel, place.ts)
    assert thread is not None
    assert thread.state == "erased"
