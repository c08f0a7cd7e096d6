"""Reports, both ways: a supporter ends and reports, never in a crisis; a person reports, and only leads learn of it."""

from __future__ import annotations

import pytest

from handoff.core import events as e
from handoff.core.conversation import Deadline, Phase
from handoff.core.ids import Address
from handoff.core.moves.reporting import typed
from handoff.core.outcomes import REPORT_REASONS, SUPPORTER_REASONS
from handoff.core.risk import Tier
from tests.core.making import NOW, SEEKER, conversation, heard, lead, supporter
from tests.core.world import World

CRISES = [tier for tier in Tier if tier >= Tier.PASSIVE]


def a_house(phase: Phase = Phase.LIVE, **changes: object) -> World:
    return World(supporter("sam"), supporter("lee"), lead("lou"), lead("lin"), talk=conversation(phase, **changes))


def reports(world: World, who: str = "sam", reason: str = "abusive") -> object:
    return world.desk(e.SeekerReported, who=who, reason=reason, note="for leads").refused


def person_reports(world: World, reason: str = "hurtful") -> str | None:
    event = e.SupporterReported(id=world.id(), seeker=SEEKER, reason=reason, words="for leads")
    return world.do(event).refused


@pytest.mark.parametrize("reason", REPORT_REASONS)
def test_a_report_ends_the_talk_kindly_and_its_supporter_rests(reason: str) -> None:
    world = a_house()
    assert reports(world, reason=reason) is None
    assert world.is_in(Phase.CLOSING)
    assert world.talk.outcome == "reported"
    assert world.told()[0] == world.text("ended_by_supporter", name="Sam")
    assert world.supporters["sam"].cool_until == NOW + world.line.policy.report_rest_seconds
    [row] = world.records("report")
    assert (row["about"], row["by"], row["supporter"], row["reason"]) == ("seeker", "sam", None, reason)
    assert row["words"] == "for leads"
    assert "report" in world.alerts()
    assert "for leads" not in repr(world.feed) + repr(world.margin)


def test_who_is_reported_can_write_again_and_is_not_given_less() -> None:
    world = a_house()
    reports(world)
    world.writes("hello")
    assert world.is_in(Phase.INTAKE)
    assert world.asked() == ["hello"]


@pytest.mark.parametrize("tier", CRISES)
def test_in_a_crisis_a_report_calls_a_lead_and_ends_nothing(tier: Tier) -> None:
    world = a_house(tier=tier, card_at=NOW, card_seq=1, card_confirmed=True)
    assert reports(world, reason="threatening") is None
    assert world.is_in(Phase.LIVE)
    assert world.talk.supporter == "sam"
    assert world.records("report")
    assert Deadline.LEAD in world.talk.deadlines
    world.passes(1)
    assert "relief_wanted" in world.alerts()
    assert world.told() == []
    world.desk(e.TakenOver, who="lou")
    assert world.talk.supporter == "lou"


def test_who_held_it_can_report_afterwards_and_who_never_did_cannot() -> None:
    world = a_house(Phase.CLOSED, held_by=("sam",))
    assert reports(world) is None
    assert reports(world, who="lee") == "accept_first"
    assert reports(world, who="lou", reason="nonsense") == "bad_reason"
    assert world.is_in(Phase.CLOSED)
    live = a_house()
    assert reports(live, who="lee") == "taken"
    assert reports(live, who="lou") is None
    assert live.is_in(Phase.LIVE)


@pytest.mark.parametrize("reason", SUPPORTER_REASONS)
def test_a_person_reports_whoever_is_there_and_nothing_of_it_is_seen_in_the_talk(reason: str) -> None:
    world = a_house()
    assert person_reports(world, reason) is None
    [row] = world.records("report")
    assert (row["about"], row["by"], row["supporter"], row["reason"]) == ("supporter", "seeker", "sam", reason)
    assert world.feed == []
    assert world.margin == []
    assert world.nudges() == []
    assert world.alerts() == ["report"]
    assert world.talk == a_house().talk or world.talk.seq == conversation().seq


def test_the_audit_of_a_persons_report_leads_to_no_conversation() -> None:
    world = a_house()
    person_reports(world)
    [row] = [each for each in world.records("audit") if each["action"] == "report_received"]
    assert row["conversation"] is None


def test_about_a_lead_only_the_other_leads_are_told() -> None:
    world = a_house(supporter="lou", supporter_name="Lou")
    assert person_reports(world) is None
    assert world.alerts() == []
    assert world.nudges() == [("lin", "report")]


