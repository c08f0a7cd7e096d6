"""A follow-up after a crisis: only if wished, when and in which neutral words the person chooses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handoff.core import events as e
from handoff.core.conversation import Deadline, FollowUp, Phase
from handoff.core.ids import Address
from handoff.core.moves.following import DAY, TEXTS, TIMES
from handoff.core.risk import Modifier, Tier
from handoff.core.supporter import Presence
from tests.core.making import conversation, supporter
from tests.core.world import World


def closed(tier: Tier = Tier.ACTIVE) -> World:
    world = World(supporter(), talk=conversation(Phase.LIVE, tier=tier))
    world.desk(e.SupporterClosed, outcome="supported")
    return world


def wished(when: str = "two_days", words: str = "today") -> World:
    world = closed()
    world.taps(f"warmline:follow_{when}")
    world.taps(f"warmline:follow_{words}")
    return world


def payloads(world: World) -> list[str]:
    return [button.payload.removeprefix("warmline:") for button in world.feed[-1].buttons]


def sent(world: World) -> list[str]:
    texts = {world.text(f"follow_text_{each}") for each in TEXTS}
    return [text for text in world.told() if text.split("\n\n")[0] in texts]


def test_it_is_offered_after_a_crisis_and_may_be_declined() -> None:
    world = closed()
    assert world.told()[-1] == world.text("follow_offer")
    assert payloads(world) == ["follow_tomorrow", "follow_two_days", "follow_week", "follow_none"]
    world.taps("warmline:follow_none")
    assert world.told()[-1] == world.text("follow_not_wished")
    world.passes(8 * DAY)
    assert sent(world) == []


def test_it_is_not_offered_after_any_other_conversation() -> None:
    assert World().text("follow_offer") not in closed(Tier.CONCERN).told()


def test_it_is_not_offered_where_somebody_dangerous_may_read_it() -> None:
    near = conversation(Phase.LIVE, tier=Tier.ACTIVE, modifiers=(Modifier.PERPETRATOR_NEARBY,))
    world = World(supporter(), talk=near)
    world.desk(e.SupporterClosed, outcome="supported")
    assert world.is_in(Phase.CLOSING)
    assert world.text("follow_offer") not in world.told()


def test_nothing_is_sent_to_whoever_does_not_answer() -> None:
    world = closed()
    world.passes(8 * DAY)
    assert sent(world) == []


@pytest.mark.parametrize(("when", "days"), list(TIMES.items()))
@pytest.mark.parametrize("words", TEXTS)
def test_the_chosen_words_come_at_the_chosen_time(when: str, days: int, words: str) -> None:
    world = closed()
    world.taps(f"warmline:follow_{when}")
    assert payloads(world) == ["follow_hello", "follow_today", "follow_thinking", "follow_none"]
    world.taps(f"warmline:follow_{words}")
    assert payloads(world) == ["follow_cancel"]
    world.passes(days * DAY - 1)
    assert sent(world) == []
    world.passes(1)
    assert sent(world) == [world.text(f"follow_text_{words}")]
    assert payloads(world) == ["follow_fine", "follow_talk"]


def test_on_a_page_it_is_said_that_the_page_must_be_open() -> None:
    values = {"when": "In two days", "words": World().text("follow_text_today")}
    world = wished()
    assert world.told()[-1] == world.text("follow_set_page", **values)
    world = closed()
    world.talk.deadlines.pop(Deadline.CLOSE)
    phone = Address("telegram", "42")
    talk = replace(world.talk, seeker=phone)
    world.conversations[talk.id], world.current[phone] = talk, talk.id
    for payload in ("follow_two_days", "follow_today"):
        world.do(e.SeekerTapped(id=world.id(), seeker=phone, payload=f"warmline:{payload}", label="a button"))
    assert world.told()[-1] == world.text("follow_set", **values)


def test_it_never_says_why() -> None:
    world = wished()
    world.supporters["sam"] = supporter(presence=Presence.AWAY)
    world.passes(2 * DAY)
    said = world.feed[-1].text.lower()
    assert not [word for word in ("crisis", "suicid", "danger", "safe", "supporter", "night line") if word in said]


def test_it_is_honest_when_nobody_is_here() -> None:
    world = wished()
    world.supporters["sam"] = supporter(presence=Presence.AWAY)
    world.passes(2 * DAY)
    assert world.text("follow_nobody_here") in world.told()[-1]


def test_it_can_be_cancelled() -> None:
    world = wished()
    world.taps("warmline:follow_cancel")
    assert world.told()[-1] == world.text("follow_cancelled")
    assert world.talk.follow_up == FollowUp()
    world.passes(8 * DAY)
    assert sent(world) == []


def test_another_choice_takes_the_place_of_the_first() -> None:
    world = wished()
    world.taps("warmline:follow_week")
    world.taps("warmline:follow_hello")
    world.passes(8 * DAY)
    assert sent(world) == [world.text("follow_text_hello")]


def test_words_without_a_time_ask_for_the_time() -> None:
    world = closed()
    world.taps("warmline:follow_hello")
    assert world.told()[-1] == world.text("follow_offer")
    assert Deadline.FOLLOW_UP not in world.talk.deadlines


def test_choosing_begins_no_new_conversation() -> None:
    world = wished()
    assert world.is_in(Phase.CLOSING)
    assert list(world.conversations) == [world.talk.id]


def test_it_can_be_answered() -> None:
    world = wished()
    world.passes(2 * DAY)
    world.taps("warmline:follow_fine")
    assert (world.told()[-1], world.talk.phase) == (world.text("follow_glad"), Phase.CLOSED)
    world.taps("warmline:follow_talk")
    assert world.is_in(Phase.WAITING)


def test_it_outlives_the_feedback_and_comes_though_they_were_here_in_between() -> None:
    world = wished()
    first = world.talk.id
    world.do(e.FeedbackGiven(id=world.id(), seeker=world.talk.seeker, conversation=first, rating=5))
    world.writes("a small question")
    assert (world.talk.id != first, Deadline.FOLLOW_UP in world.talk.deadlines) == (True, True)
    assert Deadline.FOLLOW_UP not in world.conversations[first].deadlines
    world.passes(3 * DAY)
    assert sent(world) == [world.text("follow_text_today")]


def test_whoever_talks_with_a_supporter_right_then_gets_none() -> None:
    world = wished("tomorrow")
    world.supporters["lee"] = supporter("lee")
    world.writes("hello again")
    world.taps("warmline:person")
    world.claims("lee")
    assert world.is_in(Phase.LIVE)
    world.now += DAY
    world.falls_due(Deadline.FOLLOW_UP)
    assert sent(world) == []
    assert Deadline.FOLLOW_UP not in world.talk.deadlines


def test_deleting_everything_ends_it() -> None:
    world = wished()
    world.taps("warmline:forget_confirmed")
    assert (world.talk.follow_up, Deadline.FOLLOW_UP in world.talk.deadlines) == (FollowUp(), False)
