"""Frames that change something: one frozen shape per deed, who may do it, and the event it becomes."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from connectors.console.frames import WHY_LIMIT, Deed, FrameId, Key, Right, Seq, TierName, Why, clean, tier_named
from handoff.core import events
from handoff.core.events import Event
from handoff.core.supporter import Presence


class SetPresence(Deed, frozen=True, tag="presence"):
    state: Literal["available", "busy", "away"]

    def event(self, by: str) -> Event:
        return events.PresenceSet(id=self.event_id(by), supporter=by, presence=Presence(self.state))


class ConversationDeed(Deed, frozen=True):
    conversation: Key


class Accept(ConversationDeed, frozen=True, tag="accept"):
    def event(self, by: str) -> Event:
        return events.Claimed(id=self.event_id(by), supporter=by, conversation=self.conversation)


class Decline(ConversationDeed, frozen=True, tag="decline"):
    why: Why = ""

    def event(self, by: str) -> Event:
        return events.Declined(id=self.event_id(by), supporter=by, conversation=self.conversation, why=self.why)


class Say(ConversationDeed, frozen=True, tag="say"):
    """Words for the seeker."""

    right = Right.HOLDER
    text: str

    def event(self, by: str) -> Event:
        return events.SupporterWrote(
            id=self.event_id(by), supporter=by, conversation=self.conversation, text=clean(self.text), refers=self.id
        )


class Edit(ConversationDeed, frozen=True, tag="edit"):
    """Other words for what this supporter sent as `refers`."""

    right = Right.HOLDER
    text: str
    refers: FrameId

    def event(self, by: str) -> Event:
        return events.SupporterEdited(
            id=self.event_id(by), supporter=by, conversation=self.conversation, text=clean(self.text),
            refers=self.refers,
        )  # fmt: skip


class Unsay(ConversationDeed, frozen=True, tag="unsay"):
    """What this supporter sent as `refers` is taken back."""

    right = Right.HOLDER
    refers: FrameId

    def event(self, by: str) -> Event:
        return events.SupporterUnsaid(
            id=self.event_id(by), supporter=by, conversation=self.conversation, refers=self.refers
        )


class Pause(ConversationDeed, frozen=True, tag="pause"):
    """A few minutes for oneself; the seeker is told, and nobody is hurried meanwhile."""

    right = Right.HOLDER

    def event(self, by: str) -> Event:
        return events.PauseTaken(id=self.event_id(by), supporter=by, conversation=self.conversation)


class Note(ConversationDeed, frozen=True, tag="note"):
    """Words for the desk alone. A type of its own, so that no slip of a field can send one to the seeker."""

    right = Right.HOLDER_OR_LEAD
    text: str

    def event(self, by: str) -> Event:
        return events.NoteWritten(
            id=self.event_id(by), supporter=by, conversation=self.conversation, text=clean(self.text)
        )


class SendResource(ConversationDeed, frozen=True, tag="resource"):
    right = Right.HOLDER
    resource: Key

    def event(self, by: str) -> Event:
        return events.ResourceSent(
            id=self.event_id(by), supporter=by, conversation=self.conversation, resource=self.resource
        )


class Release(ConversationDeed, frozen=True, tag="release"):
    right = Right.HOLDER

    def event(self, by: str) -> Event:
        return events.Released(id=self.event_id(by), supporter=by, conversation=self.conversation)


class Transfer(ConversationDeed, frozen=True, tag="transfer"):
    right = Right.HOLDER_OR_LEAD
    to: Key

    def event(self, by: str) -> Event:
        return events.Transferred(id=self.event_id(by), supporter=by, conversation=self.conversation, to=self.to)


class TakeOver(ConversationDeed, frozen=True, tag="takeover"):
    right = Right.LEAD

    def event(self, by: str) -> Event:
        return events.TakenOver(id=self.event_id(by), supporter=by, conversation=self.conversation)


class Escalate(ConversationDeed, frozen=True, tag="escalate"):
    right = Right.HOLDER
    why: Why = ""

    def event(self, by: str) -> Event:
        return events.Escalated(id=self.event_id(by), supporter=by, conversation=self.conversation, why=self.why)


class Raise(ConversationDeed, frozen=True, tag="raise"):
    right = Right.HOLDER_OR_LEAD
    tier: TierName
    why: Why

    def event(self, by: str) -> Event:
        return events.RiskRaised(
            id=self.event_id(by), supporter=by, conversation=self.conversation, tier=tier_named(self.tier), why=self.why
        )


class Lower(ConversationDeed, frozen=True, tag="lower"):
    right = Right.LEAD
    tier: TierName
    why: Annotated[str, msgspec.Meta(min_length=1, max_length=WHY_LIMIT)]

    def event(self, by: str) -> Event:
        return events.RiskLowered(
            id=self.event_id(by), supporter=by, conversation=self.conversation, tier=tier_named(self.tier), why=self.why
        )


class Look(ConversationDeed, frozen=True, tag="look"):
    """A lead reads a conversation they do not hold. Recorded before the first word is shown."""

    right = Right.LEAD

    def event(self, by: str) -> Event:
        return events.LookedIn(id=self.event_id(by), supporter=by, conversation=self.conversation)


class Join(Look, frozen=True, tag="join"):
    """A lead reads along with the supporter's knowledge, and writes in the margin."""

    def event(self, by: str) -> Event:
        return events.Joined(id=self.event_id(by), supporter=by, conversation=self.conversation)


