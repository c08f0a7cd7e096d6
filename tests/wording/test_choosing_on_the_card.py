"""Whoever is somewhere else says so on the card, and the next card is for there: in every phase, whatever was known."""

from __future__ import annotations

import pytest

from handoff.core.conversation import Phase
from handoff.core.risk import Tier
from tests.core.making import conversation, supporter
from tests.core.world import World


@pytest.mark.parametrize("phase", [each for each in Phase if each is not Phase.NEW])
@pytest.mark.parametrize("known", [None, "GB"])
def test_the_chosen_country_is_shown_and_kept_in_every_phase(phase: Phase, known: str | None) -> None:
    world = World(supporter(), talk=conversation(phase, country=known))
    world.taps("warmline:urgent:US", "Urgent help: United States")
    card = world.cards()[-1].body or {}
    assert (card["country"], card["emergency"]["dial"]) == ("US", "911")
    assert (world.talk.country, world.talk.phase) == ("US", phase)
    assert world.talk.tier is Tier.NONE


def test_a_country_without_lines_gets_the_international_card() -> None:
    world = World(supporter(), talk=conversation())
    world.taps("warmline:urgent:XX")
    card = world.cards()[-1].body or {}
    assert (card["country"], card["international"]) == ("", True)


@pytest.mark.parametrize(
    "payload", ["warmline:urgent:", "warmline:urgent:gb", "warmline:urgent:GBR", "warmline:urgent:1"]
)
def test_anything_else_is_no_button_of_ours(payload: str) -> None:
    world = World(supporter(), talk=conversation())
    decision = world.taps(payload)
    assert decision.refused == "unknown_button"
    assert world.talk.country == "GB"


def test_what_was_said_still_chooses_among_the_lines() -> None:
    world = World(supporter(), talk=conversation(domains=("domestic_abuse",)))
    world.taps("warmline:urgent:BR")
    emergency = (world.cards()[-1].body or {})["emergency"]
    assert emergency["dial"] == "190"
