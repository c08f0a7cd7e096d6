"""A little world around `decide()`: records, a roster, feeds and a clock, with every law held at every step."""

from __future__ import annotations

import itertools
from copy import deepcopy
from dataclasses import replace
from typing import Any

from handoff.core import events as e
from handoff.core.conversation import Conversation, Deadline, Phase
from handoff.core.draft import Decision, Scene
from handoff.core.effects import Alert, AskBot, Bar, Cleared, Forget, Jot, Nudge, Record, Say, Waited
from handoff.core.entries import Entry, EntryKind, Speaker
from handoff.core.ids import Address
from handoff.core.line import Line
from handoff.core.queue import average, place
from handoff.core.risk import Modifier, Tier
from handoff.core.roster import decide_roster
from handoff.core.supporter import Supporter
from handoff.core.transitions import decide
from tests.core import laws
from tests.core.making import NOW, SEEKER, heard, line


class World:
    """`do` carries one event through; the other verbs say what somebody does."""

    def __init__(self, *staff: Supporter, at: Line | None = None, talk: Conversation | None = None) -> None:
        self.line = at or line()
        self.now = NOW
        self.conversations: dict[str, Conversation] = {}
        self.current: dict[Address, str] = {}
        self.supporters = {each.id: each for each in staff}
        self.feeds: dict[str, list[Entry]] = {}
        self.margins: dict[str, list[Entry]] = {}
        self.effects: list[Any] = []
        self.average: float | None = None
        self.waiting = 0
        self._ids = itertools.count(1)
        if talk is not None:
            self.put(talk)

    def put(self, talk: Conversation) -> None:
        """A conversation as it stands, whoever holds it knowing so."""
        self.conversations[talk.id] = talk
        self.current[talk.seeker] = talk.id
        held_by = self.supporters.get(talk.supporter or "")
        if held_by is not None and talk.phase is Phase.LIVE:
            self.supporters[held_by.id] = replace(held_by, holding=(*held_by.holding, talk.id))

    # --- what is seen -----------------------------------------------------------------------------------------------

    @property
    def talk(self) -> Conversation:
        """The seeker's current conversation."""
        return self.conversations[self.current[SEEKER]]

    def is_in(self, phase: Phase) -> bool:
        return self.talk.phase is phase

    @property
    def feed(self) -> list[Entry]:
        return self.feeds.get("p-ana", [])

    @property
    def margin(self) -> list[Entry]:
        return self.margins.get(self.talk.id, [])

    def of(self, kind: type[Any]) -> list[Any]:
        """Every effect of a kind so far, oldest first."""
        return [effect for effect in self.effects if isinstance(effect, kind)]

    def alerts(self) -> list[str]:
        return [alert.kind for alert in self.of(Alert)]

    def nudges(self) -> list[tuple[str, str]]:
        return [(nudge.supporter, nudge.kind) for nudge in self.of(Nudge)]

    def records(self, kind: str) -> list[dict[str, Any]]:
        return [record.fields for record in self.of(Record) if record.kind == kind]

    def audited(self) -> list[str]:
        return [fields["action"] for fields in self.records("audit")]

    def asked(self) -> list[str]:
        return [turn.text for turn in self.of(AskBot)]

    def text(self, key: str, **values: object) -> str:
        return self.line.wording.say(key, "en", **values)

    def told(self) -> list[str]:
        """What the seeker reads, own words left out."""
        return [entry.text for entry in self.feed if entry.speaker is not Speaker.SEEKER]

    def cards(self) -> list[Entry]:
        return [entry for entry in self.feed if entry.kind is EntryKind.CARD]

    # --- what happens -----------------------------------------------------------------------------------------------

    def id(self) -> str:
        return f"e{next(self._ids)}"

    def do(self, event: e.Event) -> Decision:
        """Carry an event through, once for the world and once more to see that nothing else comes out."""
        if isinstance(event, e.RosterEvent):
            decision = decide_roster(self.supporters.get(event.supporter), event, self.now, self.line)
        else:
            scene = self.scene(event)
            twin = deepcopy(scene.conversation), deepcopy(event)
            decision = decide(scene, event, self.now)
            assert decision == decide(scene, event, self.now)
            assert (scene.conversation, event) == twin
            laws.holds(scene, event, decision)
        self._keep(decision)
        return decision

    def scene(self, event: e.Event) -> Scene:
        talk = self._conversation(event)
        waits = sorted(spot.score for each in self.conversations.values() if (spot := place(each, self.line.policy)))
        mine = place(talk, self.line.policy)
        return Scene(
            line=self.line,
            conversation=talk,
            fresh_id=f"c{len(self.conversations) + 1}",
            actor=self.supporters.get(event.supporter) if isinstance(event, e.DeskEvent) else None,
            holder=self.supporters.get(talk.supporter or "") if talk.phase is Phase.LIVE else None,
            other=self.supporters.get(event.to) if isinstance(event, e.Transferred) else None,
            staff=tuple(each for each in self.supporters.values() if not each.removed),
            ahead=waits.index(mine.score) if mine else len(waits),
            average_wait=self.average,
            waiting=self.waiting,
            asked=self._asked_before(talk),
        )

    def _asked_before(self, talk: Conversation) -> tuple[tuple[str, str], ...]:
        mine = place(talk, self.line.policy)
        spots = [spot for each in self.conversations.values() if (spot := place(each, self.line.policy))]
        ahead = [spot for spot in spots if mine and spot.score < mine.score]
        return tuple((spot.assigned_to, spot.conversation) for spot in ahead if spot.assigned_to)

    def _conversation(self, event: e.Event) -> Conversation:
        if isinstance(event, e.SeekerEvent):
            known = self.current.get(event.seeker)
            return self.conversations[known] if known else self._blank(event.seeker)
        return self.conversations[getattr(event, "conversation")]  # noqa: B009

    def _blank(self, seeker: Address) -> Conversation:
        name = "p-" + seeker.id.partition("-")[0]
        made = f"c{len(self.conversations) + 1}"
        return Conversation(
            id=made, seeker=seeker, pseudonym=name, language="en", phase=Phase.NEW, opened_at=self.now,
            changed_at=self.now,
        )  # fmt: skip

    def _keep(self, decision: Decision) -> None:
        self.effects += decision.effects
        for talk in decision.conversations:
            self.conversations[talk.id] = replace(talk, version=talk.version + 1)
            if decision.opens == talk.id:
                self.current[talk.seeker] = talk.id
        for each in decision.supporters:
            self.supporters[each.id] = replace(each, version=each.version + 1)
        for effect in decision.effects:
            if isinstance(effect, Say):
                owner = self.conversations[effect.entry.conversation].pseudonym
                self.feeds.setdefault(owner, []).append(effect.entry)
            elif isinstance(effect, Jot):
                self.margins.setdefault(effect.entry.conversation, []).append(effect.entry)
            elif isinstance(effect, Waited):
                self.average = average(self.average, effect.seconds)
            else:
                assert isinstance(effect, AskBot | Record | Alert | Cleared | Nudge | Forget | Bar)
        for kind, conversation in decision.pokes:
            self.do(e.Due(id=self.id(), kind=kind, conversation=conversation, at=self.now))

    # --- what people do ---------------------------------------------------------------------------------------------

    def writes(
        self, text: str = "hello", tier: Tier = Tier.NONE, *modifiers: Modifier, seeker: Address = SEEKER
    ) -> Decision:
        return self.do(e.SeekerWrote(id=self.id(), seeker=seeker, text=text, assessment=heard(tier, *modifiers)))

    def taps(self, payload: str, label: str = "a button") -> Decision:
        return self.do(e.SeekerTapped(id=self.id(), seeker=SEEKER, payload=payload, label=label))

    def claims(self, who: str = "sam", talk: str | None = None) -> Decision:
        return self.do(e.Claimed(id=self.id(), supporter=who, conversation=talk or self.talk.id))

    def says(self, who: str = "sam", text: str = "hi, I am here") -> Decision:
        return self.do(e.SupporterWrote(id=self.id(), supporter=who, conversation=self.talk.id, text=text))

    def desk(self, event: type[e.DeskEvent], who: str = "sam", **fields: Any) -> Decision:
        """Any other event of the desk about the current conversation."""
        return self.do(event(id=self.id(), supporter=who, conversation=self.talk.id, **fields))

    def bot(self, event: type[e.BotEvent], **fields: Any) -> Decision:
        """Any event of the bot about the current conversation."""
        return self.do(event(id=self.id(), conversation=self.talk.id, **fields))

    def falls_due(self, kind: Deadline) -> Decision:
        """This deadline comes, now."""
        at = self.talk.deadlines.get(kind, self.now)
        return self.do(e.Due(id=self.id(), kind=kind, conversation=self.talk.id, at=at))

    def passes(self, seconds: float) -> None:
        """Time passes, and every deadline on the way falls due in its turn."""
        until = self.now + seconds
        while due := min(self._due(until), default=None):
            at, kind, talk = due
            self.now = max(self.now, at)
            self.do(e.Due(id=self.id(), kind=Deadline(kind), conversation=talk, at=at))
        self.now = until

    def _due(self, until: float) -> list[tuple[float, str, str]]:
        return [
            (at, kind.value, talk.id)
            for talk in self.conversations.values()
            for kind, at in talk.deadlines.items()
            if at <= until
        ]
