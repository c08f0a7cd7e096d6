"""Buttons: each becomes an event, or opens the modal that asks for the rest."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from connectors.slack import answers, cards, forms, modals, modals_people, modals_reports
from connectors.slack.deeds import Asked, Deeds
from connectors.slack.names import Action, Where, read_alert_value
from connectors.slack.options import SlackOptions
from connectors.slack.text import View
from handoff.core import events as e
from handoff.core.conversation import Conversation
from handoff.core.ids import home_lane, thread_lane
from handoff.core.matching import may_receive
from handoff.core.supporter import Presence, Supporter
from handoff.ports import Commit, Parcel, RecordsDown

_FOUND = 6
_TO_A_SUPPORTER = {Action.AVAILABLE: Presence.AVAILABLE, Action.BUSY: Presence.BUSY, Action.AWAY: Presence.AWAY}

Do = Callable[[Asked, Supporter, str], Awaitable[None]]
Draw = Callable[[Where, Conversation, Supporter], Awaitable[View]]


class Clicks:
    """Does what a button says. Core decides whether it may be done; only what is the desk's own is checked here."""

    def __init__(self, deeds: Deeds, options: SlackOptions) -> None:
        self._deeds = deeds
        self._room = deeds.room
        self._options = options
        self._words = options.words
        self._at_once: dict[str, Do] = {
            Action.QUEUE_ACCEPT: self._accept, Action.PAUSE: self._pause, Action.RELEASE: self._release,
            Action.TAKE_OVER: self._take_over, Action.ACKNOWLEDGE: self._acknowledge, Action.JOIN: self._join,
            Action.EVERYTHING: self._everything,
            Action.AVAILABLE: self._available, Action.BUSY: self._busy, Action.AWAY: self._away,
            Action.STILL_HERE: self._still_here, Action.PROFILE: self._profile, Action.ADD_PERSON: self._add_person,
            Action.EDIT_PERSON: self._edit_person, Action.OPEN_REPORT: self._open_report,
        }  # fmt: skip
        self._by_modal: dict[str, Draw] = {
            Action.QUEUE_DECLINE: self._decline, Action.CLOSE: self._close, Action.TRANSFER: self._transfer,
            Action.ESCALATE: self._escalate, Action.RAISE: self._raise, Action.LOWER: self._lower,
            Action.RESOURCES: self._resources, Action.REPLIES: self._replies, Action.NOTE: self._note,
            Action.REPORT: self._report, Action.BLOCK: self._block,
        }  # fmt: skip

    async def click(self, body: Mapping[str, Any]) -> None:
        """One `block_actions` body. Raises `StoreDown`."""
        asked, action = Asked.of(body), body["actions"][0]
        name, value = action.get("action_id", ""), str(action.get("value") or "")
        if name in (Action.OPEN_LINK, Action.FIELD):
            return
        supporter = await self._deeds.supporter(asked)
        if supporter is None:
            return
        if name == Action.RESOURCES_SEARCH:
            await self._search(body["view"])
        elif name == Action.REPLIES_PICK:
            await self._pick(body["view"], supporter)
        elif name in self._at_once:
            await self._at_once[name](asked, supporter, value)
        elif name in self._by_modal:
            await self._ask(asked, supporter, name, value)

    async def _ask(self, asked: Asked, supporter: Supporter, name: str, about: str) -> None:
        conversation = await self._deeds.conversation(asked, about)
        if conversation is None:
            return
        where = Where(about, asked.channel, asked.thread)
        await self._deeds.open(asked, await self._by_modal[name](where, conversation, supporter))

    # --- done at once -----------------------------------------------------------------------------------------------

    async def _accept(self, asked: Asked, who: Supporter, about: str) -> None:
        await self._deeds.do(asked, e.Claimed(id=asked.id, supporter=who.id, conversation=about, desk="slack"))

    async def _pause(self, asked: Asked, who: Supporter, about: str) -> None:
        await self._deeds.do(asked, e.PauseTaken(id=asked.id, supporter=who.id, conversation=about, desk="slack"))

    async def _release(self, asked: Asked, who: Supporter, about: str) -> None:
        await self._deeds.do(asked, e.Released(id=asked.id, supporter=who.id, conversation=about, desk="slack"))

    async def _take_over(self, asked: Asked, who: Supporter, about: str) -> None:
        await self._deeds.do(asked, e.TakenOver(id=asked.id, supporter=who.id, conversation=about, desk="slack"))

    async def _join(self, asked: Asked, who: Supporter, about: str) -> None:
        """Reading along is the console's: Slack shows a conversation to whoever holds it alone."""
        joined = e.Joined(id=asked.id, supporter=who.id, conversation=about, desk="slack")
        if await self._deeds.do(asked, joined):
            await self._deeds.tell(asked, answers.joined(self._words, self._options.console))

    async def _acknowledge(self, asked: Asked, who: Supporter, value: str) -> None:
        if not who.is_lead:
            await self._deeds.tell(asked, answers.refused(self._words, "leads_only"))
            return
        kinds, about = read_alert_value(value)
        closed = [kind for kind in kinds if await self._room.store.acknowledge(kind, about)]
        if not closed:
            await self._deeds.tell(asked, answers.refused(self._words, "alert_gone"))
            return
        await self._room.kept.look_after(about, who.name)
        for kind in closed:
            name = f"{asked.id}:{kind}"
            await self._deeds.do(asked, e.AlertAcknowledged(id=name, supporter=who.id, kind=kind, conversation=about))

    async def _everything(self, asked: Asked, who: Supporter, about: str) -> None:
        """A poke, since posting a long talk takes longer than Slack waits."""
        parcel = Parcel(asked.id, thread_lane(about), about, 0, "whole", {"supporter": who.id})
        await self._room.store.commit(Commit(event_id=asked.id, parcels=(parcel,)), self._room.front.clock())

    async def _available(self, asked: Asked, who: Supporter, _value: str) -> None:
        await self._present(asked, who, Presence.AVAILABLE)

    async def _busy(self, asked: Asked, who: Supporter, _value: str) -> None:
        await self._present(asked, who, Presence.BUSY)

    async def _away(self, asked: Asked, who: Supporter, _value: str) -> None:
        await self._present(asked, who, Presence.AWAY)

    async def _present(self, asked: Asked, who: Supporter, presence: Presence) -> None:
        seconds = self._room.policy.slack_presence_seconds
        await self._deeds.do(asked, e.PresenceSet(id=asked.id, supporter=who.id, presence=presence, seconds=seconds))

    async def _still_here(self, asked: Asked, who: Supporter, _value: str) -> None:
        seconds = self._room.policy.slack_presence_seconds
        here = e.PresenceRenewed(id=asked.id, supporter=who.id, desk="slack", seconds=seconds)
        if await self._deeds.do(asked, here):
            now = await self._room.store.supporter(who.id) or who
            await self._deeds.tell(asked, answers.still_here_thanks(self._words, now))

    async def _profile(self, asked: Asked, who: Supporter, _value: str) -> None:
        await self._deeds.open(asked, modals_people.profile_modal(self._words, who))

    async def _add_person(self, asked: Asked, who: Supporter, _value: str) -> None:
        if await self._is_lead(asked, who):
            await self._deeds.open(asked, modals_people.person_modal(self._words))

    async def _edit_person(self, asked: Asked, who: Supporter, about: str) -> None:
        if await self._is_lead(asked, who):
            person = await self._room.store.supporter(about)
            await self._deeds.open(asked, modals_people.person_modal(self._words, person))

    async def _open_report(self, asked: Asked, who: Supporter, about: str) -> None:
        """What was written is shown to this lead alone, and that they opened it is on record."""
        if not await self._is_lead(asked, who) or self._options.reports is None or not about.isdecimal():
            return
        try:
            found = await self._options.reports.opened(int(about), who.id, self._room.now)
        except RecordsDown:
            await self._deeds.tell(asked, answers.refused(self._words, "records_down"))
            return
        if found is None:
            await self._deeds.tell(asked, answers.refused(self._words, "report_gone"))
        else:
            await self._deeds.open(asked, modals_reports.reported_modal(self._words, found))

    async def _is_lead(self, asked: Asked, who: Supporter) -> bool:
        if not who.is_lead:
            await self._deeds.tell(asked, answers.refused(self._words, "leads_only"))
        return who.is_lead

    # --- asked for in a modal ---------------------------------------------------------------------------------------

    async def _decline(self, where: Where, about: Conversation, _who: Supporter) -> View:
        return cards.decline_modal(self._words, where, about.pseudonym)

    async def _close(self, where: Where, about: Conversation, _who: Supporter) -> View:
        crisis = about.in_crisis_lane
        return modals.close_modal(self._words, where, pseudonym=about.pseudonym, crisis=crisis)

    async def _transfer(self, where: Where, about: Conversation, who: Supporter) -> View:
        """Only those who are present, trained and free, and may meet this person."""
        now, policy = self._room.front.clock(), self._room.policy
        others = [each for each in await self._room.store.supporters() if each.id not in (who.id, about.supporter)]
        fit = [each for each in others if not may_receive(about, each, now, policy)]
        return modals.transfer_modal(self._words, where, fit, pseudonym=about.pseudonym)

    async def _escalate(self, where: Where, about: Conversation, _who: Supporter) -> View:
        return modals.escalate_modal(self._words, where, pseudonym=about.pseudonym)

    async def _raise(self, where: Where, about: Conversation, _who: Supporter) -> View:
        return modals.raise_modal(self._words, where, pseudonym=about.pseudonym, tier=about.tier)

    async def _lower(self, where: Where, about: Conversation, _who: Supporter) -> View:
        return modals.lower_modal(self._words, where, pseudonym=about.pseudonym, tier=about.tier)

    async def _resources(self, where: Where, about: Conversation, _who: Supporter) -> View:
        return modals.resources_modal(self._words, where, pseudonym=about.pseudonym)

    async def _replies(self, where: Where, about: Conversation, who: Supporter) -> View:
        return modals.replies_modal(self._words, where, self._options.replies, pseudonym=about.pseudonym, name=who.name)

    async def _report(self, where: Where, about: Conversation, _who: Supporter) -> View:
        crisis = about.in_crisis_lane
        return modals_reports.report_modal(self._words, where, pseudonym=about.pseudonym, crisis=crisis)

    async def _block(self, where: Where, about: Conversation, _who: Supporter) -> View:
        return modals_reports.block_modal(self._words, where, pseudonym=about.pseudonym)

    async def _note(self, where: Where, _about: Conversation, _who: Supporter) -> View:
        return modals.note_modal(self._words, where)

    # --- inside a modal ---------------------------------------------------------------------------------------------

    async def _search(self, view: Mapping[str, Any]) -> None:
        where, searched = Where.unpack(view.get("private_metadata", "")), forms.read_search(view)
        about = await self._room.store.conversation(where.conversation)
        if about is None:
            return
        topics = about.intake.topics if about.intake.share is not False else ()
        found = await self._options.search(searched, topics, about.language, _FOUND)
        drawn = modals.resources_modal(self._words, where, pseudonym=about.pseudonym, searched=searched, found=found)
        await self._deeds.change(view["id"], drawn)

    async def _pick(self, view: Mapping[str, Any], who: Supporter) -> None:
        where = Where.unpack(view.get("private_metadata", ""))
        about = await self._room.store.conversation(where.conversation)
        if about is None:
            return
        drawn = modals.replies_modal(
            self._words, where, self._options.replies, pseudonym=about.pseudonym, chosen=forms.read_picked(view),
            name=who.name,
        )  # fmt: skip
        await self._deeds.change(view["id"], drawn)


def home_poke(event_id: str, supporter: str) -> Parcel:
    """Draw somebody's home tab, because they opened it."""
    return Parcel(event_id, home_lane(supporter), "", 0, "redraw", {})