class Flag(ConversationDeed, frozen=True, tag="flag"):
    """The screen was wrong about one message of the seeker's."""

    right = Right.HOLDER_OR_LEAD
    seq: Seq
    verdict: Literal["missed_risk", "false_alarm"]

    def event(self, by: str) -> Event:
        return events.MessageFlagged(
            id=self.event_id(by), supporter=by, conversation=self.conversation, seq=self.seq, verdict=self.verdict
        )


class Reviewed(ConversationDeed, frozen=True, tag="reviewed"):
    """What a lead found in a sampled conversation."""

    right = Right.LEAD
    outcome: Literal["nothing_missed", "missed_risk", "false_alarm"]

    def event(self, by: str) -> Event:
        return events.Reviewed(id=self.event_id(by), supporter=by, conversation=self.conversation, outcome=self.outcome)


ReportReason = Literal["abusive", "sexual", "threatening", "prank", "other"]


class ReportSeeker(ConversationDeed, frozen=True, tag="report_seeker"):
    """End the talk and report the person, in one step; in a crisis a lead is called instead."""

    right = Right.HOLDER_OR_LEAD
    reason: ReportReason
    note: Annotated[str, msgspec.Meta(max_length=2000)] = ""

    def event(self, by: str) -> Event:
        return events.SeekerReported(
            id=self.event_id(by), supporter=by, conversation=self.conversation, reason=self.reason,
            note=clean(self.note),
        )  # fmt: skip


class Block(ConversationDeed, frozen=True, tag="block"):
    """Keep somebody from chatting for a time."""

    right = Right.LEAD
    reason: ReportReason
    seconds: Literal[3_600, 86_400, 604_800, 2_592_000]

    def event(self, by: str) -> Event:
        return events.SeekerBlocked(
            id=self.event_id(by), supporter=by, conversation=self.conversation, reason=self.reason,
            seconds=self.seconds,
        )  # fmt: skip


class Unblock(ConversationDeed, frozen=True, tag="unblock"):
    """Lift a block before its end."""

    right = Right.LEAD

    def event(self, by: str) -> Event:
        return events.SeekerUnblocked(id=self.event_id(by), supporter=by, conversation=self.conversation)


class Close(ConversationDeed, frozen=True, tag="close"):
    right = Right.HOLDER
    outcome: str

    def event(self, by: str) -> Event:
        return events.SupporterClosed(
            id=self.event_id(by), supporter=by, conversation=self.conversation, outcome=self.outcome
        )
