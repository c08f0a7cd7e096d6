"""What the pictures in docs/slack.md show: our real Block Kit JSON of made-up people. `render.py` draws it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from connectors.slack import cards, leads, modals, posts, thread
from connectors.slack.home import home
from connectors.slack.home_scene import Held, HomeScene
from connectors.slack.names import Where
from handoff.core.conversation import Conversation, Intake
from handoff.core.entries import Attachment, AttachmentKind, Entry, EntryKind, Speaker
from handoff.core.queue import place
from handoff.core.risk import Tier
from handoff.core.supporter import Presence
from tests.slack import values as v

NAME = "Robin"
_HELLO = "Hello, I'm Sam. I have read what you wrote to the bot, so you don't have to say it all again."
_NAMES = {"sam": "Sam", "lou": "Lou"}


@dataclass(frozen=True, slots=True)
class Line:
    """One message as Slack shows it: ours (`message`), or what somebody typed themselves (`typed`)."""

    message: dict[str, Any] | None = None
    who: str = "Warmline"
    typed: str = ""
    mark: str = ""
    """A reaction below it."""
    inside: bool = False
    """Whether it stands in the thread of the line above."""


@dataclass(frozen=True, slots=True)
class Picture:
    """`kind`: channel, thread, home or modal; `title` stands above, as in Slack's window."""

    file: str
    kind: str
    title: str
    width: int
    lines: tuple[Line, ...] = ()
    view: dict[str, Any] | None = None

    def digest(self) -> str:
        """What the picture was drawn from, in short: kept inside the file."""
        drawn = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(drawn.encode()).hexdigest()[:16]


def every() -> tuple[Picture, ...]:
    """All pictures, in the order of the docs."""
    return (_queue(), _thread(), _modal(), _home(), _leads())


def _named(conversation: Conversation) -> Conversation:
    return replace(conversation, intake=replace(conversation.intake, name=NAME))


def _card(conversation: Conversation) -> Line:
    return Line(cards.card(v.words(), conversation, now=v.NOW, policy=v.POLICY, names=_NAMES))


def _queue() -> Picture:
    calm = v.conversation(
        id="7c", pseudonym="hw7d4ab7cdefghij", tier=Tier.NONE, reasons=(), language="es", waiting_since=v.NOW - 1500,
        intake=Intake(topics=("work_study", "stress"), preferences=("woman", "shared_experience"), share=True),
    )  # fmt: skip
    taken = v.live(pseudonym="tm2peab7cdefghij", supporter="lou", supporter_name="Lou")
    lines = (_card(taken), _card(v.crisis()), _card(v.conversation()), _card(calm))
    return Picture("slack-queue-card.png", "channel", "# helpline-queue", 760, lines)


def _thread() -> Picture:
    talk = _named(v.live())
    mine = {"speaker": Speaker.SUPPORTER, "name": "Sam", "refers": "slack:T1:D1:1.2"}
    voice = Attachment(file="f1", kind=AttachmentKind.VOICE, type="audio/ogg", name="voice.ogg", size=9000, seconds=12)
    asked = v.entry(9, "Who in your life knows how the evenings are?", **mine)
    said = [
        v.entry(10, "thank you for being here", refers="a"),
        v.entry(11, "it's hard to say out loud", refers="b"),
    ]
    later = [
        v.entry(12, "only my sister. she calls on sundays", refers="c", answers=9),
        v.entry(13, "", refers="d", kind=EntryKind.FILE, body=asdict(voice)),
    ]
    note = Entry(
        seq=1, id="n", at=v.NOW, conversation=talk.id, speaker=Speaker.SUPPORTER, name="Sam", kind=EntryKind.NOTE,
        text="Sister calls on Sundays. Evenings are the hardest.",
    )  # fmt: skip
    lines = (
        Line(thread.root(v.words(), talk, v.bots_part())),
        Line(who="Sam", typed=_HELLO, mark="✔️", inside=True),
        *_posted(talk, said, ()),
        Line(who="Sam", typed=asked.text, mark="✔️", inside=True),
        *_posted(talk, later, (note,), earlier=(asked,)),
    )  # fmt: skip
    return Picture("slack-thread.png", "thread", "Direct message with Warmline", 760, lines)


def _posted(
    talk: Conversation, feed: list[Entry], margin: tuple[Entry, ...], earlier: tuple[Entry, ...] = ()
) -> tuple[Line, ...]:
    made = posts.posts(v.words(), talk, feed, posted=(0, 0), margin=margin, earlier=earlier)
    return tuple(Line(post.message, inside=True) for post in made)


def _modal() -> Picture:
    view = modals.close_modal(v.words(), Where("5f0e3a"), pseudonym="k5xqm2ab", crisis=False)
    return Picture("slack-close-modal.png", "modal", "", 560, view=view)


def _home() -> Picture:
    spots = [place(each, v.POLICY) for each in (v.crisis(), v.conversation())]
    scene = HomeScene(
        me=v.lead(holding=("5f0e3a",), topics=("grief", "caring")), now=v.NOW,
        held=[Held(v.live(unanswered_since=v.NOW - 60, first_word_at=v.NOW - 90), "https://example.org")],
        places=[spot for spot in spots if spot], waiting=2, console="https://example.org",
        supporters=[v.supporter(), v.lead(holding=("5f0e3a",)), v.supporter("mia", presence=Presence.BUSY)],
        alerts=[v.alert(), v.alert("message_left", "7c", text="hw7d left a message.", urgent=False, at=v.NOW - 900)],
    )  # fmt: skip
    return Picture("slack-home.png", "home", "Warmline", 760, view=home(v.words(), scene))


def _leads() -> Picture:
    given: dict[str, Any] = {"now": v.NOW, "policy": v.POLICY, "names": _NAMES}
    waiting = v.crisis(assigned_to=None)
    text = "Nobody here can take a crisis: qv3t is waiting. Please take over, or call someone in."
    calling = [v.alert("nobody_for_crisis", text=text), v.alert("crisis")]
    looked_after = v.crisis(
        id="d1", pseudonym="u6fkz7ab7cdefghi", supporter="sam", supporter_name="Sam", phase=v.live().phase
    )
    lines = (
        Line(
            leads.crisis_alert(
                v.words(), [v.alert("crisis", "d1", text="Crisis: u6fk needs a supporter now.")], looked_after,
                acknowledged_by="Lou", **given,
            )
        ),
        Line(leads.crisis_alert(v.words(), calling, waiting, **given)),
        Line(leads.reminder(v.words(), 2), inside=True),
        Line(
            leads.grouped(
                v.words(), "message_left",
                [
                    v.alert("message_left", "7c", text="hw7d left a message.", at=v.NOW - 900),
                    v.alert("message_left", "7d", text="b3ss left a message.", at=v.NOW - 4000),
                ],
            )
        ),
    )  # fmt: skip
    return Picture("slack-leads.png", "channel", "# helpline-leads", 760, lines)
