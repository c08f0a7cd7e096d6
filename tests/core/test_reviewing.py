"""Looking again: one click on a message, and a sample of what was never flagged, only with the seeker's consent."""

from __future__ import annotations

from typing import Any

import pytest

from handoff.core import events as e
from handoff.core.conversation import Phase, Reason
from handoff.core.moves.reviewing import sampled
from handoff.core.risk import Tier
from tests.core.making import NOW, SEEKER, conversation, lead, line, supporter
from tests.core.world import World

ALL, NONE = line(review_share=1), line(review_share=0)


def after(*, at: Any = ALL, review: bool | None = True, **changes: Any) -> World:
    """A conversation that has ended, and what its seeker answered."""
    world = World(lead(), at=at, talk=conversation(Phase.CLOSING, **changes))
    world.do(e.FeedbackGiven(id="f", seeker=SEEKER, conversation="c1", rating=4, review=review))
    return world


def samples(world: World) -> list[dict[str, Any]]:
    return [each for each in world.records("review") if each["what"] == "sample"]


def test_a_sample_of_what_was_never_flagged_is_offered_with_consent() -> None:
    [item] = samples(after())
    assert (item["conversation"], item["consent"], item["words"]) == ("c1", True, "")


@pytest.mark.parametrize("review", [False, None])
def test_without_consent_there_is_none(review: bool | None) -> None:
    assert samples(after(review=review)) == []


def test_what_was_flagged_is_no_part_of_the_sample() -> None:
    assert samples(after(tier=Tier.ACTIVE)) == []
    lowered = (Reason(Tier.PASSIVE, "suicide", "said so", NOW, 2),)
    assert samples(after(tier=Tier.NONE, reasons=lowered)) == []


def test_the_share_is_a_setting() -> None:
    assert samples(after(at=NONE)) == []


def test_about_the_share_is_drawn_and_the_same_one_each_time() -> None:
    names = [f"conversation-{count}" for count in range(20_000)]
    drawn = [name for name in names if sampled(name, b"key", 0.02)]
    assert 300 < len(drawn) < 500
    assert drawn == [name for name in names if sampled(name, b"key", 0.02)]
    assert drawn != [name for name in names if sampled(name, b"another", 0.02)]
    assert all(sampled(name, b"key", 0.05) for name in drawn), "a larger share holds the smaller one"


def test_what_the_seeker_said_of_it_is_on_record_and_may_change() -> None:
    world = after()
    world.do(e.FeedbackGiven(id="g", seeker=SEEKER, conversation="c1", review=False))
    assert [each["given"] for each in world.records("review_consent")] == [True, False]
    assert world.talk.review is False
    assert world.audited().count("review_consent") == 2


def flag(world: World, who: str = "sam", **about: Any) -> Any:
    given = {"seq": 3, "verdict": "missed_risk", "words": "i can't any more", "context": ("hello",), **about}
    return world.desk(e.MessageFlagged, who, **given)


def test_one_click_of_the_supporter_makes_an_item_and_changes_nothing_else() -> None:
    world = World(supporter(), talk=conversation(Phase.LIVE, tier=Tier.DISTRESS))
    before = world.talk
    decision = flag(world)
    assert not decision.conversations
    [item] = world.records("review")
    assert (item["what"], item["verdict"], item["seq"], item["tier"], item["by"]) == (
        "message", "missed_risk", 3, 1, "sam",
    )  # fmt: skip
    assert (item["words"], item["context"], item["consent"]) == ("i can't any more", ("hello",), None)
    assert world.talk == before
    assert "flagged" in world.audited()
    assert "i can't any more" not in repr([each["detail"] for each in world.records("audit")])


def test_the_same_message_marked_twice_is_one_item() -> None:
    world = World(supporter(), talk=conversation(Phase.LIVE))
    flag(world)
    flag(world, verdict="false_alarm")
    assert len({each["id"] for each in world.records("review")}) == 1


def test_who_held_it_may_mark_it_afterwards_and_so_may_a_lead_but_nobody_else() -> None:
    for phase in (Phase.LIVE, Phase.CLOSING, Phase.CLOSED):
        over = {} if phase is Phase.LIVE else {"held_by": ("sam",)}
        world = World(supporter(), supporter("lee"), lead(), talk=conversation(phase, **over))
        assert not flag(world).refused
        assert not flag(world, "lou").refused
        assert flag(world, "lee").refused == "leads_only"


def test_what_is_no_message_of_theirs_can_not_be_marked() -> None:
    world = World(supporter(), talk=conversation(Phase.LIVE))
    assert flag(world, words="").refused == "no_such_message"
    assert flag(world, verdict="boring").refused == "no_such_message"


def test_a_lead_says_what_they_found_in_a_sampled_conversation() -> None:
    world = after()
    [item] = samples(world)
    assert not world.desk(e.Reviewed, "lou", outcome="nothing_missed").refused
    [found] = world.records("reviewed")
    assert (found["item"], found["by"], found["outcome"]) == (item["id"], "lou", "nothing_missed")
    assert "reviewed" in world.audited()
    assert world.desk(e.Reviewed, "lou", outcome="fine").refused == "bad_outcome"


def test_only_leads_review() -> None:
    world = World(supporter(), talk=conversation(Phase.CLOSED, held_by=("sam",)))
    assert world.desk(e.Reviewed, outcome="nothing_missed").refused == "leads_only"
