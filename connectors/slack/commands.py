"""`/warmline`, `/note` and the message shortcuts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.slack import answers, modals
from connectors.slack.catching_up import entries
from connectors.slack.deeds import Asked, Deeds
from connectors.slack.names import COMMAND_NOTE, SHORTCUTS_MARK, Where
from connectors.slack.plain import plain
from connectors.slack.shown import words_in
from connectors.slack.submissions import Submissions
from connectors.slack.text import Message
from connectors.slack.ticks import refers_to
from handoff.core import events as e
from handoff.core.conversation import Conversation
from handoff.core.supporter import Presence, Supporter

_PLACES = 100
_PRESENCE = {"available": Presence.AVAILABLE, "busy": Presence.BUSY, "away": Presence.AWAY}
_MINUTE = 60


class Commands:
    """Answers what was typed after a slash; what changes something is an event first."""

    def __init__(self, deeds: Deeds, submissions: Submissions) -> None:
        self._deeds = deeds
        self._room = deeds.room
        self._words = deeds.room.words
        self._submissions = submissions

    async def command(self, body: Mapping[str, Any]) -> Message | None:
        """What to answer at once; None where nothing is left to say. Raises `StoreDown`."""
        asked = Asked(
            id=f"slack:command:{body['trigger_id']}", team=body["team_id"], user=body["user_id"],
            channel=body.get("channel_id", ""), trigger=body["trigger_id"],
        )  # fmt: skip
        text = str(body.get("text") or "").strip()
        who = await self._deeds.people.known(asked.team, asked.user)
        if who is None:
            return answers.refused(self._words, "no_person")
        await self._deeds.people.renew(who, asked.id)
        if body["command"] == COMMAND_NOTE:
            return await self._note(asked, who, text)
        return await self._warmline(asked, who, text)

    async def shortcut(self, body: Mapping[str, Any]) -> None:
        """What was chosen in a message's menu."""
        asked = Asked.of(body)
        who = await self._deeds.supporter(asked)
        if who is None:
            return
        if body.get("callback_id") in SHORTCUTS_MARK:
            await self._mark(asked, who, body)
        else:
            await self._note_of(asked, who, body)

    async def _mark(self, asked: Asked, who: Supporter, body: Mapping[str, Any]) -> None:
        """The screen was wrong about this message; about the last, where several stand in one of ours."""
        posted = await self._room.kept.posted(asked.channel, str((body.get("message") or {}).get("ts", "")))
        if posted is None:
            await self._deeds.tell(asked, answers.refused(self._words, "nothing_to_mark"))
            return
        flagged = e.MessageFlagged(
            id=asked.id, supporter=who.id, conversation=posted.conversation, desk="slack", seq=posted.seq,
            verdict=str(body["callback_id"]),
        )  # fmt: skip
        if await self._deeds.do(asked, flagged):
            await self._deeds.tell(asked, answers.marked(self._words))

    async def _note_of(self, asked: Asked, who: Supporter, body: Mapping[str, Any]) -> None:
        """Keep a message as a note: in its own conversation where it stands in a thread of theirs, else they choose."""
        message = body.get("message") or {}
        text = await self._said_in(message)
        root = message.get("thread_ts") or message.get("ts", "")
        thread = await self._room.kept.thread(asked.team, asked.channel, root)
        if thread is None:
            await self._ask_which(asked, who, text)
        elif thread.conversation not in who.holding:
            await self._deeds.tell(asked, answers.refused(self._words, "note_over"))
        elif await self._was_sent(thread.conversation, refers_to(asked.channel, str(message.get("ts", "")))):
            await self._deeds.tell(asked, answers.refused(self._words, "note_sent"))
        else:
            where = Where(thread.conversation, asked.channel, root)
            await self._deeds.open(asked, modals.note_modal(self._words, where, text=text))

    async def _said_in(self, message: Mapping[str, Any]) -> str:
        if await self._room.is_ours(message):
            return words_in(message)
        return plain(str(message.get("text") or ""), self._words.say("said", "somebody"))

    async def _was_sent(self, about: str, refers: str) -> bool:
        """Words that the seeker has are no note; keeping them as one would look as if they were taken back."""
        conversation = await self._room.store.conversation(about)
        feed = await entries(self._room.store, conversation, 0) if conversation else []
        return any(each.refers == refers for each in feed)

    async def _warmline(self, asked: Asked, who: Supporter, text: str) -> Message | None:
        wanted = answers.read_command(text)
        if wanted.verb in _PRESENCE:
            return await self._present(asked, who, _PRESENCE[wanted.verb], wanted.minutes)
        if wanted.verb == "queue":
            return answers.queue(self._words, await self._room.store.waiting(_PLACES))
        if wanted.verb == "me":
            return answers.me(self._words, who, await self._held(who), self._room.front.clock())
        if wanted.verb == "lead":
            now = self._room.front.clock()
            here = [each for each in await self._room.store.supporters() if each.is_lead and each.is_here(now)]
            return answers.leads(self._words, here)
        return answers.helping(self._words, wanted, text)

    async def _present(self, asked: Asked, who: Supporter, presence: Presence, minutes: int) -> Message | None:
        seconds = max(self._room.policy.slack_presence_seconds, minutes * _MINUTE)
        event = e.PresenceSet(
            id=asked.id, supporter=who.id, presence=presence, seconds=seconds, back_after=minutes * _MINUTE or None
        )
        reply = await self._room.front.handle(event)
        if reply.refused is not None:
            return answers.refused(self._words, reply.refused.code, next=reply.refused.next)
        now = await self._room.store.supporter(who.id)
        return answers.presence(self._words, now or who, self._room.front.clock())

    async def _note(self, asked: Asked, who: Supporter, text: str) -> Message | None:
        """Slack has no commands inside threads: with one conversation it is for that, with more they choose."""
        if not who.holding:
            return answers.refused(self._words, "none_held")
        words = plain(text, self._words.say("said", "somebody"))
        if not words or len(who.holding) > 1:
            await self._ask_which(asked, who, words)
            return None
        return await self._submissions.keep_note(asked, who, who.holding[0], words)

    async def _ask_which(self, asked: Asked, who: Supporter, text: str) -> None:
        held = await self._held(who)
        if not held:
            await self._deeds.tell(asked, answers.refused(self._words, "none_held"))
            return
        where = Where(held[0].id if len(held) == 1 else "", asked.channel, "")
        choices = held if len(held) > 1 else ()
        await self._deeds.open(asked, modals.note_modal(self._words, where, text=text, choices=choices))

    async def _held(self, who: Supporter) -> list[Conversation]:
        found = [await self._room.store.conversation(each) for each in who.holding]
        return [each for each in found if each is not None]
