"""What was filled into a modal, read and checked: a frozen value each, or `Faults` for Slack to show at the fields.

`view` is the `view` of a `view_submission`. A fault goes back as `ack(response_action="errors", errors=faults.errors)`.
Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.slack.modals import MESSAGE_LIMIT
from connectors.slack.modals_bricks import NAME_LIMIT, WHY_LIMIT
from connectors.slack.modals_people import MOST_AT_ONCE
from connectors.slack.names import Block, Where
from connectors.slack.text import clean
from connectors.slack.words import Words
from handoff.core.outcomes import OUTCOMES
from handoff.core.risk import Tier
from handoff.core.supporter import Role, Training

Filled = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Faults:
    """Sentences by block id."""

    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class DeclineForm:
    where: Where
    why: str


@dataclass(frozen=True, slots=True)
class CloseForm:
    where: Where
    outcome: str


@dataclass(frozen=True, slots=True)
class TransferForm:
    where: Where
    to: str


@dataclass(frozen=True, slots=True)
class EscalateForm:
    where: Where
    why: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TierForm:
    where: Where
    tier: Tier
    why: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NoteForm:
    """`where.conversation` is the one chosen, if there was a choice."""

    where: Where
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ResourceForm:
    where: Where
    resource: str


@dataclass(frozen=True, slots=True)
class ReplyForm:
    where: Where
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonForm:
    """`supporter`: whom a lead changes; empty for somebody new. `slack`: the person's id within the workspace."""

    supporter: str
    name: str
    slack: str
    role: Role
    training: Training
    minors: bool
    remove: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileForm:
    supporter: str
    languages: tuple[str, ...]
    topics: tuple[str, ...]
    opted_out: tuple[str, ...]
    traits: tuple[str, ...]
    capacity: int


def read_decline(view: Filled) -> DeclineForm:
    """Never a fault: why is optional."""
    return DeclineForm(where_of(view), chosen_of(view, Block.WHY))


def read_close(view: Filled, words: Words) -> CloseForm | Faults:
    outcome = chosen_of(view, Block.OUTCOME)
    if outcome not in OUTCOMES:
        return fault_at(words, Block.OUTCOME, "choose")
    return CloseForm(where_of(view), outcome)


def read_transfer(view: Filled, words: Words) -> TransferForm | Faults:
    to = chosen_of(view, Block.TO)
    return TransferForm(where_of(view), to) if to else fault_at(words, Block.TO, "choose")


def read_escalate(view: Filled, words: Words) -> EscalateForm | Faults:
    why = chosen_of(view, Block.WHY)
    if len(why) > WHY_LIMIT:
        return fault_at(words, Block.WHY, "too_long", count=WHY_LIMIT)
    return EscalateForm(where_of(view), why)


def read_tier(view: Filled, words: Words) -> TierForm | Faults:
    """Raise and lower alike; a reason is needed for both."""
    tier, why = chosen_of(view, Block.TIER), chosen_of(view, Block.WHY)
    if tier.upper() not in Tier.__members__:
        return fault_at(words, Block.TIER, "no_tier")
    if not why or len(why) > WHY_LIMIT:
        return fault_at(words, Block.WHY, "too_long" if why else "missing", count=WHY_LIMIT)
    return TierForm(where_of(view), Tier[tier.upper()], why)


def read_note(view: Filled, words: Words) -> NoteForm | Faults:
    text, which = chosen_of(view, Block.NOTE), chosen_of(view, Block.WHICH)
    where = where_of(view)
    if not text:
        return fault_at(words, Block.NOTE, "missing")
    if which:
        where = Where(which, where.channel, where.thread)
    return NoteForm(where, text) if where.conversation else fault_at(words, Block.WHICH, "choose")


def read_search(view: Filled) -> str:
    """What was typed to look for resources; also from the view of a `block_actions`."""
    return chosen_of(view, Block.SEARCH)


def read_resource(view: Filled, words: Words) -> ResourceForm | Faults:
    resource = chosen_of(view, Block.RESOURCE)
    if not resource:
        return fault_at(words, Block.SEARCH, "nothing_found")
    return ResourceForm(where_of(view), resource)


