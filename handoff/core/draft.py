"""What `decide()` works on: the scene it was given, and a draft of the decision that moves write into."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from handoff.core.changing import changed
from handoff.core.conversation import Conversation, Deadline, Owner, Phase
from handoff.core.effects import Alert, AskBot, Effect, Jot, Nudge, Record, Say
from handoff.core.entries import Button, Entry, EntryKind, Speaker
from handoff.core.events import Event
from handoff.core.ids import entry_id
from handoff.core.line import Line
from handoff.core.risk import Modifier
from handoff.core.supporter import Supporter

SHORT = 4
"""Letters of a pseudonym that a desk shows; enough to tell apart who waits at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything read before deciding. What an event does not need is left empty.

    `actor` did it; `holder` holds the conversation; `other` is a transfer's target; `staff` is the roster;
    `ahead` counts the places before this one; `average_wait` in seconds. `fresh_id` names one that may begin.
    `superseded`: the seeker's feed goes on in a later conversation, so that this one has no word in it any more.
    """

    line: Line
    conversation: Conversation
    fresh_id: str = ""
    actor: Supporter | None = None
    holder: Supporter | None = None
    other: Supporter | None = None
    staff: tuple[Supporter, ...] = ()
    ahead: int = 0
    average_wait: float | None = None
    superseded: bool = False
    asked: tuple[tuple[str, str], ...] = ()
    """What waits before this one for its assignee to accept it: the supporter, and the conversation."""
    waiting: int = 0
    """How many wait in the whole queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What an event changes and causes. `refused` is a code of the wording's `refused_...`; then nothing changes."""

    conversations: tuple[Conversation, ...] = ()
    supporters: tuple[Supporter, ...] = ()
    effects: tuple[Effect, ...] = ()
    pokes: tuple[tuple[Deadline, str], ...] = ()
    opens: str | None = None
    replaces: str | None = None
    refused: str | None = None
    about: dict[str, str] = field(default_factory=dict)
    """Values for the refusal's sentence."""

    @property
    def changes(self) -> bool:
        """Whether there is anything to commit."""
        return bool(self.conversations or self.supporters or self.effects or self.pokes)


class Refusal(Exception):
    """A move refuses: nothing that the draft holds is kept."""

    def __init__(self, code: str, **about: str) -> None:
        super().__init__(code)
        self.code = code
        self.about = about


