"""What is typed after a slash is answered at once; notes reach the desk alone."""

from __future__ import annotations

import pytest

from connectors.slack.kept import Place
from connectors.slack.names import COMMAND_NOTE, Block
from handoff.core import events as e
from handoff.core.ids import Address
from handoff.core.supporter import Presence, Supporter
from handoff.ports import DeliveryFailed
from tests.core.making import SEEKER
from tests.slack.desk import in_slack
from tests.slack.fakes import Writing
from tests.slack.test_cards_modals import block, filled


@pytest.fixture
async def desk() -> Writing:
    made = Writing()
    await made.staffed()
    return made


async def sam(desk: Writing) -> Supporter:
    found = await desk.store.supporter("sam")
    assert found is not None
    return found


async def notes(desk: Writing) -> list[str]:
    return [each.text for each in await desk.store.margin((await desk.talk()).id)]


async def another(desk: Writing) -> str:
    """Sam accepts a second seeker; the conversation."""
    seeker = Address("web", "bo-on-the-web")
    opened = await desk.front.handle(e.SeekerWrote(id="bo1", seeker=seeker, text="hello"))
    assert opened.conversation is not None
    about = opened.conversation.id
    await desk.front.handle(e.SeekerTapped(id="bo2", seeker=seeker, payload="warmline:person", label="a person"))
    await desk.front.handle(e.Claimed(id="bo3", supporter="sam", conversation=about, desk="slack"))
    return about


@pytest.mark.parametrize(
    ("typed", "presence"),
    [("available", Presence.AVAILABLE), ("busy", Presence.BUSY), ("AWAY ", Presence.AWAY)],
)
async def test_presence_is_typed_and_answered(desk: Writing, typed: str, presence: Presence) -> None:
    answer = await desk.commands(typed)
    assert (await sam(desk)).presence is presence
    assert typed.strip().lower() in answer.said.lower()


async def test_busy_for_some_minutes_ends_by_itself(desk: Writing) -> None:
    await desk.commands("busy 30")
    assert (await sam(desk)).busy_until == desk.clock() + 1800
    desk.clock.now += 1801
    assert (await sam(desk)).takes_offers(desk.clock())


async def test_busy_for_longer_than_a_lease_keeps_them_here_as_long(desk: Writing) -> None:
    await desk.commands("busy 120")
    assert (await sam(desk)).present_until == desk.clock() + 7200


@pytest.mark.parametrize("typed", ["busy soon", "busy 0", "busy 9999", "dance"])
async def test_what_is_not_understood_changes_nothing_and_shows_what_can_be_written(desk: Writing, typed: str) -> None:
    before = await sam(desk)
    answer = await desk.commands(typed)
    assert await sam(desk) == before
    assert "busy 30:" in answer.said
    assert answer.body.get("response_type", "ephemeral") == "ephemeral"


async def test_the_queue_is_shown_without_words_or_names(desk: Writing) -> None:
    await desk.writes("canary words")
    await desk.taps("warmline:person")
    answer = await desk.commands("queue")
    assert (await desk.talk()).pseudonym[:4] in answer.said
    assert "canary" not in str(answer.body)


async def test_me_and_lead_and_help(desk: Writing) -> None:
    await desk.accepted()
    assert (await desk.talk()).pseudonym[:4] in (await desk.commands("me")).said
    assert "Lou" in (await desk.commands("lead")).said
    assert (await desk.commands("")).said == (await desk.commands("help")).said


async def test_a_command_of_a_stranger_is_refused(desk: Writing) -> None:
    for command in ("/warmline", COMMAND_NOTE):
        assert "don't know you" in (await desk.commands("available", user="UEVE", command=command)).said


# --- notes ------------------------------------------------------------------------------------------------------------


async def test_a_note_goes_to_the_conversation_they_hold_and_never_to_the_seeker(desk: Writing) -> None:
    await desk.accepted()
    before = await desk.feed()
    answer = await desk.commands("tea &amp; <@U123>", command=COMMAND_NOTE)
    assert "tea & somebody" in await notes(desk)
    assert await desk.feed() == before
    assert (await desk.talk()).pseudonym[:4] in answer.said


async def test_a_note_is_answered_also_where_the_app_is_not(desk: Writing) -> None:
    await desk.accepted()
    desk.slack.fail("chat.postEphemeral", DeliveryFailed("channel_not_found", hopeless=True), times=9)
    assert (await desk.commands("likes tea", command=COMMAND_NOTE)).said


async def test_a_note_without_a_conversation_says_so(desk: Writing) -> None:
    assert "hold no conversation" in (await desk.commands("x", command=COMMAND_NOTE)).said


