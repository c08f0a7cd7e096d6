"""What a line settles about repeating itself in the crisis lane is what happens."""

from __future__ import annotations

from dataclasses import replace

from handoff.core.conversation import Deadline, Phase
from handoff.core.policy import Policy
from handoff.core.risk import Tier
from tests.core.making import conversation, line, supporter
from tests.core.world import World


def in_a_crisis(policy: Policy, *, staffed: bool = True) -> World:
    talk = conversation(Phase.INTAKE)
    world = World(*([supporter()] if staffed else []), at=replace(line(), policy=policy), talk=talk)
    world.writes("words", Tier.PASSIVE)
    return world


def test_a_card_is_small_for_as_long_as_the_line_says() -> None:
    world = in_a_crisis(Policy(card_repeat_seconds=30))
    world.writes("words", Tier.PASSIVE)
    world.passes(31)
    world.writes("words", Tier.PASSIVE)
    assert [(card.body or {})["compact"] for card in world.cards()] == [False, True, False]


def test_the_line_says_that_it_is_here_as_often_as_it_settles() -> None:
    world = in_a_crisis(Policy(soothe_seconds=30))
    for _ in range(3):
        world.writes("calm words")
    world.now += 31
    world.writes("calm words")
    assert world.told().count(world.text("crisis_waiting")) == 2


def test_the_desk_is_looked_at_again_as_soon_as_it_settles() -> None:
    world = in_a_crisis(Policy(assign_again_seconds=17), staffed=False)
    world.falls_due(Deadline.ASSIGN)
    assert world.talk.deadlines[Deadline.ASSIGN] == world.now + 17