class Draft:
    """One decision while it is being made. Local to one call of `decide()`; its parts are frozen values."""

    def __init__(self, scene: Scene, event: Event, now: float) -> None:
        self.scene = scene
        self.event = event
        self.now = now
        self.line = scene.line
        self.policy = scene.line.policy
        self.conversation = scene.conversation
        self.effects: list[Effect] = []
        self.pokes: list[tuple[Deadline, str]] = []
        self.replaces: str | None = None
        self.opens: str | None = None
        self._supporters: dict[str, Supporter] = {}
        self._entries = 0

    # --- the record -------------------------------------------------------------------------------------------------

    def set(self, **changes: Any) -> None:
        """Change fields of the conversation."""
        self.conversation = changed(self.conversation, changed_at=self.now, **changes)

    def owned_by(self, owner: Owner, phase: Phase, **changes: Any) -> None:
        """Change who may speak: the epoch grows, so that whatever the last owner still says is dropped."""
        self.set(owner=owner, phase=phase, epoch=self.conversation.epoch + 1, **changes)

    def due(self, kind: Deadline, seconds: float) -> None:
        """Set a deadline `seconds` from now."""
        self.set(deadlines={**self.conversation.deadlines, kind: self.now + seconds})

    def not_due(self, *kinds: Deadline) -> None:
        """Drop deadlines."""
        left = {kind: at for kind, at in self.conversation.deadlines.items() if kind not in kinds}
        if left != self.conversation.deadlines:
            self.set(deadlines=left)

    def supporter(self, given: Supporter | None) -> Supporter | None:
        """A supporter of the scene as this decision has changed them so far."""
        return None if given is None else self._supporters.get(given.id, given)

    def change(self, supporter: Supporter, **changes: Any) -> None:
        """Change fields of a supporter."""
        before = self._supporters.get(supporter.id, supporter)
        self._supporters[supporter.id] = changed(before, **changes)

    @property
    def watched(self) -> bool:
        """Whether somebody dangerous may be near the seeker and read along."""
        return Modifier.PERPETRATOR_NEARBY in self.conversation.modifiers

    # --- effects ----------------------------------------------------------------------------------------------------

    def say(
        self,
        speaker: Speaker,
        text: str,
        *,
        kind: EntryKind = EntryKind.TEXT,
        name: str = "",
        buttons: tuple[Button, ...] = (),
        body: dict[str, Any] | None = None,
        refers: str = "",
        answers: int = 0,
        private: bool = False,
    ) -> Entry:
        """Add an entry to the seeker's feed."""
        self.set(seq=self.conversation.seq + 1)
        entry = Entry(
            seq=self.conversation.seq, id=self._next_id(), at=self.now, conversation=self.conversation.id,
            speaker=speaker, name=name, kind=kind, text=text, buttons=buttons, body=body, refers=refers,
            answers=answers, private=private,
        )  # fmt: skip
        self.effects.append(Say(entry))
        return entry

    def notice(self, key: str, *buttons: str, **values: object) -> Entry:
        """Say one of our own sentences, with quick replies named by their wording keys (`button_<name>`).

        Where somebody dangerous may read along, what has a short neutral form (`<key>_watched`) is said in it, and of
        the quick replies beside it the one for urgent help alone is left.
        """
        if self.watched and self.line.wording.knows(f"{key}_watched"):
            key, buttons = f"{key}_watched", tuple(each for each in buttons if each == "urgent")
        return self.say(Speaker.SYSTEM, self.text(key, **values), kind=EntryKind.NOTICE, buttons=self.buttons(*buttons))

    def buttons(self, *names: str) -> tuple[Button, ...]:
        """Quick replies: the title is the wording `button_<name>`, the payload `warmline:<name>`."""
        return tuple(Button(self.text(f"button_{name}"), f"warmline:{name}") for name in names)

    def jot(self, text: str, *, kind: EntryKind = EntryKind.NOTICE, name: str = "") -> None:
        """Add an entry to the margin: the desk alone reads it."""
        speaker = Speaker.SUPPORTER if kind is EntryKind.NOTE else Speaker.SYSTEM
        self.set(margin=self.conversation.margin + 1)
        entry = Entry(
            seq=self.conversation.margin, id=self._next_id(), at=self.now, conversation=self.conversation.id,
            speaker=speaker, name=name, kind=kind, text=text,
        )  # fmt: skip
        self.effects.append(Jot(entry))

    def ask_bot(self, text: str) -> None:
        """Give the bot its turn with these words or this payload."""
        known = self.conversation
        context = {
            "language": known.language, "country": known.country, "phase": known.phase.value, "epoch": known.epoch,
            "consent": known.consent, "name": known.intake.name, "message_id": self.event.id,
        }  # fmt: skip
        self.effects.append(
            AskBot(id=self._next_id(), conversation=known.id, epoch=known.epoch, text=text, context=context)
        )

    def record(self, kind: str, **fields: Any) -> None:
        """Write a row to the records."""
        self.effects.append(Record(id=self._next_id(), kind=kind, fields={"at": self.now, **fields}))

    def audit(self, actor: str, action: str, **detail: Any) -> None:
        """Record who did what to this conversation."""
        self.record("audit", actor=actor, action=action, conversation=self.conversation.id, detail=detail)

    def alert(self, kind: str, *, urgent: bool = False, **values: object) -> None:
        """Tell the leads, in the line's own language; `{pseudonym}` is the short form that desks show."""
        short = self.conversation.pseudonym[:SHORT]
        text = self.line.wording.say(f"alert_{kind}", self.line.language, pseudonym=short, **values)
        self.effects.append(Alert(kind=kind, conversation=self.conversation.id, at=self.now, text=text, urgent=urgent))

    def line_alert(self, kind: str, about: str, **values: object) -> None:
        """Tell the leads about the line itself rather than a conversation; `about` stands in for one."""
        text = self.line.wording.say(f"alert_{kind}", self.line.language, **values)
        self.effects.append(Alert(kind=kind, conversation=about, at=self.now, text=text))

    def nudge(self, supporter: str, kind: str) -> None:
        """Draw a supporter's eye to this conversation."""
        self.effects.append(Nudge(supporter=supporter, conversation=self.conversation.id, kind=kind))

    def text(self, key: str, **values: object) -> str:
        """One of our sentences in the seeker's language."""
        return self.line.wording.say(key, self.conversation.language, **values)

    def desk_text(self, key: str, **values: object) -> str:
        """One of our sentences in the desk's language."""
        return self.line.wording.say(key, self.line.language, **values)

    def decision(self) -> Decision:
        """The finished decision."""
        changed = self.conversation is not self.scene.conversation
        return Decision(
            conversations=(self.conversation,) if changed else (),
            supporters=tuple(self._supporters.values()),
            effects=tuple(self.effects),
            pokes=tuple(self.pokes),
            opens=self.opens,
            replaces=self.replaces,
        )

    def _next_id(self) -> str:
        self._entries += 1
        return entry_id(self.event.id, self._entries)
