"""What other channels than a page bring along: files, changed words, leaving, moving, languages, pauses."""

from __future__ import annotations

import pytest

from handoff.core import events as e
from handoff.core.conversation import Deadline, Phase
from handoff.core.entries import Attachment, AttachmentKind, EntryKind, Speaker
from handoff.core.ids import Address
from handoff.core.matching import eligible, may_receive
from handoff.core.queue import place
from handoff.core.risk import Tier
from handoff.core.supporter import Presence
from tests.core.making import NOW, SEEKER, conversation, heard, supporter
from tests.core.world import World

VOICE = Attachment(file="f1", kind=AttachmentKind.VOICE, type="audio/ogg", name="voice.ogg", size=900, seconds=4)
PHOTO = Attachment(file="f2", kind=AttachmentKind.IMAGE, type="image/jpeg", name="photo.jpg", size=900)


def live(tier: Tier = Tier.NONE) -> World:
    return World(supporter("sam"), talk=conversation(Phase.LIVE, tier=tier))


def sends(world: World, attachment: Attachment, text: str = "") -> None:
    world.do(e.SeekerWrote(id=world.id(), seeker=SEEKER, text=text, attachment=attachment, assessment=heard()))


def edits(world: World, text: str, tier: Tier = Tier.NONE) -> None:
    world.do(e.SeekerEdited(id=world.id(), seeker=SEEKER, text=text, refers="m1", assessment=heard(tier)))


@pytest.mark.parametrize(("file", "said"), [(VOICE, "cannot_hear"), (PHOTO, "cannot_see")])
def test_the_bot_says_that_it_can_neither_hear_nor_see_and_is_not_asked(file: Attachment, said: str) -> None:
    world = World(talk=conversation(Phase.INTAKE))
    sends(world, file)
    assert [entry.kind for entry in world.feed] == [EntryKind.FILE, EntryKind.NOTICE]
    assert world.told() == [world.text(said)]
    assert {button.payload for button in world.feed[-1].buttons} == {"warmline:person", "warmline:urgent"}
    assert not world.asked()


def test_words_that_come_with_a_file_are_answered_too() -> None:
    world = World(talk=conversation(Phase.INTAKE))
    sends(world, VOICE, "it is about my sister")
    assert world.asked() == ["it is about my sister"]


def test_a_file_in_a_live_conversation_is_the_supporters_to_answer() -> None:
    world = live()
    sends(world, VOICE)
    assert world.told() == []
    assert world.feed[-1].body is not None
    assert world.feed[-1].body["file"] == "f1"
    assert world.talk.unanswered_since == world.now


def test_a_supporter_sends_a_file_by_their_name() -> None:
    world = live()
    world.desk(e.SupporterWrote, text="for you", attachment=PHOTO)
    entry = world.feed[-1]
    assert (entry.speaker, entry.kind, entry.name, entry.text) == (Speaker.SUPPORTER, EntryKind.FILE, "Sam", "for you")


def test_changed_words_are_kept_as_a_change_and_the_bot_is_not_asked_again() -> None:
    world = World(talk=conversation(Phase.INTAKE))
    edits(world, "what I meant")
    [entry] = world.feed
    assert (entry.kind, entry.refers, entry.text) == (EntryKind.EDIT, "m1", "what I meant")
    assert not world.asked()


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.NEW])
def test_danger_in_changed_words_gets_the_card_in_every_phase(phase: Phase) -> None:
    world = World(supporter("sam"), talk=conversation(phase))
    edits(world, "words", Tier.ACTIVE)
    assert world.cards()
    assert world.talk.phase in (Phase.WAITING, Phase.LIVE)


def test_changed_words_after_the_end_begin_nothing() -> None:
    world = World(talk=conversation(Phase.CLOSED))
    edits(world, "never mind")
    assert world.feed == []
    assert world.is_in(Phase.CLOSED)


def test_a_supporter_corrects_and_takes_back() -> None:
    world = live()
    world.desk(e.SupporterEdited, text="I meant this", refers="m7")
    world.desk(e.SupporterUnsaid, refers="m8")
    assert [(entry.kind, entry.refers) for entry in world.feed] == [(EntryKind.EDIT, "m7"), (EntryKind.UNSAID, "m8")]
    assert "unsaid" in world.audited()


def test_nobody_else_corrects_for_them() -> None:
    world = World(supporter("sam"), supporter("lee"), talk=conversation(Phase.LIVE))
    assert world.desk(e.SupporterEdited, "lee", text="no", refers="m7").refused == "taken"
    assert world.feed == []


def test_whoever_shuts_us_out_is_waited_for_by_nobody() -> None:
    world = live()
    world.do(e.SeekerGone(id="x", seeker=SEEKER, why="blocked"))
    assert world.is_in(Phase.CLOSED)
    assert world.supporters["sam"].holding == ()
    assert world.margin[-1].text == world.text("margin_gone_blocked")
    assert ("sam", "seeker_gone") in world.nudges()
    assert world.records("transcript")
    assert world.talk.deadlines == {}


def test_in_a_crisis_leads_hear_that_somebody_cannot_be_reached_any_more() -> None:
    world = live(Tier.ACTIVE)
    world.do(e.SeekerGone(id="x", seeker=SEEKER, why="deactivated"))
    assert world.is_in(Phase.CLOSED)
    assert world.alerts() == ["seeker_gone"]


