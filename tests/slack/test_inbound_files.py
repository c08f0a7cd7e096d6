"""Files and reactions from Slack: passed on under the same rules as everywhere, or refused with a reason."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.slack.kept import Place
from handoff.core import events as e
from handoff.core.entries import EntryKind
from handoff.ports import DeliveryFailed
from tests.slack.fakes import Writing, message
from tests.slack.workspace import shown

VOICE = "https://files.slack.com/files-pri/T1-F1/voice.m4a"
PICTURE = "https://files.slack.com/files-pri/T1-F2/picture.png"


@pytest.fixture
async def desk() -> Writing:
    made = Writing()
    await made.staffed()
    made.slack.files_there = {VOICE: b"a voice", PICTURE: b"a picture"}
    return made


def file(url: str = VOICE, **more: Any) -> dict[str, Any]:
    return {"id": "F1", "name": "Sam's living room.m4a", "url_private_download": url, "size": 7, **more}


def shared(*files: dict[str, Any]) -> dict[str, Any]:
    return {"subtype": "file_share", "files": list(files)}


async def files(desk: Writing) -> list[tuple[str, str]]:
    return [(each.text, str((each.body or {})["file"])) for each in await desk.feed() if each.kind is EntryKind.FILE]


async def test_a_voice_clip_reaches_the_seeker_with_its_words_and_length(desk: Writing) -> None:
    place = await desk.accepted()
    await desk.types("for you", place, **shared(file(duration_ms=3400)))
    assert await files(desk) == [("for you", "file-1")]
    assert desk.shelf.put_for == [(b"a voice", (await desk.talk()).id, 3)]


async def test_several_files_go_in_order_and_the_words_go_once(desk: Writing) -> None:
    place = await desk.accepted()
    await desk.types("two", place, **shared(file(), file(PICTURE)))
    assert await files(desk) == [("two", "file-1"), ("", "file-2")]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (file(size=99_000_000), "too large"),
        (file("https://files.slack.com/gone"), "no longer there"),
        (file(""), "no longer there"),
    ],
)
async def test_a_file_that_cannot_be_sent_is_refused_with_why(desk: Writing, given: dict[str, Any], said: str) -> None:
    place = await desk.accepted()
    ts = await desk.types("see", place, **shared(given))
    assert await desk.heard() == []
    assert desk.signs(place, ts) == ["x"]
    assert said in desk.answers_below(place.channel, place.ts)


async def test_a_file_whose_size_slack_did_not_tell_is_refused_when_it_turns_out_too_large(desk: Writing) -> None:
    place = await desk.accepted()
    desk.slack.files_there[VOICE] = b"v" * (desk.room.policy.attachment_limit + 1)
    ts = await desk.types("see", place, **shared(file(size=0)))
    assert desk.signs(place, ts) == ["x"]
    assert "too large" in desk.answers_below(place.channel, place.ts)


async def test_a_program_is_refused(desk: Writing) -> None:
    place = await desk.accepted()
    desk.slack.files_there[VOICE] = b"MZ program"
    await desk.types("", place, **shared(file()))
    assert await files(desk) == []
    assert "Files of this kind" in desk.answers_below(place.channel, place.ts)


async def test_a_file_that_does_not_come_at_first_is_fetched_again_and_keeps_its_place(desk: Writing) -> None:
    place = await desk.accepted()
    desk.slack.fail("download", DeliveryFailed("Slack did not answer"))
    await desk.types("see", place, **shared(file()))
    await desk.types("and this", place)
    assert await desk.heard() == []
    await desk.through(3)
    assert await desk.heard() == ["see", "and this"]


async def test_a_file_that_never_comes_is_told_and_those_after_it_go_on(desk: Writing) -> None:
    place = await desk.accepted()
    desk.slack.fail("download", DeliveryFailed("Slack did not answer"), times=100)
    ts = await desk.types("see", place, **shared(file()))
    await desk.types("and this", place)
    await desk.through(600)
    assert await desk.heard() == ["and this"]
    assert desk.signs(place, ts)[0] == "x"
    assert "send it again" in desk.answers_below(place.channel, place.ts)
    assert await desk.dead() == []


async def test_a_message_with_nothing_in_it_that_can_be_passed_on_is_refused(desk: Writing) -> None:
    place = await desk.accepted()
    ts = await desk.types("", place)
    assert desk.signs(place, ts) == ["x"]
    assert "can't be passed on" in desk.answers_below(place.channel, place.ts)


async def seekers_last(desk: Writing, place: Place) -> str:
    await desk.writes("thank you")
    await desk.carry()
    return str(next(each["ts"] for each in desk.below(place) if "thank you" in shown(each)))


@pytest.mark.parametrize(
    ("emoji", "seen"), [("heart", "❤️"), ("+1", "👍"), ("+1::skin-tone-4", "👍"), ("hugging_face", "🤗")]
)
async def test_three_reactions_on_a_seekers_message_are_passed_on(desk: Writing, emoji: str, seen: str) -> None:
    place = await desk.accepted()
    await desk.reacts(emoji, place.channel, await seekers_last(desk, place))
    assert await desk.heard() == [seen]


async def test_any_other_reaction_is_not(desk: Writing) -> None:
    place = await desk.accepted()
    await desk.reacts("eyes", place.channel, await seekers_last(desk, place))
    assert await desk.heard() == []


async def test_a_reaction_on_anything_but_a_seekers_message_is_not(desk: Writing) -> None:
    place = await desk.accepted()
    await desk.desk(e.NoteWritten, desk="console", text="likes tea")
    await desk.carry()
    mine = await desk.types("hello", place)
    note = next(each["ts"] for each in desk.below(place) if "likes tea" in shown(each))
    for ts in (place.ts, note, mine, "1.1"):
        await desk.reacts("heart", place.channel, ts)
    assert await desk.heard() == ["hello"]


async def test_a_reaction_in_a_thread_that_is_over_is_not(desk: Writing) -> None:
    place = await desk.accepted()
    ts = await seekers_last(desk, place)
    await desk.desk(e.SupporterClosed, outcome="supported", desk="slack")
    await desk.carry()
    await desk.reacts("heart", place.channel, ts)
    assert await desk.heard() == []


async def test_a_reaction_that_comes_twice_is_passed_on_once(desk: Writing) -> None:
    place = await desk.accepted()
    ts = await seekers_last(desk, place)
    item = {"type": "message", "channel": place.channel, "ts": ts}
    for _ in range(2):
        await desk.event({"type": "reaction_added", "user": "USAM", "reaction": "heart", "item": item}, "Ev7")
    await desk.carry()
    assert await desk.heard() == ["❤️"]


async def test_a_clip_in_a_thread_that_is_over_is_never_fetched(desk: Writing) -> None:
    place = await desk.accepted()
    await desk.desk(e.SupporterClosed, outcome="supported", desk="slack")
    await desk.carry()
    await desk.event(message("", place, "6.6", **shared(file())))
    await desk.carry()
    assert desk.shelf.put_for == []
