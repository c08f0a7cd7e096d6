"""The names that Slack sends back to us: action ids, callback ids, block ids, and what travels with them.

Buttons (`action_id` → `value`):

| action_id | where | value |
|---|---|---|
| `queue_accept`, `queue_decline` | queue card; accepting also where a crisis is assigned | conversation |
| `thread_close` ... `thread_block`, `thread_everything` | root of a thread | conversation |
| `thread_pause`, `thread_release` | root of a thread; done at once (release asks first, by itself) | conversation |
| `alert_acknowledge` | leads' channel, home | kinds and conversation, see `alert_value` |
| `alert_take_over` | leads' channel, home | conversation |
| `presence_available`, `presence_busy`, `presence_away`, `presence_still_here` | home, reminder | supporter |
| `home_profile`, `home_add_person` | home | empty |
| `home_edit_person` | home of a lead | the supporter's id |
| `home_report` | home of a lead | the report's number |
| `open_link` | anywhere; a link that only wants an ack | empty |

Inside modals (`block_actions` that answer with `views.update`): `resources_search` (the words typed stand in the
state), `replies_pick` (the reply's id is the selected option's value).

Modals (`callback_id` = `Modal`): `private_metadata` is `Where.pack()`; `person` has the supporter's id as
`Where.conversation`, empty for a new one; `profile` has the supporter's own, `reported` the report's
number. What was filled in is read by `forms.py` and `forms_reports.py`.

Message shortcuts: `keep_as_note`, `missed_risk`, `false_alarm`. Slash commands: `/warmline`, `/note`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum


class Action(StrEnum):
    """Every `action_id`."""

    QUEUE_ACCEPT = "queue_accept"
    QUEUE_DECLINE = "queue_decline"

    CLOSE = "thread_close"
    TRANSFER = "thread_transfer"
    RELEASE = "thread_release"
    ESCALATE = "thread_escalate"
    RAISE = "thread_raise"
    LOWER = "thread_lower"
    RESOURCES = "thread_resources"
    REPLIES = "thread_replies"
    PAUSE = "thread_pause"
    NOTE = "thread_note"
    REPORT = "thread_report"
    BLOCK = "thread_block"
    EVERYTHING = "thread_everything"

    ACKNOWLEDGE = "alert_acknowledge"
    TAKE_OVER = "alert_take_over"
    JOIN = "alert_join"

    AVAILABLE = "presence_available"
    BUSY = "presence_busy"
    AWAY = "presence_away"
    STILL_HERE = "presence_still_here"
    PROFILE = "home_profile"
    ADD_PERSON = "home_add_person"
    EDIT_PERSON = "home_edit_person"
    OPEN_REPORT = "home_report"
    OPEN_LINK = "open_link"

    RESOURCES_SEARCH = "resources_search"
    REPLIES_PICK = "replies_pick"
    FIELD = "field"
    """Every input of a modal that is only read at its submission; its `block_id` says which."""


class Modal(StrEnum):
    """Every `callback_id` of a view."""

    DECLINE = "decline"
    CLOSE = "close"
    TRANSFER = "transfer"
    ESCALATE = "escalate"
    RAISE = "raise"
    LOWER = "lower"
    NOTE = "note"
    RESOURCES = "resources"
    REPLIES = "replies"
    PERSON = "person"
    PROFILE = "profile"
    REPORT = "report"
    BLOCK = "block"
    REPORTED = "reported"


class Block(StrEnum):
    """Every `block_id` that is read, or that an error can be put on."""

    WHY = "why"
    OUTCOME = "outcome"
    REASON = "reason"
    TIME = "time"
    DONE = "done"
    TO = "to"
    TIER = "tier"
    NOTE = "note"
    WHICH = "which"
    SEARCH = "search"
    RESOURCE = "resource"
    REPLY = "reply"
    WORDS = "words"
    """Followed by a colon and the reply's id: Slack takes a new first value only in a new block."""
    NAME = "name"
    SLACK = "slack"
    ROLE = "role"
    TRAINING = "training"
    MINORS = "minors"
    ACCESS = "access"
    LANGUAGES = "languages"
    TOPICS = "topics"
    OPTED_OUT = "opted_out"
    TRAITS = "traits"
    CAPACITY = "capacity"


class Tick(StrEnum):
    """The reactions that we put on a supporter's message."""

    DELIVERED = "heavy_check_mark"
    FAILED = "x"
    UNKNOWN = "grey_question"


SHORTCUT_NOTE = "keep_as_note"
"""`callback_id` of the message shortcut that keeps a note."""
SHORTCUTS_MARK = ("missed_risk", "false_alarm")
"""Those that say that the screen was wrong; each is the verdict itself."""
COMMAND = "/warmline"
COMMAND_NOTE = "/note"


@dataclass(frozen=True, slots=True)
class Where:
    """What a modal is about, as it travels through Slack: ids alone, never words."""

    conversation: str = ""
    channel: str = ""
    """The channel it was opened from; empty from the home tab."""
    thread: str = ""
    """The `ts` of the thread's root there."""

    def pack(self) -> str:
        """As `private_metadata`."""
        return json.dumps({key: value for key, value in asdict(self).items() if value})

    @classmethod
    def unpack(cls, metadata: str) -> Where:
        """What `pack` wrote; empty when there is nothing in it."""
        return cls(**json.loads(metadata)) if metadata else cls()


def alert_value(kinds: Iterable[str], conversation: str) -> str:
    """The value of an alert's button: the kinds acknowledged with it, and the conversation or what it is about."""
    return f"{','.join(kinds)} {conversation}"


def read_alert_value(value: str) -> tuple[tuple[str, ...], str]:
    """(kinds, conversation) of `alert_value`."""
    kinds, _, conversation = value.partition(" ")
    return tuple(kinds.split(",")), conversation
