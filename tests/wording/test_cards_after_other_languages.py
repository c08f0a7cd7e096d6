"""A card apologises for its language to whoever wrote in one we can't read, and not on later cards to words we read."""

from __future__ import annotations

from handoff.core.conversation import Phase
from handoff.core.risk import Modifier, Tier
from tests.core.making import conversation, supporter
from tests.core.world import World

SORRY = "sorry that this is in English"


def test_the_apology_stands_on_the_card_for_those_words_alone() -> None:
    world = World(supporter(), talk=conversation(Phase.INTAKE))
    world.writes("kolme sanaa", Tier.CONCERN, Modifier.LANGUAGE_UNKNOWN)
    world.writes("i want to die", Tier.ACTIVE)
    first, second = world.cards()
    assert SORRY in first.text
    assert SORRY not in second.text


def test_that_somebody_is_young_is_remembered_on_every_card() -> None:
    world = World(supporter(minors=True), talk=conversation(Phase.INTAKE))
    world.writes("i am thirteen and i want to die", Tier.PASSIVE, Modifier.MINOR)
    world.writes("i want to die now", Tier.IMMINENT)
    first, second = world.cards()
    assert (first.body or {})["lines"][0]["id"] == (second.body or {})["lines"][0]["id"]