def test_an_old_address_that_is_shut_changes_nothing_where_they_write_now() -> None:
    world = live()
    world.do(e.SeekerMoved(id="x", seeker=SEEKER, to=Address("telegram", "42")))
    world.current[SEEKER] = world.conversations["c1"].id
    assert not world.do(e.SeekerGone(id="y", seeker=SEEKER, why="blocked")).changes


def test_a_conversation_moves_to_another_channel_and_goes_on() -> None:
    world = live()
    world.do(e.SeekerMoved(id="x", seeker=SEEKER, to=Address("telegram", "42")))
    assert world.talk.seeker == Address("telegram", "42")
    assert world.is_in(Phase.LIVE)
    assert world.told() == [world.text("moved_here")]
    assert world.margin[-1].text == world.text("margin_moved")


def test_a_chat_that_got_another_number_moves_without_a_word() -> None:
    world = live()
    world.do(e.SeekerMoved(id="x", seeker=SEEKER, to=Address("web", "the-same-elsewhere")))
    assert world.told() == []


def test_a_language_is_chosen_and_spoken_from_then_on() -> None:
    world = World(talk=conversation(Phase.INTAKE))
    world.do(e.LanguageChosen(id="x", seeker=SEEKER, chosen="es"))
    assert world.talk.language == "es"
    assert world.told() == [world.line.wording.say("language_chosen", "es")]
    assert world.do(e.LanguageChosen(id="y", seeker=SEEKER, chosen="xx")).refused == "no_such_language"


def test_choosing_a_language_first_says_hello_in_it() -> None:
    world = World()
    world.do(e.LanguageChosen(id="x", seeker=SEEKER, chosen="es"))
    assert world.told()[0] == world.line.wording.say("opening", "es", line=world.line.name)


def test_a_link_about_a_topic_begins_with_it() -> None:
    world = World()
    world.do(e.SeekerOpened(id="x", seeker=SEEKER, topic="grief"))
    assert world.talk.intake.topics == ("grief",)


def test_stopping_ends_a_calm_talk_and_frees_the_supporter() -> None:
    world = live()
    world.taps("warmline:stop")
    assert world.is_in(Phase.CLOSING)
    assert world.supporters["sam"].holding == ()


def test_stopping_in_a_crisis_tells_the_supporter_and_keeps_the_door_open() -> None:
    world = live(Tier.ACTIVE)
    world.taps("warmline:stop")
    assert world.is_in(Phase.LIVE)
    assert world.told() == [world.text("stop_in_crisis_live", name="Sam")]
    assert world.margin[-1].text == world.text("margin_wants_to_stop")


def test_a_pause_is_told_and_holds_every_clock_of_silence() -> None:
    world = live()
    world.writes("are you there")
    before = world.talk.deadlines
    world.passes(60)
    world.desk(e.PauseTaken)
    pause = world.line.policy.pause_seconds
    assert world.told() == [world.text("supporter_pauses", name="Sam", minutes=5)]
    assert world.talk.deadlines[Deadline.SILENT] == before[Deadline.SILENT] + pause
    assert world.talk.deadlines[Deadline.NUDGE] == before[Deadline.NUDGE] + pause


def test_words_during_a_pause_wait_for_its_end_and_an_answer_ends_it() -> None:
    world = live()
    world.desk(e.PauseTaken)
    world.passes(60)
    world.writes("one more thing")
    policy = world.line.policy
    assert world.talk.deadlines[Deadline.NUDGE] == NOW + policy.pause_seconds + policy.supporter_nudge_seconds
    world.says()
    assert world.talk.paused_until == 0


def test_a_busy_spell_with_an_end_is_over_by_itself() -> None:
    who = supporter(presence=Presence.BUSY, busy_until=NOW + 600)
    spot = place(conversation(Phase.WAITING), World().line.policy)
    assert spot is not None
    assert eligible(spot, who, NOW, World().line.policy).why == "busy"
    assert eligible(spot, who, NOW + 600, World().line.policy).ok


def test_whom_a_conversation_can_be_passed_on_to() -> None:
    talk, policy = conversation(Phase.LIVE), World().line.policy
    assert may_receive(talk, supporter("lee"), NOW, policy) == ""
    assert may_receive(talk, supporter("lee", present_until=NOW - 1), NOW, policy) == "offline"
    assert may_receive(talk, supporter("lee", holding=("a", "b")), NOW, policy) == "full"
    assert may_receive(talk, supporter("lee", knows=(talk.pseudonym,)), NOW, policy) == "knows"


def test_many_waiting_at_once_alert_the_leads_about_the_queue_once() -> None:
    world = World()
    world.waiting = world.line.policy.queue_limit
    world.taps("warmline:person")
    [alert] = [each for each in world.effects if getattr(each, "kind", "") == "queue_long"]
    assert alert.conversation == "queue"


def test_words_from_another_linked_channel_take_the_conversation_there() -> None:
    world = live()
    world.current[Address("telegram", "42")] = "c1"
    world.writes("now from my phone", seeker=Address("telegram", "42"))
    assert world.conversations["c1"].seeker == Address("telegram", "42")
