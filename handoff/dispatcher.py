"""One path for every event: screen the words, load what is needed, decide, commit, and only then answer."""

from __future__ import annotations

import asyncio
import logging
import random
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from handoff.asked import as_words, asked_for
from handoff.commits import NOTHING_SENT, Sent, build_commit
from handoff.core.conversation import Conversation, Deadline, Phase
from handoff.core.draft import Decision, Scene
from handoff.core.effects import Alert, Cleared
from handoff.core.events import (
    AlertAcknowledged,
    AlertHeeded,
    Event,
    MessageFlagged,
    ResourceSent,
    RosterEvent,
    SeekerEdited,
    SeekerEvent,
    SeekerMoved,
    SeekerTapped,
    SeekerWrote,
    SupporterReported,
)
from handoff.core.ids import BOT_LANES, Address, pseudonym
from handoff.core.line import CardWish, Line, moment
from handoff.core.moves.seeker import URGENT_PAYLOAD
from handoff.core.queue import estimate, place
from handoff.core.risk import NO_RISK, Assessment, Tier
from handoff.core.roster import decide_roster
from handoff.core.transitions import decide
from handoff.ports import Aloud, Commit, Contended, Outcome, Parcel, Refused, Reply, Screen, Store, StoreDown
from handoff.rereading import with_words
from handoff.scenes import Scenes
from handoff.watching.port import UNWATCHED, Watching
from handoff.watching.telling import tell_commit, watched

_log = logging.getLogger(__name__)

_TRIES = 12
"""Two who change one record at once both read it again; twelve rounds outlast every burst seen in the racing tests."""
_BLANK = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
"""Unicode's categories of control characters, invisible formatting, and spaces."""
_BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters that show nothing: the Hangul fillers and the empty Braille pattern."""
_TRUNCATED = " […]"
_LONGEST_LABEL = 80
"""Characters of a quick reply; the longest of ours and of the bot's have about 40."""
_MOST_A_LABEL_SAYS = Tier.PASSIVE
"""The topic "Self-harm" is a button; whatever is more urgent than a topic was never one of ours."""


