"""A console with people in it: a real server on a free port, a store in memory, and hands to make things happen."""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import uvicorn
import yaml
from fastapi import FastAPI

from connectors.console import ConsoleOptions, console_routes
from connectors.console.frames import MOST_BYTES
from handoff.core.conversation import Conversation, Intake, Owner, Phase, Reason
from handoff.core.effects import Alert
from handoff.core.entries import Button, Entry, EntryKind, Speaker
from handoff.core.ids import Address
from handoff.core.policy import Policy
from handoff.core.risk import Tier
from handoff.core.supporter import Presence, Role, Supporter, Training
from handoff.ports import Commit, Outcome
from handoff.signin import make_link, redeem
from handoff.store.memory import MemoryStore
from tests.console.fake_front import Clock, FakeFront
from tests.shelf.fake import FakeShelf

WORDING = Path(__file__).parents[2] / "handoff" / "wording" / "en" / "console.yml"
REPLIES = (
    {"category": "opening", "text": "Hello, I'm {name}, a volunteer here. I have time for you now."},
    {"category": "listening", "title": "Heavy", "text": "That sounds very heavy. How long have you been carrying it?"},
    {"category": "ending", "text": "Thank you for talking with me today."},
)
RESOURCE = {
    "id": "square-breathing", "title": "Breathing in a square", "kind": "do", "minutes": 3,
    "summary": "Four counts in, hold, out, hold.", "steps": None, "body": ["Sit as you like."], "language": "en",
}  # fmt: skip


async def found(text: str, topics: Sequence[str], language: str, limit: int) -> list[dict[str, Any]]:
    """Always the same resource, unless the words ask for nothing."""
    return [] if text == "nothing" else [RESOURCE]


@dataclass
class House:
    """One line's console. `base` is its address once it is open."""

    store: MemoryStore
    front: FakeFront
    clock: Clock
    options: ConsoleOptions
    shelf: FakeShelf
    base: str = ""
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    # --- people -----------------------------------------------------------------------------------------------------

    async def hire(self, name: str, *, lead: bool = False, **more: Any) -> Supporter:
        """A supporter who is here and available."""
        given: dict[str, Any] = {
            "training": Training.SENIOR,
            "presence": Presence.AVAILABLE,
            "present_until": self.clock() + 3600,
            "role": Role.LEAD if lead else Role.SUPPORTER,
            "minors": True,
            "capacity": 3,
            **more,
        }
        await self.save(
            Commit(event_id=self.fresh("hire"), supporters=(Supporter(id=name.lower(), name=name, **given),))
        )
        supporter = await self.store.supporter(name.lower())
        assert supporter is not None
        return supporter

    async def session(self, supporter: str) -> str:
        """A signed-in session's token."""
        link = await make_link(self.store, supporter, self.clock())
        session = await redeem(self.store, link, self.clock())
        assert session is not None
        return session

    async def link(self, supporter: str) -> str:
        """A fresh sign-in link's token."""
        return await make_link(self.store, supporter, self.clock())

    # --- seekers ----------------------------------------------------------------------------------------------------

    async def arrive(
        self, name: str = "Robin", *, tier: Tier = Tier.DISTRESS, waited: float = 300.0, why: str = "", **more: Any
    ) -> Conversation:
        """A seeker who waits, after a few words with the bot; `why` is the reason for the tier."""
        intake: dict[str, Any] = {"name": name, "topics": ("loneliness",), "heaviness": 6, "share": True, **more}
        conversation_id = f"c{next(self._numbers)}"
        seeker = Address("web", f"platform-id-of-{conversation_id}")
        since = self.clock() - waited
        made = Conversation(
            id=conversation_id, seeker=seeker, pseudonym=self.front.pseudonym(seeker), language="en", country="GB",
            phase=Phase.WAITING, owner=Owner.QUEUE, opened_at=since - 300, changed_at=since, waiting_since=since,
            intake=Intake(**{key: value for key, value in intake.items() if key != "modifiers"}),
            modifiers=tuple(more.get("modifiers", ())), tier=tier,
            reasons=(Reason(tier, "suicide", why, since, 4),) if why else (),
        )  # fmt: skip
        await self.save(Commit(event_id=self.fresh("open"), conversations=(made,), opens=made.id))
        for speaker, text, choices in _BOT_PART:
            await self.say(conversation_id, speaker, text, at=since - 120, buttons=choices)
        return await self.conversation(conversation_id)

    async def say(
        self, conversation_id: str, speaker: Speaker, text: str, *, at: float | None = None, **more: Any
    ) -> Entry:
        """A line in the seeker's feed."""
        while True:
            known = await self.conversation(conversation_id)
            moment = self.clock() if at is None else at
            entry = Entry(
                seq=known.seq + 1, id=f"{known.seeker}:{self.fresh('m')}/1", at=moment,
                conversation=known.id, speaker=speaker, text=text, **more,
            )  # fmt: skip
            waits = known.unanswered_since or moment
            asked = waits if speaker is Speaker.SEEKER and known.phase is Phase.LIVE else None
            commit = Commit(
                event_id=self.fresh("say"), conversations=(replace(known, seq=entry.seq, unanswered_since=asked),),
                feed=((known.pseudonym, entry),),
            )  # fmt: skip
            if await self.store.commit(commit, self.clock()) is Outcome.DONE:
                return entry

    async def give(self, conversation_id: str, supporter_id: str) -> Conversation:
        """Let a supporter hold it, as after accepting."""
        known = await self.conversation(conversation_id)
        supporter = await self.store.supporter(supporter_id)
        assert supporter is not None
        held = replace(
            known, phase=Phase.LIVE, owner=Owner.SUPPORTER, supporter=supporter_id, supporter_name=supporter.name,
            claimed_at=self.clock(), first_word_at=self.clock(),
        )  # fmt: skip
        holder = replace(supporter, holding=(*supporter.holding, conversation_id))
        await self.save(Commit(event_id=self.fresh("give"), conversations=(held,), supporters=(holder,)))
        return await self.conversation(conversation_id)

    async def change(self, conversation_id: str, **changes: Any) -> None:
        """Change fields of a conversation."""
        known = await self.conversation(conversation_id)
        await self.save(Commit(event_id=self.fresh("change"), conversations=(replace(known, **changes),)))

    async def change_supporter(self, supporter_id: str, **changes: Any) -> None:
        """Change fields of a supporter."""
        known = await self.store.supporter(supporter_id)
        assert known is not None
        await self.save(Commit(event_id=self.fresh("change"), supporters=(replace(known, **changes),)))

    async def alarm(self, conversation_id: str, text: str, *, kind: str = "crisis", urgent: bool = True) -> None:
        alert = Alert(kind=kind, conversation=conversation_id, at=self.clock(), text=text, urgent=urgent)
        await self.save(Commit(event_id=self.fresh("alarm"), alerts=(alert,)))

    async def conversation(self, conversation_id: str) -> Conversation:
        known = await self.store.conversation(conversation_id)
        assert known is not None
        return known

    async def save(self, commit: Commit) -> None:
        assert await self.store.commit(commit, self.clock()) is Outcome.DONE

    def fresh(self, kind: str) -> str:
        return f"test:{kind}:{next(self._numbers)}"