def test_about_the_only_lead_nobody_is_told_and_the_report_waits() -> None:
    world = World(lead("lou"), talk=conversation(Phase.LIVE, supporter="lou", supporter_name="Lou"))
    assert person_reports(world) is None
    assert world.alerts() + world.nudges() == []
    assert len(world.records("report")) == 1


def test_it_can_be_said_in_the_next_talk_too_but_not_of_nobody() -> None:
    world = World(supporter("sam"), lead("lou"))
    assert person_reports(world) == "nobody_to_report"
    world.writes()
    assert person_reports(world) == "nobody_to_report"
    world.taps("warmline:person")
    world.claims("sam")
    world.says("sam")
    world.desk(e.SupporterClosed, outcome="supported")
    world.writes("back again")
    assert person_reports(world) is None
    assert world.records("report")[-1]["supporter"] == "sam"
    assert person_reports(world, "nonsense") == "bad_reason"


@pytest.mark.parametrize("phase", [Phase.INTAKE, Phase.WAITING, Phase.LIVE, Phase.CLOSING, Phase.CLOSED])
def test_danger_in_the_words_of_a_report_brings_the_card_and_the_words_stay_with_the_report(phase: Phase) -> None:
    world = a_house(phase, talked_last="sam")
    event = e.SupporterReported(
        id="r", seeker=SEEKER, reason="hurtful", words="for leads", assessment=heard(Tier.ACTIVE)
    )
    assert world.do(event).refused is None
    assert world.cards()
    assert world.talk.in_crisis_lane
    assert world.records("report")[0]["words"] == "for leads"
    assert "for leads" not in repr([entry.text for entry in (*world.feed, *world.margin)])


def test_danger_is_answered_though_there_is_nobody_to_report() -> None:
    world = World(lead("lou"))
    event = e.SupporterReported(id="r", seeker=SEEKER, reason="other", words="x", assessment=heard(Tier.IMMINENT))
    assert world.do(event).refused is None
    assert world.cards()
    assert world.is_in(Phase.WAITING)


def asked_and_accepted() -> World:
    world = a_house(Phase.INTAKE)
    world.writes("I am done with all of it", Tier.CONCERN)
    world.taps("warmline:person")
    world.claims("sam")
    world.says("sam")
    return world


def test_while_the_question_about_suicide_is_open_a_report_calls_a_lead_and_ends_nothing() -> None:
    world = asked_and_accepted()
    assert reports(world) is None
    assert world.is_in(Phase.LIVE)
    assert world.records("report")
    world.passes(1)
    assert "relief_wanted" in world.alerts()
    world.writes("yes")
    assert (world.talk.tier, len(world.cards())) == (Tier.PASSIVE, 1)


def test_once_it_is_answered_with_a_no_a_report_ends_the_talk() -> None:
    world = asked_and_accepted()
    world.writes("no")
    assert reports(world) is None
    assert world.is_in(Phase.CLOSING)


@pytest.mark.parametrize("phase", [Phase.NEW, Phase.LIVE, Phase.CLOSED])
def test_danger_in_a_report_is_answered_where_it_was_written(phase: Phase) -> None:
    world = a_house(phase, talked_last="sam")
    elsewhere = Address("telegram", "77")
    world.current[elsewhere] = world.talk.id
    event = e.SupporterReported(id="r", seeker=elsewhere, reason="hurtful", words="x", assessment=heard(Tier.ACTIVE))
    world.do(event)
    talk = world.conversations[world.current[elsewhere]]
    assert talk.seeker == elsewhere
    assert world.cards()


def test_a_reason_nobody_knows_takes_no_card_away() -> None:
    world = a_house()
    event = e.SupporterReported(
        id="r", seeker=SEEKER, reason="nonsense", words="for leads", assessment=heard(Tier.ACTIVE)
    )
    assert world.do(event).refused is None
    assert world.cards()
    assert [(row["reason"], row["words"]) for row in world.records("report")] == [("other", "for leads")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/report", ""), (" /Report\nhe asked", "he asked"), ("/report: he asked", "he asked"),
        ("/report, he asked", "he asked"), ("/report - he asked", "he asked"), ("/report\u2014he asked", "he asked"),
        ("/report.", ""), ("/report! he asked", "! he asked"), ("/report@warmline_bot: he asked", "he asked"),
        ("/reporter he asked", None), ("he said /report", None), ("report he asked", None),
    ],
)  # fmt: skip
def test_what_is_typed_behind_the_command_is_the_report(text: str, words: str | None) -> None:
    assert typed(text) == words
