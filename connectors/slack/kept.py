"""What the desk in Slack must remember, kept in the store: sealed and expiring.

| name | what |
|---|---|
| `slack:thread:<team>:<channel>:<ts>` | which conversation a thread is, whose, and whether it still is |
| `slack:talk:<conversation>` | every thread a conversation ever had, and how far the open one is posted |
| `slack:posted:<channel>:<ts>` | which entry a message of ours shows |
| `slack:card:<conversation>` | the card in the queue channel, and those sent to whom it was assigned |
| `slack:leads`, `slack:looked:<about>` | the messages in the leads' channel, and who looks after an alert |
| `slack:queue` | who waited when the ticker last looked, and which stretch of waiting their card was drawn for |
| `slack:home:<user>` | what a home tab shows now, as a hash |
| `slack:doubt` | nothing: that it is there says that something Slack told one of our processes may not be saved yet |

Things about a conversation are kept `of` `thread:<conversation>`, which outlives its erasure: what was posted has to be
taken back first, by the carrier of its thread lane, which then drops them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from handoff.core.ids import thread_lane
from handoff.ports import Store

_DAY = 86400.0
OPEN = "open"
ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Thread:
    """Whose a thread is. `state`: open, or why it ended: closed, transferred, released, taken, requeued, erased,
    removed or gone, as the `ended` poke says."""

    conversation: str
    supporter: str
    state: str = OPEN
    to: str = ""
    """Who has the conversation now, by name, where it was passed on."""


@dataclass(frozen=True, slots=True)
class Place:
    """A message or thread: where it stands."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A conversation's threads: those it had, and the open one with how far feed and margin are posted there."""

    past: tuple[Place, ...] = ()
    open: Place | None = None
    supporter: str = ""
    """Whose the open thread is, or the last one was."""
    feed_seq: int = 0
    margin_seq: int = 0
    pseudonym: str = ""

    @property
    def threads(self) -> tuple[Place, ...]:
        """All of them, the open one last."""
        return (*self.past, self.open) if self.open else self.past


@dataclass(frozen=True, slots=True)
class Posted:
    """Which entry of the feed a message shows: the last one, where several stand together."""

    conversation: str
    seq: int


@dataclass(frozen=True, slots=True)
class Assigned:
    """The message that brought a crisis to one supporter."""

    place: Place
    supporter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPlace:
    """The queue card with a hash of what it shows, and the messages to whom a crisis was assigned. `over`: taken."""

    place: Place | None = None
    shown: str = ""
    over: bool = False
    assigned: tuple[Assigned, ...] = ()
    pseudonym: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadPost:
    """One message in the leads' channel, since when it stands, and the reminders below it. `ts` empty: being posted."""

    channel: str
    ts: str
    shown: str
    since: float
    reminded: int = 0
    reminded_at: float = 0.0
    pseudonym: str = ""


@dataclass(frozen=True, slots=True)
class Leads:
    """Everything in the leads' channel that may still change, by conversation, or by kind with `kind:` before it."""

    posts: dict[str, LeadPost] = field(default_factory=dict)