_BOT_PART: tuple[tuple[Speaker, str, tuple[Button, ...]], ...] = (
    (Speaker.BOT, "Hello, I'm a bot. I can listen, and find a person for you.", ()),
    (Speaker.SEEKER, "hi", ()),
    (Speaker.BOT, "What brings you here?", (Button("Loneliness", "/topic"), Button("Stress", "/topic"))),
    (Speaker.SEEKER, "it's been so quiet since the move, I don't know anyone", ()),
    (Speaker.BOT, "Thank you for telling me. How heavy is it, from 0 to 10?", ()),
    (Speaker.SEEKER, "6", ()),
    (Speaker.SYSTEM, "A person is being found for you.", ()),
)


def make_house(**options: Any) -> House:
    """A house that is not open yet."""
    clock = Clock()
    policy = Policy()
    store = MemoryStore("main", policy, clock)
    shelf = FakeShelf(policy.attachment_limit)
    given = {
        "shelf": shelf,
        "line_name": "Warmline", "policy": policy, "wording": yaml.safe_load(WORDING.read_text()), "search": found,
        "replies": REPLIES, "gather_seconds": 0.01, "tick_seconds": 2.0, **options,
    }  # fmt: skip
    return House(store, FakeFront(store, clock), clock, ConsoleOptions(**given), shelf)


@asynccontextmanager
async def opened(house: House, port: int | None = None) -> AsyncIterator[House]:
    """The house with its server running."""
    app = FastAPI()
    app.include_router(console_routes(house.front, house.store, house.options))
    door = socket.create_server(("127.0.0.1", port or 0))  # open from here on: whoever comes early waits in line
    config = uvicorn.Config(
        app, log_level="critical", lifespan="off", ws_max_size=4 * MOST_BYTES, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[door]))
    house.base = f"http://127.0.0.1:{door.getsockname()[1]}"
    try:
        yield house
    finally:
        server.should_exit = True
        await serving
        door.close()


CARD = {
    "headline": "I'm worried about you, and I want you to have people right now.",
    "emergency": {"label": "Emergency", "number": "999"},
    "lines": [{"name": "Samaritans", "how": "116 123"}, {"name": "Shout", "how": "text SHOUT to 85258"}],
}
CARD_ENTRY: dict[str, Any] = {"kind": EntryKind.CARD, "body": CARD}
