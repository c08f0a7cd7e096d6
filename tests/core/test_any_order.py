"""Hypothesis plays two seekers, three supporters, a lead, the bot and the clock, in any order: every law holds at every
step (`World.do` checks them), and so does what only the whole house can show."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from handoff.core import events as e
from handoff.core.conversation import Conversation, Intake, Phase
from handoff.core.ids import Address
from handoff.core.risk import Modifier, Tier
from handoff.core.supporter import Presence, Training
from tests.core.making import CLOSED_ALL_DAY, heard, lead, line, supporter
from tests.core.test_table import PAYLOADS
from tests.core.world import World

SEEKERS = tuple(Address("web", f"{who}-on-the-web") for who in ("ana", "ben"))
STAFF = ("sam", "lee", "kim", "lou")
HOLDER = "whoever holds it"
seekers, staff = st.sampled_from(SEEKERS), st.sampled_from((HOLDER, HOLDER, HOLDER, *STAFF))
tiers = st.sampled_from((*[Tier.NONE] * 4, *Tier))


class House(RuleBasedStateMachine):
    """One night at the line."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(
            supporter("sam", capacity=1, languages=("en", "es")),
            supporter("lee", training=Training.SENIOR, minors=True),
            supporter("kim", training=Training.BASIC, opted_out=("grief",), topics=("anxiety",)),
            lead("lou"),
        )
        self.tiers: dict[str, Tier] = {}

    def talk(self, seeker: Address) -> Conversation | None:
        known = self.world.current.get(seeker)
        return self.world.conversations[known] if known else None

    def ask(self, kind: type[Any], about: Address, **fields: Any) -> None:
        talk = self.talk(about)
        if fields.get("supporter") == HOLDER:
            fields["supporter"] = (talk and talk.supporter) or "sam"
        if talk is not None:
            self.world.do(kind(id=self.world.id(), conversation=talk.id, **fields))

    # --- seekers ----------------------------------------------------------------------------------------------------

    @rule(seeker=seekers)
    def opens(self, seeker: Address) -> None:
        self.world.do(e.SeekerOpened(id=self.world.id(), seeker=seeker))

    @rule(seeker=seekers, tier=tiers, text=st.sampled_from(("hello", "yes", "no", "/stop", "")), minor=st.booleans())
    def writes(self, seeker: Address, tier: Tier, text: str, minor: bool) -> None:
        modifiers = (Modifier.MINOR,) if minor else ()
        self.world.writes(text, tier, *modifiers, seeker=seeker)

    @rule(seeker=seekers, payload=st.sampled_from(PAYLOADS))
    def taps(self, seeker: Address, payload: str) -> None:
        self.world.do(e.SeekerTapped(id=self.world.id(), seeker=seeker, payload=payload, label="a button"))

    @rule(seeker=seekers, seq=st.integers(0, 40))
    def confirms_a_card(self, seeker: Address, seq: int) -> None:
        self.world.do(e.CardConfirmed(id=self.world.id(), seeker=seeker, seq=seq))

    @rule(seeker=seekers)
    def reports_the_supporter(self, seeker: Address) -> None:
        self.world.do(e.SupporterReported(id=self.world.id(), seeker=seeker, reason="hurtful"))

    @rule(seeker=seekers)
    def gives_feedback(self, seeker: Address) -> None:
        self.ask(e.FeedbackGiven, seeker, seeker=seeker, rating=5)

    # --- the bot ----------------------------------------------------------------------------------------------------

    @rule(seeker=seekers, late=st.booleans(), kind=st.sampled_from(("replied", "slow", "failed")))
    def the_bot_answers(self, seeker: Address, late: bool, kind: str) -> None:
        talk = self.talk(seeker)
        epoch = 0 if talk is None or late else talk.epoch
        about: dict[str, Any] = {"messages": (e.BotMessage("hm"),)} if kind == "replied" else {}
        self.ask(
            {"replied": e.BotReplied, "slow": e.BotSlow, "failed": e.BotFailed}[kind], seeker, epoch=epoch, **about
        )

    @rule(
        seeker=seekers,
        kind=st.sampled_from((e.HandoffAsked, e.MessageLeft, e.SeekerStopped, e.ForgetAsked, e.IntakeSaved)),
    )
    def an_action_calls(self, seeker: Address, kind: type[e.BotEvent]) -> None:
        about: dict[type[e.BotEvent], dict[str, Any]] = {
            e.HandoffAsked: {"why": "asked"},
            e.MessageLeft: {"text": "for whoever comes"},
            e.IntakeSaved: {"intake": Intake(topics=("grief",)), "language": "es"},
        }
        self.ask(kind, seeker, **about.get(kind, {}))

    # --- the desk ---------------------------------------------------------------------------------------------------

    @rule(seeker=seekers, who=st.sampled_from(STAFF))
    def claims(self, seeker: Address, who: str) -> None:
        self.ask(e.Claimed, seeker, supporter=who)

    @rule(seeker=seekers)
    def asks_and_is_found(self, seeker: Address) -> None:
        """The usual way in, so that what comes after it is seen often."""
        self.everybody_is_here()
        self.world.do(e.SeekerTapped(id=self.world.id(), seeker=seeker, payload="warmline:person", label="a person"))
        for who in STAFF:
            self.ask(e.Claimed, seeker, supporter=who)

    @rule(seeker=seekers, who=staff)
    def answers(self, seeker: Address, who: str) -> None:
        self.ask(e.SupporterWrote, seeker, supporter=who, text="I am here")

    @rule(
        seeker=seekers,
        who=staff,
        kind=st.sampled_from(
            (e.Declined, e.Released, e.TakenOver, e.Escalated, e.LookedIn, e.Transferred, e.SupporterClosed)
        ),
        to=staff,
    )
    def does_something(self, seeker: Address, who: str, kind: type[e.DeskEvent], to: str) -> None:
        about: dict[type[e.DeskEvent], dict[str, str]] = {
            e.Transferred: {"to": to},
            e.SupporterClosed: {"outcome": "supported"},
        }
        self.ask(kind, seeker, supporter=who, **about.get(kind, {}))

    @rule(seeker=seekers, who=staff, kind=st.sampled_from((e.SeekerReported, e.SeekerBlocked, e.SeekerUnblocked)))
    def reports_or_blocks(self, seeker: Address, who: str, kind: type[e.DeskEvent]) -> None:
        about: dict[type[e.DeskEvent], dict[str, Any]] = {
            e.SeekerReported: {"reason": "abusive"},
            e.SeekerBlocked: {"reason": "abusive", "seconds": 3600},
        }
        self.ask(kind, seeker, supporter=who, **about.get(kind, {}))

    @rule(seeker=seekers, who=staff, tier=tiers, kind=st.sampled_from((e.RiskRaised, e.RiskLowered)))
    def judges_the_risk(self, seeker: Address, who: str, tier: Tier, kind: type[e.DeskEvent]) -> None:
        self.ask(kind, seeker, supporter=who, tier=tier, why="as I see it")

    @rule()
    def everybody_is_here(self) -> None:
        for who in STAFF:
            self.sets_presence(who, Presence.AVAILABLE)

    @rule(who=st.sampled_from(STAFF), presence=st.sampled_from(Presence))
    def sets_presence(self, who: str, presence: Presence) -> None:
        self.world.do(e.PresenceSet(id=self.world.id(), supporter=who, presence=presence))

    @rule(who=st.sampled_from(STAFF))
    def loses_the_connection(self, who: str) -> None:
        self.world.supporters[who] = replace(self.world.supporters[who], present_until=self.world.now)

    @rule(who=st.sampled_from(("sam", "lee")))
    def is_removed_and_comes_back(self, who: str) -> None:
        self.world.do(e.SupporterRemoved(id=self.world.id(), supporter=who))
        profile = supporter(who)
        self.world.do(e.SupporterSaved(id=self.world.id(), supporter=who, profile=profile))

    # --- time -------------------------------------------------------------------------------------------------------

    @rule(seconds=st.sampled_from((1, 30, 60, 150, 700)))
    def time_passes(self, seconds: int) -> None:
        self.world.passes(seconds)

    @precondition(lambda self: self.world.line.hours.always)
    @rule()
    def the_line_closes(self) -> None:
        self.world.line = line(CLOSED_ALL_DAY)

    @precondition(lambda self: not self.world.line.hours.always)
    @rule()
    def the_line_opens(self) -> None:
        self.world.line = line()

    # --- what holds of the house ------------------------------------------------------------------------------------

    @invariant()
    def every_seeker_has_at_most_one_open_conversation(self) -> None:
        for seeker in SEEKERS:
            open_ones = [
                each.id for each in self.world.conversations.values() if each.is_open and each.seeker == seeker
            ]
            assert open_ones in ([], [self.world.current.get(seeker)])

    @invariant()
    def supporters_hold_what_is_theirs_and_nothing_else(self) -> None:
        for each in self.world.supporters.values():
            theirs = {
                talk.id
                for talk in self.world.conversations.values()
                if talk.phase is Phase.LIVE and talk.supporter == each.id
            }
            assert set(each.holding) == theirs

    @invariant()
    def feeds_and_margins_have_no_gaps(self) -> None:
        for entries in (*self.world.feeds.values(), *self.world.margins.values()):
            assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))

    @invariant()
    def nobody_is_given_whom_they_asked_to_be_spared(self) -> None:
        for talk in self.world.conversations.values():
            stays = talk.relief_asked and talk.phase is Phase.LIVE
            assert talk.phase is not Phase.LIVE or talk.supporter not in talk.refused or stays

    @invariant()
    def a_blocked_person_waits_only_in_danger_and_for_leads(self) -> None:
        for talk in self.world.conversations.values():
            if talk.is_blocked(self.world.now) and talk.phase in (Phase.INTAKE, Phase.WAITING):
                assert talk.in_crisis_lane
                assert talk.assigned_to in (None, "lou")

    @invariant()
    def nobody_in_danger_was_closed_by_a_machine(self) -> None:
        for talk in self.world.conversations.values():
            assert not (talk.in_crisis_lane and talk.outcome == "seeker_left")


def test_every_law_holds_in_any_order_of_events() -> None:
    run_state_machine_as_test(House, settings=settings(max_examples=150, stateful_step_count=50))


def test_words_of_every_kind_are_kept_and_screened_after_any_beginning() -> None:
    """The house's own starting points: new, waiting, live, closed; then a crisis, and the card is there."""
    for steps in (("hello",), ("hello", "person"), ("hello", "person", "claim"), ("hello", "person", "claim", "close")):
        world = World(supporter("sam"))
        for step in steps:
            if step == "hello":
                world.writes()
            elif step == "person":
                world.taps("warmline:person")
            elif step == "claim":
                world.claims()
            else:
                world.desk(e.SupporterClosed, outcome="supported")
        world.do(e.SeekerWrote(id="last", seeker=SEEKERS[0], text="words", assessment=heard(Tier.ACTIVE)))
        assert [entry.text for entry in world.feed].count("words") == 1
        assert world.cards()
