"""The modals about the people of the line: a lead adds or changes somebody, a supporter fills in their own profile."""

from __future__ import annotations

from collections.abc import Iterable

from connectors.slack import modals_bricks as m
from connectors.slack import text as t
from connectors.slack.names import Action, Block, Modal, Where
from connectors.slack.text import Json, View
from connectors.slack.words import Words
from handoff.core.supporter import Role, Supporter, Training

MOST_AT_ONCE = 6
"""Conversations at once that a profile may ask for. Our own choice: more is not listening."""


def person_modal(words: Words, person: Supporter | None = None) -> View:
    """A lead adds a person (None) or changes one: who they are, and what they are trained for."""
    known = person or Supporter(id="", name="")
    blocks = [
        m.field(Block.NAME, words.say("person", "name"), m.lines(most=m.NAME_LIMIT, first=known.name, rows=False)),
        m.field(Block.SLACK, words.say("person", "slack"), _slack_person(known.slack)),
        m.field(Block.ROLE, words.say("person", "role"), _roles(words, known.role)),
        m.field(Block.TRAINING, words.say("person", "training"), _trainings(words, known.training)),
        m.field(
            Block.MINORS,
            words.say("person", "minors"),
            m.tick(words.say("person", "minors_yes"), "yes", on=known.minors),
            optional=True,
        ),
        *([_access(words)] if person else []),
        t.small(words.say("person", "next")),
    ]
    title = "title" if person else "title_new"
    return m.modal(words, Modal.PERSON, Where(conversation=known.id), blocks, title=title)


def profile_modal(words: Words, supporter: Supporter) -> View:
    """What a supporter says of themselves: languages, topics, what they opt out of, and how many at once."""
    say, choose = words.say, words.say("profile", "choose")
    languages = _with_own(words, "language", supporter.languages)
    topics = m.options_of(words.all_of("topic"))
    traits = _with_own(words, "trait", supporter.traits)
    number = {
        "type": "number_input",
        "action_id": Action.FIELD.value,
        "is_decimal_allowed": False,
        "min_value": "1",
        "max_value": str(MOST_AT_ONCE),
        "initial_value": str(min(max(supporter.capacity, 1), MOST_AT_ONCE)),
    }
    lists = [
        (Block.LANGUAGES, "languages", languages, supporter.languages, False),
        (Block.TOPICS, "topics", topics, supporter.topics, True),
        (Block.OPTED_OUT, "opted_out", topics, supporter.opted_out, True),
        (Block.TRAITS, "traits", traits, supporter.traits, True),
    ]
    blocks = [
        t.section(say("profile", "words")),
        *(
            m.field(block, say("profile", key), m.choices(options, choose, chosen), optional=optional)
            for block, key, options, chosen, optional in lists
        ),
        m.field(Block.CAPACITY, say("profile", "capacity"), number),
    ]
    return m.modal(words, Modal.PROFILE, Where(conversation=supporter.id), blocks)


def _slack_person(known: str) -> Json:
    element: Json = {"type": "users_select", "action_id": Action.FIELD.value}
    _, _, person = known.partition("/")
    return {**element, "initial_user": person} if person else element


def _roles(words: Words, role: Role) -> Json:
    options = [t.option(words.say("person", f"role_{each.value}"), each.value) for each in Role]
    return m.choice(options, words.say("person", "role"), chosen=role.value)


def _trainings(words: Words, training: Training) -> Json:
    codes = [each.name.lower() for each in Training]
    options = [t.option(words.say("person", f"training_{code}"), code) for code in codes]
    return m.choice(options, words.say("person", "training"), chosen=training.name.lower())


def _access(words: Words) -> Json:
    box = m.tick(words.say("person", "access_remove"), "remove")
    return m.field(Block.ACCESS, words.say("person", "access"), box, optional=True)


def _with_own(words: Words, section: str, own: Iterable[str]) -> list[Json]:
    """What the wording knows, and what this person has that it does not, so that saving loses nothing."""
    known = words.all_of(section)
    return m.options_of({**{code: code for code in own if code not in known}, **known})
