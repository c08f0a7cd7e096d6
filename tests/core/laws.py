"""What must hold of every decision, whatever was asked: the laws that the moves are held against, one by one."""

from __future__ import annotations

from handoff.core import events as e
from handoff.core.conversation import Conversation, Deadline, Owner, Phase
from handoff.core.draft import Decision, Scene
from handoff.core.effects import AskBot, Jot, Record, Say
from handoff.core.entries import Entry, EntryKind, Speaker
from handoff.core.moves.queueing import LIVE_DEADLINES
from handoff.core.supporter import Supporter

OWNERS = {
    Phase.NEW: Owner.BOT,
    Phase.INTAKE: Owner.BOT,
    Phase.WAITING: Owner.QUEUE,
    Phase.LIVE: Owner.SUPPORTER,
    Phase.CLOSING: Owner.NOBODY,
    Phase.CLOSED: Owner.NOBODY,
}
ENDED = (Phase.CLOSING, Phase.CLOSED)


def said(decision: Decision) -> list[Entry]:
    return [effect.entry for effect in decision.effects if isinstance(effect, Say)]


def jotted(decision: Decision) -> list[Entry]:
    return [effect.entry for effect in decision.effects if isinstance(effect, Jot)]


def after(scene: Scene, decision: Decision) -> Conversation:
    return decision.conversations[0] if decision.conversations else scene.conversation


def holds(scene: Scene, event: e.Event, decision: Decision) -> None:
    """Every law at once."""
    if decision.refused:
        assert not decision.changes
        assert decision.opens is None
        assert decision.replaces is None
        scene.line.wording.say(f"refused_{decision.refused}", "en", **decision.about)
    before, now = scene.conversation, after(scene, decision)
    assert len(decision.conversations) <= 1
    _one_conversation(scene, decision, before, now)
    _owner_and_epoch(before, now)
    _tier(scene, event, before, now)
    _numbering(before, now, decision)
    _words(event, now, decision)
    _places(scene, decision, before, now)
    _deadlines(now)
    _card_is_followed(before, now, decision)
    _crisis_ends_by_people_alone(event, before, now)
    _open_question_is_waited_for(event, before, now)
    _stale_bot(event, before, decision)


def _one_conversation(scene: Scene, decision: Decision, before: Conversation, now: Conversation) -> None:
    assert now.pseudonym == before.pseudonym
    if now.id != before.id:
        assert before.phase in ENDED
        assert (decision.opens, decision.replaces) == (now.id, before.id)
        assert now.id == scene.fresh_id
    else:
        assert decision.replaces is None
        assert (decision.opens == now.id) == (before.phase is Phase.NEW and now.phase is not Phase.NEW)


def _owner_and_epoch(before: Conversation, now: Conversation) -> None:
    """Entering the queue by asking leaves the bot its word; every other change of owner takes it away."""
    assert now.owner is OWNERS[now.phase]
    if now.id != before.id:
        return
    assert now.epoch >= before.epoch
    bot_stays = before.owner is Owner.BOT and now.phase is Phase.WAITING and not now.in_crisis_lane
    if (now.owner, now.supporter) != (before.owner, before.supporter) and not bot_stays:
        assert now.epoch > before.epoch


def _tier(scene: Scene, event: e.Event, before: Conversation, now: Conversation) -> None:
    if now.id == before.id and now.tier < before.tier:
        assert isinstance(event, e.RiskLowered)
        assert scene.actor is not None
        assert scene.actor.is_lead


def _numbering(before: Conversation, now: Conversation, decision: Decision) -> None:
    entries, margin = said(decision), jotted(decision)
    assert [entry.seq for entry in entries] == list(range(before.seq + 1, before.seq + 1 + len(entries)))
    assert now.seq == before.seq + len(entries)
    first = before.margin + 1 if now.id == before.id else 1
    assert [entry.seq for entry in margin] == list(range(first, first + len(margin)))
    assert now.margin == first - 1 + len(margin)
    assert all(entry.conversation == now.id for entry in (*entries, *margin))
    ids = [entry.id for entry in (*entries, *margin)]
    ids += [effect.id for effect in decision.effects if isinstance(effect, AskBot | Record)]
    assert len(set(ids)) == len(ids)


def _words(event: e.Event, now: Conversation, decision: Decision) -> None:
    """Words are kept in every phase; a crisis gets its card in the same decision, and the bot is not asked."""
    if isinstance(event, e.SeekerEdited):
        _changed_words(event, decision)
    if not isinstance(event, e.SeekerWrote):
        return
    assert not decision.refused
    entries = said(decision)
    own = [at for at, entry in enumerate(entries) if entry.speaker is Speaker.SEEKER]
    assert len(own) == 1
    assert entries[own[0]].text == event.text
    if event.assessment is not None and event.assessment.crisis:
        assert EntryKind.CARD in [entry.kind for entry in entries[own[0] :]]
        assert now.tier >= event.assessment.tier
        assert now.phase in (Phase.WAITING, Phase.LIVE)
    if now.in_crisis_lane or now.phase is Phase.LIVE:
        assert not [effect for effect in decision.effects if isinstance(effect, AskBot)]


