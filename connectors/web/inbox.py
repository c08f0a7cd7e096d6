"""The inbox: what a page sends becomes events, and the page is told what became of each."""

from __future__ import annotations

import logging
from contextlib import suppress

from connectors.web import frames
from connectors.web.feedline import FeedLine
from connectors.web.frames import BadFrame, Frame
from connectors.web.marking import Marking
from connectors.web.options import WebOptions
from connectors.web.pace import Pace, Verdict
from connectors.web.stance import Stance
from connectors.web.wire import REFUSED, TOO_LARGE, Wire
from handoff.core.entries import Speaker
from handoff.core.events import FeedbackGiven, SeekerEvent, SeekerTapped, SeekerWrote, SupporterReported
from handoff.core.ids import Address
from handoff.ports import Front, Notice, Store, StoreDown

log = logging.getLogger(__name__)

SECONDS = 10.0
FINE, MOST = 20, 60
QUIET_FINE, QUIET_MOST = 100, 300
AGAIN_AFTER_FLOOD = 10.0


class Inbox:
    """One connection's incoming frames, one after the other, so that what was sent first is kept first."""

    def __init__(
        self, front: Front, store: Store, options: WebOptions, wire: Wire, seeker: Address, hello: frames.Hello
    ) -> None:
        self._front, self._store, self._options, self._wire, self._seeker = front, store, options, wire, seeker
        self._language, self._country = frames.language_of(hello.language), frames.country_of(hello.country)
        self._pace = Pace(FINE, MOST, SECONDS)
        self._quiet_pace = Pace(QUIET_FINE, QUIET_MOST, SECONDS)
        self._told = False

    async def run(self, line: FeedLine, marking: Marking, stance: Stance) -> None:
        """Take frames until the page is gone. Raises `Gone`."""
        while True:
            raw = await self._wire.receive()
            try:
                frame = await self._parsed(raw, line)
                if frame is not None:
                    await self._take(frame, line, marking, stance)
            except BadFrame as bad:
                await self._refuse(bad.code, bad.id)

    async def _parsed(self, raw: str | None, line: FeedLine) -> Frame | None:
        """The frame, or None for one that is passed over because too many came before it."""
        if raw is not None and len(raw) > frames.MOST_CHARACTERS:
            await self._wire.bye("too_large", self._sentence("too_large"), TOO_LARGE, again=1.0)
        try:
            if raw is None:
                raise BadFrame("bad_frame")
            frame = frames.parse(raw)
        except BadFrame:
            await self._count(self._pace)
            raise
        if isinstance(frame, frames.Quiet):
            return None if await self._count(self._quiet_pace) else frame
        if await self._count(self._pace, frame, line) and isinstance(frame, frames.Feedback | frames.Link):
            raise BadFrame("too_fast", frame.id)
        return frame

    async def _count(self, pace: Pace, frame: Frame | None = None, line: FeedLine | None = None) -> bool:
        """Whether the page sends too fast. It is told once per stretch; words and taps are taken up to a flood."""
        verdict = pace.take(self._front.clock())
        if verdict is Verdict.FLOOD:
            log.warning("a page was disconnected: it sent more than the limit of frames")
            if isinstance(frame, frames.Say | frames.Tap | frames.Report) and line is not None:
                await self._last_words(frame, line)
            await self._wire.bye("flooded", self._sentence("flooded"), REFUSED, again=AGAIN_AFTER_FLOOD)
        if verdict is Verdict.FAST and not self._told:
            await self._refuse("too_fast", None)
        self._told = verdict is Verdict.FAST
        return self._told

    async def _take(self, frame: Frame, line: FeedLine, marking: Marking, stance: Stance) -> None:
        match frame:
            case frames.Say() | frames.Tap() | frames.Feedback() | frames.Report():
                await self._hand_over(frame.id, self._event(frame))
                stance.poke()
            case frames.Link():
                await self._link(frame)
            case frames.Got(seq) | frames.Read(seq):
                if seq > line.last:
                    raise BadFrame("future")
                marking.got(seq) if isinstance(frame, frames.Got) else marking.read(seq)
            case frames.Typing():
                await self._typing()
            case frames.Ping():
                await self._wire.send({"type": "pong"})
            case frames.Hello():
                raise BadFrame("hello_twice")

    async def _last_words(self, frame: frames.Say | frames.Tap | frames.Report, line: FeedLine) -> None:
        """What was one too many is read as well, as it may call for help; the help is shown before the end."""
        with suppress(BadFrame):
            await self._hand_over(frame.id, self._event(frame))
            await line.shown_all()

    def _event(self, frame: frames.Say | frames.Tap | frames.Feedback | frames.Report) -> SeekerEvent:
        """The event, with an id that a resent frame has as well."""
        event_id, seeker, limit = f"{self._seeker}:{frame.id}", self._seeker, self._options.message_limit
        language, country = self._language, self._country
        match frame:
            case frames.Say(text=text):
                kept = frames.words(text, frames.MOST_CHARACTERS, frame.id)  # a long text is refused once it was read
                return SeekerWrote(
                    id=event_id, seeker=seeker, text=kept, refers=frame.id, language=language, country=country
                )
            case frames.Tap(payload=payload, label=label):
                kept = frames.words(label, limit, frame.id, may_be_empty=True)
                return SeekerTapped(
                    id=event_id,
                    seeker=seeker,
                    payload=payload,
                    label=kept,
                    refers=frame.id,
                    language=language,
                    country=country,
                )
            case frames.Feedback(words=words):
                return FeedbackGiven(
                    id=event_id,
                    seeker=seeker,
                    conversation=frame.conversation,
                    rating=frame.rating,
                    mood_before=frame.mood_before,
                    mood_after=frame.mood_after,
                    review=frame.review,
                    words=frames.words(words, limit, frame.id, may_be_empty=True),
                )

            case frames.Report(reason=reason, words=words):
                return SupporterReported(
                    id=event_id,
                    seeker=seeker,
                    reason=reason,
                    words=frames.words(words, limit, frame.id, may_be_empty=True),
                    language=language,
                    country=country,
                )

    async def _hand_over(self, frame_id: str, event: SeekerEvent) -> None:
        try:
            reply = await self._front.handle(event)
        except StoreDown as down:
            await self._not_saved(frame_id, down)
            return
        if reply.refused is not None:
            await self._wire.send(
                {"type": "refused", "id": frame_id, "code": reply.refused.code, "next": reply.refused.next}
            )
        else:
            await self._wire.send({"type": "ok", "id": frame_id})

    async def _not_saved(self, frame_id: str, down: StoreDown) -> None:
        """The help is shown all the same, and before the bad news."""
        log.warning("a page was told that its message was not saved: the store is down")
        if down.card is not None:
            await self._wire.send({"type": "card", "body": down.card})
        await self._refuse("store_down", frame_id)

    async def _link(self, frame: frames.Link) -> None:
        """A code for another channel, or what became of one from there. Once linked, the feed is another one."""
        linking = self._options.linking
        if linking is None:
            raise BadFrame("unknown_type", frame.id)
        try:
            linked = frame.code.strip()
            answer = await (linking.use(linked, self._seeker) if linked else linking.make(self._seeker))
        except StoreDown:
            await self._refuse("store_down", frame.id)
            return
        shown = {"code": answer.code, "text": answer.text, "linked": answer.linked}
        await self._wire.send({"type": "link", "id": frame.id, **shown})

    async def _typing(self) -> None:
        try:
            topic = f"feed:{await self._front.who(self._seeker)}"
            await self._store.publish(Notice(topic, "typing", Speaker.SEEKER.value))
        except StoreDown:
            log.info("that a seeker is typing was not passed on: the store is down")

    async def _refuse(self, code: str, frame_id: str | None) -> None:
        await self._wire.send({"type": "refused", "id": frame_id, "code": code, "next": self._sentence(code)})

    def _sentence(self, code: str) -> str:
        return self._options.refusal(code, self._language)