async def test_a_note_without_words_asks_for_them(desk: Writing) -> None:
    await desk.accepted()
    await desk.commands("", command=COMMAND_NOTE)
    await desk.submits(filled(desk.slack.modals[-1], note="likes tea"))
    assert "likes tea" in await notes(desk)


async def test_with_two_conversations_a_note_asks_which(desk: Writing) -> None:
    await desk.accepted()
    first = (await desk.talk()).id
    second = await another(desk)
    await desk.commands("likes &lt;tea&gt;", command=COMMAND_NOTE)
    view = desk.slack.modals[-1]
    assert {each["value"] for each in block(view, Block.WHICH)["element"]["options"]} == {first, second}
    wrong = await desk.submits(filled(view))
    assert list(wrong.body["errors"]) == ["which"]
    await desk.submits(filled(view, which=first))
    assert await desk.store.margin(second) == []
    assert "likes <tea>" in await notes(desk)


# --- saying that the screen was wrong ---------------------------------------------------------------------------------


async def test_a_message_is_marked_from_its_menu(desk: Writing) -> None:
    place = await desk.accepted()
    await desk.writes("the quiet scares me")
    await desk.carry()
    assert (await desk.chooses("missed_risk", desk.below(place)[-1], place)).acknowledged
    [item] = [parcel.body for parcel in await desk.lane("records") if parcel.kind == "review"]
    assert (item["verdict"], item["words"], item["by"]) == ("missed_risk", "the quiet scares me", "sam")
    assert "Marked" in desk.slack.whispers()[0][1]


async def test_what_is_no_message_of_theirs_or_not_theirs_to_mark_is_not_marked(desk: Writing) -> None:
    place = await desk.accepted()
    await desk.writes("the quiet scares me")
    await desk.carry()
    await desk.chooses("false_alarm", "my own words", place)
    await desk.chooses("false_alarm", desk.below(place)[-1], place, user="ULEE")
    assert [parcel for parcel in await desk.lane("records") if parcel.kind == "review"] == []
    (_, nothing), (_, not_theirs) = desk.slack.whispers()
    assert "no words of theirs" in nothing
    assert "Only leads" in not_theirs


# --- the message shortcut ---------------------------------------------------------------------------------------------


async def test_what_the_seeker_wrote_is_kept_as_a_note_in_their_own_words(desk: Writing) -> None:
    place = await desk.accepted()
    await desk.writes("i have a *cat* & it is :) <3")
    await desk.writes("and a dog")
    await desk.carry()
    assert (await desk.keeps_as_note(desk.below(place)[-1], place)).acknowledged
    await desk.submits(filled(desk.slack.modals[-1]))
    assert await notes(desk) == ["i have a *cat* & it is :) <3\nand a dog"]


async def test_a_note_about_an_edit_holds_the_new_words_alone(desk: Writing) -> None:
    place = await desk.accepted()
    await desk.writes("at the bridge", event_id="web:1")
    edited = e.SeekerEdited(id="ed", seeker=SEEKER, text="at the station", refers=(await desk.feed())[-1].refers)
    await desk.front.handle(edited)
    await desk.carry()
    await desk.keeps_as_note(desk.below(place)[-1], place)
    await desk.submits(filled(desk.slack.modals[-1]))
    assert await notes(desk) == ["at the station"]


async def test_words_that_were_refused_may_become_a_note(desk: Writing) -> None:
    place = await desk.accepted()
    await desk.keeps_as_note("has a cat", place)
    await desk.submits(filled(desk.slack.modals[-1]))
    assert await notes(desk) == ["has a cat"]


async def test_words_that_were_sent_are_no_note_and_that_is_said(desk: Writing) -> None:
    place = await desk.accepted()
    ts = await desk.types("poor thing", place)
    await desk.keeps_as_note("poor thing", place, ts=ts)
    assert desk.slack.modals == []
    assert "delete the message" in desk.slack.whispers()[0][1]
    assert await notes(desk) == []


async def test_words_of_a_thread_that_is_over_become_a_note_of_no_other_conversation(desk: Writing) -> None:
    place = await desk.accepted()
    await desk.desk(e.Transferred, to="lee", desk="slack")
    await desk.carry()
    await desk.add(in_slack("sam", holding=("c-other",)))
    await desk.keeps_as_note("has a cat", place)
    assert desk.slack.modals == []
    assert "do not hold" in desk.slack.whispers()[0][1]


async def test_a_message_from_elsewhere_is_kept_in_the_conversation_they_hold(desk: Writing) -> None:
    await desk.accepted()
    await desk.keeps_as_note("from a channel", Place("CTEAM", "3.3"))
    await desk.submits(filled(desk.slack.modals[-1]))
    assert "from a channel" in await notes(desk)
