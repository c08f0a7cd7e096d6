"""Modals that were filled in: read, checked, and done. What is wrong is shown at its field."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from connectors.slack import answers, forms, forms_reports
from connectors.slack.deeds import Asked, Deeds
from connectors.slack.forms import Faults, PersonForm
from connectors.slack.names import Block, Modal, Where
from connectors.slack.text import Message
from connectors.slack.welcome import welcome
from handoff.core import events as e
from handoff.core.ids import home_lane
from handoff.core.supporter import Supporter
from handoff.ports import Parcel, RecordsDown

Errors = dict[str, str] | None
"""Sentences by field, or None when it was taken."""
View = Mapping[str, Any]


class Submissions:
    """Does what a modal asked for."""

    def __init__(self, deeds: Deeds) -> None:
        self._deeds = deeds
        self._room = deeds.room
        self._words = deeds.room.words
        self._does: dict[str, Callable[[Asked, Supporter, View], Awaitable[Errors]]] = {
            Modal.DECLINE: self._decline, Modal.CLOSE: self._close, Modal.TRANSFER: self._transfer,
            Modal.ESCALATE: self._escalate, Modal.RAISE: self._raise, Modal.LOWER: self._lower, Modal.NOTE: self._note,
            Modal.RESOURCES: self._resource, Modal.REPLIES: self._reply, Modal.PERSON: self._person,
            Modal.PROFILE: self._profile, Modal.REPORT: self._report, Modal.BLOCK: self._block,
            Modal.REPORTED: self._reported,
        }  # fmt: skip

    async def submit(self, body: Mapping[str, Any]) -> Errors:
        """One `view_submission` body. Raises `StoreDown`."""
        view = body["view"]
        asked = replace(Asked.of(body), id=f"slack:view:{view['id']}:{view.get('hash', '')}")
        where = Where.unpack(view.get("private_metadata", ""))
        asked = replace(asked, channel=where.channel, thread=where.thread)
        supporter = await self._deeds.supporter(asked)
        if supporter is None or view["callback_id"] not in self._does:
            return None
        return await self._does[view["callback_id"]](asked, supporter, view)

    async def _decline(self, asked: Asked, who: Supporter, view: View) -> Errors:
        form = forms.read_decline(view)
        about = form.where.conversation
        declined = e.Declined(id=asked.id, supporter=who.id, conversation=about, why=form.why, desk="slack")
        await self._deeds.do(asked, declined)
        return None

    async def _close(self, asked: Asked, who: Supporter, view: View) -> Errors:
        form = forms.read_close(view, self._words)
        if isinstance(form, Faults):
            return form.errors
        about = form.where.conversation
        closed = e.SupporterClosed(
            id=asked.id, supporter=who.id, conversation=about, outcome=form.outcome, desk="slack"
        )
        await self._deeds.do(asked, closed)
        return None

    async def _transfer(self, asked: Asked, who: Supporter, view: View) -> Errors:
        form = forms.read_transfer(view, self._words)
        if isinstance(form, Faults):
            return form.errors
        about = form.where.conversation
        passed = e.Transferred(id=asked.id, supporter=who.id, conversation=about, to=form.to, desk="slack")
        await self._deeds.do(asked, passed)
        return None

    async def _escalate(self, asked: Asked, who: Supporter, view: View) -> Errors:
        form = forms.read_escalate(view, self._words)
        if isinstance(form, Faults):
            return form.errors
        about = form.where.conversation
        asks = e.Escalated(id=asked.id, supporter=who.id, conversation=about, why=form.why, desk="slack")
        await self._deeds.do(asked, asks)
        return None

    async def _report(self, asked: Asked, who: Supporter, view: View) -> Errors:
        form = forms_reports.read_report(view, self._words)
        if isinstance(form, Faults):
            return form.errors
        about = form.where.conversation
        reported = e.SeekerReported(
            id=asked.id, supporter=who.id, conversation=about, reason=form.reason, note=form.note, desk="slack"
        )
        await self._deeds.do(asked, reported)
        return None

    async def _block(self, asked: Asked, who: Supporter, view: View) -> Errors:
        form = forms_reports.read_block(view, self._words)
        if isinstance(form, Faults):
            return form.errors
        about = form.where.conversation
        blocked = e.SeekerBlocked(
            id=asked.id, supporter=who.id, conversation=about, reason=form.reason, seconds=form.seconds, desk="slack"
        )
        await self._deeds.do(asked, blocked)
        return None

    async def _reported(self, asked: Asked, who: Supporter, view: View) -> Errors:
        """A lead's note about a report, and whether it is dealt with."""
        form, book, now = forms_reports.read_reported(view), self._room.options.reports, self._room.now
        if not who.is_lead or book is None:
            await self._deeds.tell(asked, answers.refused(self._words, "leads_only"))
            return None
        try:
            if form.note:
                await book.add_note(form.report, form.note, by=who.id, at=now)
            if form.done:
                await book.close(form.report, by=who.id, at=now)
        except RecordsDown:
            return {Block.NOTE.value: self._words.say("refused", "records_down")}
        await self._room.poke(f"{asked.id}:home", Parcel(f"{asked.id}:home", home_lane(who.id), "", 0, "redraw", {}))
        return None

    async def _raise(self, asked: Asked, who: Supporter, view: View) -> Errors:
        form = forms.read_tier(view, self._words)
        if isinstance(form, Faults):
            return form.errors
        about = form.where.conversation
        raised = e.RiskRaised(
            id=asked.id, supporter=who.id, conversation=about, tier=form.tier, why=form.why, desk="slack"
        )
        await self._deeds.do(asked, raised)
        return None

    async def _lower(self, asked: Asked, who: Supporter, view: View) -> Errors:
        form = forms.read_tier(view, self._words)
        if isinstance(form, Faults):
            return form.errors
        about = form.where.conversation
        lowered = e.RiskLowered(
            id=asked.id, supporter=who.id, conversation=about, tier=form.tier, why=form.why, desk="slack"
        )
        await self._deeds.do(asked, lowered)
        return None

    async def _note(self, asked: Asked, who: Supporter, view: View) -> Errors:
        form = forms.read_note(view, self._words)
        if isinstance(form, Faults):
            return form.errors
        await self._deeds.tell(asked, await self.keep_note(asked, who, form.where.conversation, form.text))
        return None

    async def keep_note(self, asked: Asked, who: Supporter, about: str, text: str) -> Message:
        """A note, for the desk alone: an event of its own, so that no slip can send it. What to answer."""
        noted = e.NoteWritten(id=asked.id, supporter=who.id, conversation=about, text=text, desk="slack")
        refused = (await self._room.front.handle(noted)).refused
        if refused is not None:
            return answers.refused(self._words, refused.code, next=refused.next)
        conversation = await self._room.store.conversation(about)
        return answers.noted(self._words, conversation.pseudonym if conversation else "")

    async def _resource(self, asked: Asked, who: Supporter, view: View) -> Errors:
        form = forms.read_resource(view, self._words)
        if isinstance(form, Faults):
            return form.errors
        about = form.where.conversation
        sent = e.ResourceSent(id=asked.id, supporter=who.id, conversation=about, resource=form.resource, desk="slack")
        await self._deeds.do(asked, sent)
        return None

    async def _reply(self, asked: Asked, who: Supporter, view: View) -> Errors:
        form = forms.read_reply(view, self._words)
        if isinstance(form, Faults):
            return form.errors
        wrote = e.SupporterWrote(
            id=asked.id, supporter=who.id, conversation=form.where.conversation, text=form.text, desk="slack",
            refers=f"slack:click:{view['id']}",
        )  # fmt: skip
        await self._deeds.do(asked, wrote)
        return None

    # --- the roster -------------------------------------------------------------------------------------------------

    async def _person(self, asked: Asked, who: Supporter, view: View) -> Errors:
        """A lead adds, changes or removes somebody; whoever is new is asked for the rest by a message."""
        form = forms.read_person(view, self._words)
        if isinstance(form, Faults):
            return form.errors
        if not who.is_lead:
            await self._deeds.tell(asked, answers.refused(self._words, "leads_only"))
            return None
        if form.remove:
            await self._remove(asked, form.supporter)
            return None
        return await self._save(asked, form)

    async def _save(self, asked: Asked, form: PersonForm) -> Errors:
        """Role and training alone; the rest is theirs to say. One person in Slack is one on the roster."""
        about, slack = form.supporter or _new_id(form.slack), f"{asked.team}/{form.slack}"
        for each in await self._room.store.supporters():
            if each.slack == slack and each.id != about:
                return {Block.SLACK.value: self._words.say("fault", "slack_taken", name=each.name)}
        before = await self._room.store.supporter(about)
        known = before or Supporter(id=about, name=form.name, capacity=self._room.policy.default_capacity)
        profile = replace(
            known, name=form.name, slack=slack, role=form.role, training=form.training, minors=form.minors,
            removed=False,
        )  # fmt: skip
        saved = e.SupporterSaved(id=asked.id, supporter=about, profile=profile)
        if await self._deeds.do(asked, saved) and not form.supporter:
            await self._room.poke(f"{asked.id}:welcome", welcome(f"{asked.id}:welcome", about))
        return None

    async def _remove(self, asked: Asked, supporter: str) -> None:
        if await self._deeds.do(asked, e.SupporterRemoved(id=asked.id, supporter=supporter)):
            await self._room.store.end_sessions(supporter=supporter)

    async def _profile(self, asked: Asked, who: Supporter, view: View) -> Errors:
        """Everybody's own: languages, topics, limits. Role and training are a lead's to give."""
        form = forms.read_profile(view, self._words)
        if isinstance(form, Faults):
            return form.errors
        profile = replace(
            who, languages=form.languages, topics=form.topics, opted_out=form.opted_out, traits=form.traits,
            capacity=form.capacity,
        )  # fmt: skip
        await self._deeds.do(asked, e.SupporterSaved(id=asked.id, supporter=who.id, profile=profile, own=True))
        return None


def _new_id(user: str) -> str:
    return f"slack-{user.lower()}"