class Kept:
    """Reads and writes it. `seconds`: how long a conversation is kept. Every method may raise `StoreDown`."""

    def __init__(self, store: Store, seconds: float) -> None:
        self._store = store
        self._seconds = seconds

    async def thread(self, team: str, channel: str, ts: str) -> Thread | None:
        found = await self._store.kept(_thread(team, channel, ts))
        return Thread(**found) if found else None

    async def keep_thread(self, team: str, place: Place, thread: Thread) -> None:
        await self._keep(_thread(team, place.channel, place.ts), asdict(thread), thread.conversation)

    async def talk(self, conversation: str) -> Talk:
        found = await self._store.kept(f"slack:talk:{conversation}")
        if found is None:
            return Talk()
        past = tuple(Place(**each) for each in found["past"])
        return Talk(**{**found, "past": past, "open": _place(found["open"])})

    async def keep_talk(self, conversation: str, talk: Talk) -> None:
        await self._keep(f"slack:talk:{conversation}", asdict(talk), conversation)

    async def posted(self, channel: str, ts: str) -> Posted | None:
        found = await self._store.kept(f"slack:posted:{channel}:{ts}")
        return Posted(**found) if found else None

    async def keep_posted(self, place: Place, posted: Posted) -> None:
        await self._keep(f"slack:posted:{place.channel}:{place.ts}", asdict(posted), posted.conversation)

    async def drop_posted(self, place: Place) -> None:
        await self._store.drop(f"slack:posted:{place.channel}:{place.ts}")

    async def card(self, conversation: str) -> CardPlace:
        found = await self._store.kept(f"slack:card:{conversation}")
        if found is None:
            return CardPlace()
        assigned = tuple(Assigned(Place(**each["place"]), each["supporter"]) for each in found["assigned"])
        return CardPlace(**{**found, "place": _place(found["place"]), "assigned": assigned})

    async def keep_card(self, conversation: str, card: CardPlace) -> None:
        await self._keep(f"slack:card:{conversation}", asdict(card), conversation)

    async def leads(self) -> Leads:
        found = await self._store.kept("slack:leads")
        return Leads({key: LeadPost(**each) for key, each in found["posts"].items()}) if found else Leads()

    async def keep_leads(self, leads: Leads) -> None:
        await self._store.keep("slack:leads", asdict(leads), seconds=self._seconds)

    async def looked_after(self, about: str) -> str:
        """Who acknowledged what is open about a conversation, by name; empty when it is not known."""
        found = await self._store.kept(f"slack:looked:{about}")
        return str(found["name"]) if found else ""

    async def look_after(self, about: str, name: str) -> None:
        await self._store.keep(f"slack:looked:{about}", {"name": name}, seconds=_DAY)

    async def nobody_looks_after(self, about: str) -> None:
        """It is over, or came again: whoever looks after it next is somebody new."""
        await self._store.drop(f"slack:looked:{about}")

    async def queue(self) -> dict[str, int]:
        """Who waited when the ticker last looked: the stretch of waiting that each card was drawn for."""
        return dict(await self._store.kept("slack:queue") or {})

    async def keep_queue(self, stretches: dict[str, int]) -> None:
        await self._store.keep("slack:queue", dict(stretches), seconds=_DAY)

    async def home(self, user: str) -> str:
        found = await self._store.kept(f"slack:home:{user}")
        return str(found["shown"]) if found else ""

    async def keep_home(self, user: str, shown: str) -> None:
        await self._store.keep(f"slack:home:{user}", {"shown": shown}, seconds=_DAY)

    async def doubt(self, seconds: float) -> None:
        await self._store.keep("slack:doubt", {}, seconds=seconds)

    async def is_in_doubt(self) -> bool:
        return await self._store.kept("slack:doubt") is not None

    async def once(self, name: str, seconds: float) -> bool:
        """Whether this is the first time within so many seconds."""
        return await self._store.keep(f"slack:once:{name}", {}, seconds=seconds, if_new=True)

    async def forget(self, team: str, conversation: str) -> None:
        """Drop what is kept about a conversation; its threads stay known as erased, so that nothing is relayed."""
        talk = await self.talk(conversation)
        for place in talk.threads:
            await self.keep_thread(team, place, Thread("", "", ERASED))
        await self._store.drop(f"slack:talk:{conversation}")
        await self._store.drop(f"slack:card:{conversation}")

    async def _keep(self, name: str, what: dict[str, Any], conversation: str) -> None:
        await self._store.keep(name, what, seconds=self._seconds, of=thread_lane(conversation))


def _thread(team: str, channel: str, ts: str) -> str:
    return f"slack:thread:{team}:{channel}:{ts}"


def _place(found: dict[str, str] | None) -> Place | None:
    return Place(**found) if found else None
