"""What the seeker tells and agrees to: hello, consent, intake, messages left, ratings; and forgetting all of it."""

from __future__ import annotations

import pytest

from handoff.core import events as e
from handoff.core.conversation import Conversation, Intake, Phase
from handoff.core.effects import Cleared, Forget
from handoff.core.entries import Speaker
from handoff.core.risk import Tier
from tests.core.making import SEEKER, conversation, supporter
from tests.core.world import World


def test_opening_the_chat_says_what_this_is_and_asks_in_three_lines() -> None:
    world = World()
    world.do(e.SeekerOpened(id="o", seeker=SEEKER))
    assert world.told() == [world.text("opening", line="Night line"), world.text("opening_consent")]
    assert all(entry.speaker is Speaker.BOT for entry in world.feed)
    assert [button.payload for button in world.feed[1].buttons] == ["/consent_yes", "/ask_privacy", "warmline:person"]


def test_opening_it_again_says_nothing_more() -> None:
    world = World()
    world.do(e.SeekerOpened(id="o", seeker=SEEKER))
    assert not world.do(e.SeekerOpened(id="o2", seeker=SEEKER)).changes


def test_writing_or_tapping_first_is_greeted_and_heard() -> None:
    wrote, tapped = World(supporter()), World(supporter())
    wrote.writes("hello")
    tapped.taps("warmline:person", label="a person")
    for world, words in ((wrote, "hello"), (tapped, "a person")):
        assert world.told()[0] == world.text("opening", line="Night line")
        assert words in [entry.text for entry in world.feed]
    assert wrote.asked() == ["hello"]
    assert tapped.talk.phase is Phase.WAITING


def test_a_crisis_before_consent_is_answered() -> None:
    world = World(supporter())
    world.writes("words", Tier.ACTIVE)
    assert world.talk.consent is None
    assert len(world.cards()) == 1


@pytest.mark.parametrize("given", [True, False])
def test_consent_is_kept_either_way(given: bool) -> None:
    world = World(talk=conversation(consent=None))
    world.bot(e.ConsentGiven, given=given)
    assert world.talk.consent is given
    assert (world.records("consent")[0]["given"], world.records("consent")[0]["pseudonym"]) == (given, "p-ana")


def test_the_intake_is_kept_and_language_and_country_only_when_said() -> None:
    world = World(talk=conversation())
    world.bot(e.IntakeSaved, intake=Intake(name="Ana", topics=("grief",), heaviness=7))
    assert (world.talk.intake.topics, world.talk.language, world.talk.country) == (("grief",), "en", "GB")
    world.bot(e.IntakeSaved, intake=Intake(name="Ana"), language="es", country="ES")
    assert (world.talk.language, world.talk.country) == ("es", "ES")


def test_what_the_channel_knows_of_the_country_does_not_overrule_the_seeker() -> None:
    world = World(talk=conversation(country="ES"))
    world.do(e.SeekerTapped(id="t", seeker=SEEKER, payload="warmline:urgent", label="u", country="US"))
    assert world.talk.country == "ES"


def test_a_message_left_is_for_whoever_accepts_and_leads_know_of_it() -> None:
    world = World(talk=conversation())
    world.bot(e.MessageLeft, text="please tell Kim I am fine")
    assert world.margin[0].text.endswith("please tell Kim I am fine")
    assert world.feed == []
    assert "message_left" in world.alerts()
    assert world.records("message")[0]["words"] == "please tell Kim I am fine"


def test_whether_something_helped_is_counted_without_words() -> None:
    world = World(talk=conversation(Phase.LIVE))
    world.bot(e.ResourceRated, resource="breathing", helped=False)
    kept = world.records("rating")[0]
    assert {key: kept[key] for key in ("conversation", "resource", "helped")} == {
        "conversation": "c1", "resource": "breathing", "helped": False,
    }  # fmt: skip


@pytest.mark.parametrize("phase", [Phase.INTAKE, Phase.WAITING, Phase.LIVE, Phase.CLOSING, Phase.CLOSED])
def test_forgetting_is_asked_once_more_and_then_everything_goes_in_every_phase(phase: Phase) -> None:
    intake = Intake(name="canary", preferences=("canary",))
    world = World(supporter(), talk=conversation(phase, recent=("canary",), intake=intake, tier=_calm_or_crisis(phase)))
    world.taps("warmline:forget", label="Delete everything")
    assert world.told()[-1] == world.text("forget_sure")
    assert world.of(Forget) == []
    world.taps("warmline:forget_confirmed", label="Yes")
    assert world.of(Forget) == [Forget(pseudonym="p-ana", conversation="c1")]
    assert world.of(Cleared)
    assert world.told()[-1] == world.text("forgotten")
    _nothing_left(world.talk)
    assert world.supporters["sam"].holding == ()


def _calm_or_crisis(phase: Phase) -> Tier:
    return Tier.NONE if phase is Phase.INTAKE else Tier.ACTIVE


def _nothing_left(talk: Conversation) -> None:
    assert (talk.phase, talk.deadlines, talk.recent, talk.reasons, talk.consent) == (Phase.CLOSED, {}, (), (), None)
    assert talk.intake == Intake()


def test_the_bots_own_way_of_forgetting_does_the_same() -> None:
    world = World(supporter(), talk=conversation(Phase.LIVE, intake=Intake(name="canary")))
    world.bot(e.ForgetAsked)
    assert world.of(Forget)
    _nothing_left(world.talk)


def test_the_supporter_is_told_that_it_ended_and_why() -> None:
    world = World(supporter(), talk=conversation(Phase.LIVE))
    world.taps("warmline:forget_confirmed")
    assert world.margin[-1].text == world.text("margin_erased")
    assert ("sam", "erased") in world.nudges()
    assert world.says().refused == "gone"


@pytest.mark.parametrize("event", [e.ConsentGiven, e.IntakeSaved, e.HandoffAsked, e.MessageLeft, e.SeekerStopped])
def test_an_action_of_the_bot_that_comes_after_the_end_is_told_so(event: type[e.BotEvent]) -> None:
    about = {
        e.ConsentGiven: {"given": True}, e.IntakeSaved: {"intake": Intake()}, e.HandoffAsked: {"why": "asked"},
        e.MessageLeft: {"text": "x"},
    }.get(event, {})  # fmt: skip
    for phase in (Phase.CLOSING, Phase.CLOSED):
        world = World(talk=conversation(phase))
        assert world.bot(event, **about).refused == "gone"  # type: ignore[arg-type]