def _changed_words(event: e.SeekerEdited, decision: Decision) -> None:
    """Danger in changed words is answered like danger in new ones."""
    assert not decision.refused
    if event.assessment is not None and event.assessment.crisis:
        assert EntryKind.CARD in [entry.kind for entry in said(decision)]


def _places(scene: Scene, decision: Decision, before: Conversation, now: Conversation) -> None:
    """Nothing both waits and talks, and whoever holds it says so too."""
    assert (now.supporter is not None) == (now.phase is Phase.LIVE) or now.phase in ENDED
    assert now.phase is not Phase.INTAKE or not now.in_crisis_lane
    assert (now.waiting_since is not None) or now.phase not in (Phase.WAITING, Phase.LIVE)
    known = {each.id: each for each in _people(scene)} | {each.id: each for each in decision.supporters}
    for each in known.values():
        holding = now.phase is Phase.LIVE and now.supporter == each.id
        assert (now.id in each.holding) == holding, f"{each.id} and {now.id} disagree"
        assert len(set(each.holding)) == len(each.holding)
    for each in decision.supporters:
        earlier = next(one for one in _people(scene) if one.id == each.id)
        if len(each.holding) > len(earlier.holding) and not each.is_lead:
            assert len(each.holding) <= each.capacity
    if before.phase is Phase.WAITING and now.phase is Phase.WAITING:
        assert now.waiting_since == before.waiting_since


def _people(scene: Scene) -> list[Supporter]:
    return [each for each in (scene.actor, scene.holder, scene.other) if each is not None]


def _deadlines(now: Conversation) -> None:
    """Each phase keeps the clocks that it needs, and none that means nothing there."""
    running = set(now.deadlines)
    if now.phase is Phase.WAITING:
        assert Deadline.WAIT_LONG in running
        assert not running & set(LIVE_DEADLINES)
        if now.in_crisis_lane:
            assert running & {Deadline.ASSIGN, Deadline.CLIMB}
    elif now.phase is Phase.LIVE:
        assert Deadline.HOLDER in running
        assert (Deadline.FIRST_WORD in running) == (now.first_word_at is None)
        assert not running & {
            Deadline.ASSIGN, Deadline.CLIMB, Deadline.WAIT_LONG, Deadline.INTAKE_CLOSE, Deadline.CALLING,
        }  # fmt: skip
        if now.unanswered_since is not None:
            assert Deadline.SILENT in running
        if now.in_crisis_lane:
            assert Deadline.QUIET_CLOSE not in running or now.checked_in
    elif now.phase in ENDED:
        assert running <= {Deadline.CLOSE, Deadline.CARD_CONFIRM, Deadline.FOLLOW_UP}


def _card_is_followed(before: Conversation, now: Conversation, decision: Decision) -> None:
    """In the crisis lane nothing forgets a card that no device has confirmed, but the end of the talk."""
    shown = EntryKind.CARD in [entry.kind for entry in said(decision)]
    followed = shown or (now.id == before.id and Deadline.CARD_CONFIRM in before.deadlines)
    if followed and now.is_open and now.in_crisis_lane and not now.card_confirmed:
        assert Deadline.CARD_CONFIRM in now.deadlines


def _crisis_ends_by_people_alone(event: e.Event, before: Conversation, now: Conversation) -> None:
    if not (before.in_crisis_lane and before.is_open) or now.is_open:
        return
    by_hand = isinstance(event, e.SupporterClosed | e.ForgetAsked | e.SeekerGone)
    by_hand |= isinstance(event, e.RiskLowered) and before.blocked_until > 0
    assert by_hand or (isinstance(event, e.SeekerTapped) and event.payload == "warmline:forget_confirmed")


def _open_question_is_waited_for(event: e.Event, before: Conversation, now: Conversation) -> None:
    """Whoever was asked about suicide is left by nobody of us before the answer, which silence is too."""
    if before.is_open and Deadline.SAFETY_ANSWER in before.deadlines and not now.is_open:
        by_them = isinstance(event, e.ForgetAsked | e.SeekerGone)
        assert by_them or (isinstance(event, e.SeekerTapped) and event.payload == "warmline:forget_confirmed")


def _stale_bot(event: e.Event, before: Conversation, decision: Decision) -> None:
    if isinstance(event, e.BotReplied | e.BotSlow | e.BotFailed) and event.epoch != before.epoch:
        assert not decision.changes