class Dispatcher:
    """The `Front` of one line.

    `stir(kinds)` is called after a commit that put something into lanes of these kinds; `resource(id)` looks one up.
    """

    def __init__(
        self,
        line: Line,
        store: Store,
        screen: Screen,
        *,
        key: bytes,
        clock: Callable[[], float],
        new_id: Callable[[], str],
        sent: Sent = NOTHING_SENT,
        stir: Callable[[frozenset[str]], None] = lambda kinds: None,
        resource: Callable[[str], dict[str, Any] | None] = lambda resource: None,
        watching: Watching = UNWATCHED,
    ) -> None:
        self.line = line
        self.store = store
        self.clock = clock
        self._screen = screen
        self._key = key
        self._sent = sent
        self._stir = stir
        self._resource = resource
        self._watching = watching
        self._scenes = Scenes(line, store, self.pseudonym, new_id)

    def pseudonym(self, seeker: Address) -> str:
        """The keyed hash of one address. What names the seeker in every store is `who`."""
        return pseudonym(seeker, self._key)

    async def who(self, seeker: Address) -> str:
        """The name of the seeker's feed: their pseudonym, or the one it was linked to."""
        return await self.store.root(self.pseudonym(seeker))

    async def handle(self, event: Event) -> Reply:
        """Carry one event through. Raises `StoreDown` when nothing was saved: do not acknowledge then."""
        return await watched(self._watching, event, self._handle(event))

    async def _handle(self, event: Event) -> Reply:
        if isinstance(event, SeekerWrote | SeekerEdited):
            return await self._handle_words(event)
        if isinstance(event, SeekerTapped):
            return await self._handle_tap(event)
        if isinstance(event, SupporterReported):
            return await self._handle_report(event)
        if isinstance(event, SeekerMoved):
            await self.store.alias(self.pseudonym(event.to), await self.who(event.seeker))
        if isinstance(event, ResourceSent):
            body = self._resource(event.resource)
            event = replace(event, body=body, title=body["title"] if body else "")
        if isinstance(event, MessageFlagged):
            event = await with_words(self.store, event)
        if isinstance(event, AlertAcknowledged):
            return await self._acknowledged(event)
        return await self._settle(event)

    def danger_card(self, event: Aloud) -> dict[str, Any] | None:
        """The card that this calls for by its own words; see `Front.danger_card`."""
        if isinstance(event, SeekerTapped):
            return self._card_alone(NO_RISK, event) if event.payload == URGENT_PAYLOAD else None
        words = event.words if isinstance(event, SupporterReported) else event.text
        heard = self._screen.read(words, (), event.language)
        return self._card_alone(heard, event) if heard.crisis else None

    async def standing(self, conversation: Conversation | None) -> dict[str, Any]:
        """What a waiting page shows; see `Front.standing`."""
        if conversation is None:
            return {"phase": "none", "position": None, "estimate": None, "supporter": "", "staffed": False}
        shown = {"phase": conversation.phase.value, "supporter": conversation.supporter_name}
        if conversation.phase is Phase.LIVE:
            return {**shown, "position": None, "estimate": None, "staffed": True}
        now = self.clock()
        blocked = conversation.is_blocked(now)
        staff = await self.store.supporters()
        here = [each.id for each in staff if each.is_here(now) and (each.is_lead or not blocked)]
        staffed = not set(here) <= set(conversation.not_for)
        spot = place(conversation, self.line.policy)
        if spot is None:
            return {**shown, "position": None, "estimate": None, "staffed": staffed}
        stands = await self.store.standing(spot.score)
        expected = estimate(stands.average, now - spot.since) if staffed else None
        return {**shown, "position": stands.ahead + 1, "estimate": expected, "staffed": staffed}

    def refused(self, code: str, language: str | None = None, **about: object) -> Refused:
        """A refusal with its sentence."""
        return Refused(code, self.line.wording.say(f"refused_{code}", language or self.line.language, **about))

    async def buried(self, parcel: Parcel) -> None:
        """A parcel became a dead letter: leads are paged."""
        now = self.clock()
        text = self.line.wording.say("alert_dead_letter", self.line.language)
        alert = Alert(kind="dead_letter", conversation=parcel.conversation, at=now, text=text, urgent=True)
        await self.page(f"buried:{parcel.id}", alert)

    async def page(self, event_id: str, word: Alert | Cleared) -> None:
        """Tell leads something that no event of a conversation caused, or that it is over."""
        await self.bring(event_id, Decision(effects=(word,)))

    async def bring(self, event_id: str, decision: Decision) -> None:
        """Commit what was decided outside any conversation."""
        commit = build_commit(Event(id=event_id), None, decision, self._sent, now := self.clock())
        await self.store.commit(commit, now)
        self._done(commit)

    async def _handle_words(self, event: SeekerWrote | SeekerEdited) -> Reply:
        """Words are screened before anything that can fail, and again with context once the store answered."""
        asked = asked_for(event) if isinstance(event, SeekerWrote) else None
        if isinstance(asked, SupporterReported):
            return await self._handle_report(asked)
        if asked is not None:
            return await self._settle(asked)
        limit = self.line.policy.message_limit
        has_file = isinstance(event, SeekerWrote) and event.attachment is not None
        if _says_nothing(event.text) and not has_file:
            return Reply(refused=self.refused("empty", event.language))
        alone = self._screen.read(event.text, (), event.language)
        if len(event.text) > limit:
            if not alone.crisis:
                return Reply(refused=self.refused("too_long", event.language, limit=limit))
            event = replace(event, text=event.text[: limit - len(_TRUNCATED)] + _TRUNCATED)
        return await self._or_card(replace(event, assessment=alone), alone if alone.crisis else None)

    async def _handle_report(self, event: SupporterReported) -> Reply:
        """For leads alone, and screened all the same: who reports somebody may be in danger."""
        heard = self._screen.read(event.words, (), event.language)
        return await self._or_card(replace(event, assessment=heard), heard if heard.crisis else None)

    async def _handle_tap(self, event: SeekerTapped) -> Reply:
        """A label is whatever the client sent: one that is not ours and says more than a button can is words."""
        if not self.line.wording.is_button(event.payload, event.label) and self._says_more(event):
            return await self._handle_words(as_words(event))
        return await self._or_card(event, NO_RISK if event.payload == URGENT_PAYLOAD else None)

    async def _or_card(self, event: SeekerEvent, danger: Assessment | None) -> Reply:
        """Settle it; where nothing can be saved, the card for this danger goes along with the failure."""
        try:
            return await self._settle(event)
        except StoreDown as down:
            down.card = self._card_alone(danger, event) if danger else None
            raise

    def _says_more(self, event: SeekerTapped) -> bool:
        alone = self._screen.read(event.label, (), event.language)
        return len(event.label) > _LONGEST_LABEL or alone.tier > _MOST_A_LABEL_SAYS or _says_nothing(event.label)

    async def _acknowledged(self, event: AlertAcknowledged) -> Reply:
        """On record for the roster, and known to the conversation it is about: its calls wait for whoever heeded."""
        reply = await self._settle(event)
        if reply.refused is None and event.conversation:
            heeded_id = f"{event.id}:heeded"
            await self._settle(
                AlertHeeded(id=heeded_id, supporter=event.supporter, conversation=event.conversation, kind=event.kind)
            )
        return reply

    async def _settle(self, event: Event) -> Reply:
        for attempt in range(_TRIES):
            if attempt:
                await asyncio.sleep(random.uniform(0, 0.002 * 2 ** min(attempt, 6)))
            now = self.clock()
            with self._watching.doing("decide"):
                event, scene, decision = await self._decide(event, now)
            if decision.refused:
                if await self.store.seen(event.id):
                    return Reply(duplicate=True, conversation=scene.conversation if scene else None)
                language = scene.conversation.language if scene else None
                return Reply(refused=self.refused(decision.refused, language, **decision.about))
            if not decision.changes:
                return Reply(conversation=scene.conversation if scene else None)
            commit = build_commit(event, scene, decision, self._sent, now)
            with self._watching.doing("commit"):
                outcome = await self.store.commit(commit, now)
            if outcome is Outcome.DONE:
                tell_commit(self._watching, event, scene, commit, now)
                return self._done(commit)
            if outcome is Outcome.DUPLICATE:
                return Reply(duplicate=True, conversation=scene.conversation if scene else None)
            self._watching.counted("conflict")
        _log.warning("contended", extra={"kind": type(event).__name__})
        raise Contended("too many changes to one record at once; send it again")

    async def _decide(self, event: Event, now: float) -> tuple[Event, Scene | None, Decision]:
        if isinstance(event, RosterEvent):
            supporter = await self.store.supporter(event.supporter)
            return event, None, decide_roster(supporter, event, now, self.line)
        conversation = await self._scenes.conversation(event, now)
        if conversation is None:
            return event, None, Decision(refused="gone")
        if isinstance(event, SeekerWrote | SeekerEdited) and conversation.recent:
            seen = self._screen.read(event.text, self._before(conversation), event.language or conversation.language)
            event = replace(event, assessment=_higher(event.assessment, seen))
        scene = await self._scenes.scene(event, conversation, now)
        return event, scene, decide(scene, event, now)

    def _before(self, conversation: Conversation) -> tuple[str, ...]:
        """What the screen reads beside a message: the last turns, and our own question about suicide while it is open,
        but for a language in which the screen would take the question for somebody's words."""
        if Deadline.SAFETY_ANSWER not in conversation.deadlines:
            return conversation.recent
        question = self.line.wording.say("safety_question", conversation.language)
        telling = self._screen.read(question, (), conversation.language).tier > Tier.NONE
        return conversation.recent if telling else (*conversation.recent, question)

    def _done(self, commit: Commit) -> Reply:
        kinds = frozenset(parcel.lane.partition(":")[0] for parcel in commit.parcels)
        if kinds:
            self._stir(kinds)
        conversation = commit.conversations[-1] if commit.conversations else None
        entries = tuple(entry for _, entry in commit.feed)
        return Reply(conversation=conversation, entries=entries, asked_bot=BOT_LANES in kinds)

    def _card_alone(self, assessment: Assessment, event: SeekerEvent) -> dict[str, Any]:
        """The card when nothing can be read or saved: from the words, and what the channel knows."""
        card = self.line.card(
            CardWish(
                assessment=assessment,
                country=event.country or self.line.country,
                language=event.language or self.line.language,
                topics=(),
                staffed=False,
                live=False,
                at=moment(self.clock()),
            )
        )
        return {**card.body, "text": card.text}


def _says_nothing(text: str) -> bool:
    return all(unicodedata.category(each) in _BLANK or each in _BLANK_LETTERS for each in text)


def _higher(alone: Assessment | None, seen: Assessment) -> Assessment:
    """What was heard in the whole message stays heard, though the kept part of a long one may say less."""
    return alone if alone is not None and alone.tier > seen.tier else seen