def read_picked(view: Filled) -> str:
    """The saved reply chosen so far; also from the view of a `block_actions`. Empty: none."""
    return chosen_of(view, Block.REPLY)


def read_reply(view: Filled, words: Words) -> ReplyForm | Faults:
    """What will be sent, as it was changed."""
    text, block = chosen_of(view, Block.WORDS), _block(view, Block.WORDS)
    if not text:
        return Faults({block or Block.REPLY.value: words.say("fault", "missing")})
    if len(text) > MESSAGE_LIMIT:
        return Faults({block: words.say("fault", "too_long", count=MESSAGE_LIMIT)})
    return ReplyForm(where_of(view), text)


def read_person(view: Filled, words: Words) -> PersonForm | Faults:
    name, slack = " ".join(chosen_of(view, Block.NAME).split()), chosen_of(view, Block.SLACK)
    role, training = chosen_of(view, Block.ROLE), chosen_of(view, Block.TRAINING).upper()
    wrong = {
        Block.NAME: "" if 0 < len(name) <= NAME_LIMIT else ("too_long" if name else "missing"),
        Block.SLACK: "" if slack else "slack",
        Block.ROLE: "" if role in set(Role) else "choose",
        Block.TRAINING: "" if training in Training.__members__ else "choose",
    }
    errors = {block.value: words.say("fault", key, count=NAME_LIMIT) for block, key in wrong.items() if key}
    if errors:
        return Faults(errors)
    return PersonForm(
        supporter=where_of(view).conversation,
        name=name,
        slack=slack,
        role=Role(role),
        training=Training[training],
        minors=bool(many_of(view, Block.MINORS)),
        remove=bool(many_of(view, Block.ACCESS)),
    )


def read_profile(view: Filled, words: Words) -> ProfileForm | Faults:
    languages, topics, out = (many_of(view, each) for each in (Block.LANGUAGES, Block.TOPICS, Block.OPTED_OUT))
    capacity = chosen_of(view, Block.CAPACITY)
    if not languages:
        return fault_at(words, Block.LANGUAGES, "missing")
    both = [words.known("topic", code) or code for code in topics if code in out]
    if both:
        return fault_at(words, Block.OPTED_OUT, "both", topics=", ".join(both))
    if not (capacity.isdecimal() and 1 <= int(capacity) <= MOST_AT_ONCE):
        return fault_at(words, Block.CAPACITY, "capacity", low=1, high=MOST_AT_ONCE)
    return ProfileForm(
        supporter=where_of(view).conversation,
        languages=languages,
        topics=topics,
        opted_out=out,
        traits=many_of(view, Block.TRAITS),
        capacity=int(capacity),
    )


def where_of(view: Filled) -> Where:
    """What the modal is about."""
    return Where.unpack(view.get("private_metadata") or "")


def fault_at(words: Words, block: Block, key: str, **values: object) -> Faults:
    """One sentence at one field."""
    return Faults({block.value: words.say("fault", key, **values)})


def _block(view: Filled, block: Block) -> str:
    """The block id as it stands in the view: with what follows the colon, if anything."""
    names = view.get("state", {}).get("values", {})
    return next((name for name in names if name.partition(":")[0] == block.value), "")


def _answer(view: Filled, block: Block) -> Mapping[str, Any]:
    fields = view.get("state", {}).get("values", {}).get(_block(view, block)) or {}
    return next(iter(fields.values()), {})


def chosen_of(view: Filled, block: Block) -> str:
    """What one field holds: words, a number, a person or the chosen value. Empty when nothing."""
    answer = _answer(view, block)
    chosen = (answer.get("selected_option") or {}).get("value")
    return clean(str(answer.get("value") or chosen or answer.get("selected_user") or "")).strip()


def many_of(view: Filled, block: Block) -> tuple[str, ...]:
    """Everything that is chosen in one field."""
    return tuple(str(each["value"]) for each in _answer(view, block).get("selected_options") or ())
