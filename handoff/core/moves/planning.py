"""The safety plan, built in the chat one heading at a time. For the person alone: no desk ever reads it from us."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from handoff.core.conversation import Phase
from handoff.core.draft import Draft
from handoff.core.entries import EntryKind, Speaker
from handoff.core.events import SeekerEdited, SeekerWrote
from handoff.core.plan import NO_PLAN, Heading, after, readable
from handoff.core.risk import Tier

COMMAND, PAYLOAD = "/plan", "warmline:plan"
"""What is typed in any channel to ask for the plan, and the quick reply that it stands for."""
_DAY = 86_400
_WORD = re.compile(r"\w+")


def takes(draft: Draft, event: SeekerWrote) -> bool:
    """Whether these words answer a heading: asked not long ago, before a supporter is here, and not a file.

    Whoever asks for help instead, or comes back after a while, is heard like anybody: the plan is let go.
    """
    plan = draft.conversation.plan
    if plan.asks is None or event.attachment is not None or not event.text.strip():
        return False
    late = draft.now - plan.asked_at > draft.policy.plan_answer_seconds
    if late or _says(draft, event, "plan_help_words"):
        let_go(draft)
        return False
    return draft.conversation.phase is not Phase.LIVE


def keep_answer(draft: Draft, event: SeekerWrote) -> None:
    """Into the plan, whatever the screen says of it."""
    plan = draft.conversation.plan
    if plan.asks is not None and not _says(draft, event, "plan_skip_words", "plan_stop_words"):
        draft.set(plan=plan.answered(plan.asks, event.text, event.refers))


def heard(draft: Draft, event: SeekerWrote, tier: Tier, *, pause: bool) -> None:
    """The next heading, unless they said stop, or something new and more urgent came between."""
    if pause or tier >= Tier.IMMINENT:
        pause_plan(draft, tier)
    elif _says(draft, event, "plan_stop_words"):
        stop(draft)
    else:
        go_on(draft)


def corrected(draft: Draft, event: SeekerEdited) -> bool:
    """Whether the changed words stand in the plan; there they are changed too."""
    plan = draft.conversation.plan
    heading = plan.messages.get(event.refers)
    if heading is None:
        return False
    draft.set(plan=plan.answered(heading, event.text, event.refers))
    return True


def open_plan(draft: Draft) -> None:
    """Show what there is, or begin. While a supporter is here, two can do it better than a form."""
    known = draft.conversation
    if known.plan.written and known.plan.asks is None:
        show(draft)
    elif known.phase is Phase.LIVE:
        _tell(draft, "plan_with_supporter", "urgent", name=known.supporter_name)
    else:
        _tell(draft, "plan_intro", days=_days(draft))
        _ask(draft, known.plan.asks or Heading.SIGNS, alone=known.plan.alone)


def go_on(draft: Draft) -> None:
    """The next heading; after the last, or after a lone change, the whole plan."""
    plan = draft.conversation.plan
    following = None if plan.asks is None or plan.alone else after(plan.asks)
    if following is None:
        _finish(draft)
    else:
        _ask(draft, following)


def stop(draft: Draft) -> None:
    """Enough for now; what was written stays."""
    _finish(draft)


def pause_plan(draft: Draft, tier: Tier) -> None:
    """Something more urgent came between. What was written stays; with a life in danger, nothing is said about it."""
    plan = draft.conversation.plan
    draft.set(plan=replace(plan, asks=None, alone=False))
    if tier < Tier.IMMINENT:
        _tell(draft, "plan_paused", "plan_go_on", "urgent")


def go_on_later(draft: Draft) -> None:
    """After a pause: the first heading without an answer, or the plan as it is."""
    written = draft.conversation.plan.written
    if draft.conversation.phase is Phase.LIVE or not written:
        open_plan(draft)
        return
    following = after(written[-1])
    if following is None:
        _finish(draft)
    else:
        _ask(draft, following)


def let_go(draft: Draft) -> None:
    """Somebody else has the word from here on: no more answers for the plan."""
    plan = draft.conversation.plan
    if plan.asks is None:
        return
    draft.set(plan=replace(plan, asks=None, alone=False))
    if draft.conversation.phase is Phase.LIVE:
        _tell(draft, "plan_kept_for_later", name=draft.conversation.supporter_name)


def show(draft: Draft) -> None:
    """The whole plan as text, to read, keep and copy."""
    plan = draft.conversation.plan
    if not plan.written:
        _tell(draft, "plan_empty", "plan")
        return
    send = ("plan_send",) if draft.conversation.phase is Phase.LIVE else ()
    _tell(draft, "plan_shown", *send, "plan_change", "plan_delete", "urgent", plan=_as_text(draft), days=_days(draft))


def choose(draft: Draft) -> None:
    """Which heading shall change?"""
    _tell(draft, "plan_choose", *(f"plan_{each}" for each in Heading))


def change(heading: Heading) -> Callable[[Draft], None]:
    """The move that asks for one heading anew."""

    def ask(draft: Draft) -> None:
        if draft.conversation.phase is Phase.LIVE:
            open_plan(draft)
        else:
            _ask(draft, heading, alone=True)

    return ask


def ask_to_delete(draft: Draft) -> None:
    """Say what deletion means, and ask once more."""
    _tell(draft, "plan_delete_sure", "plan_delete_confirmed", "plan_show")


def delete(draft: Draft) -> None:
    """The plan is gone."""
    draft.set(plan=NO_PLAN)
    _tell(draft, "plan_deleted", "forget", "urgent", days=_days(draft))


def send(draft: Draft) -> None:
    """The person shows it to their supporter, by their own act."""
    if draft.conversation.phase is not Phase.LIVE or not draft.conversation.plan.written:
        _tell(draft, "plan_send_later", "plan_show")
        return
    draft.say(Speaker.SEEKER, draft.text("plan_sent", plan=_as_text(draft)))


def _ask(draft: Draft, heading: Heading, *, alone: bool = False) -> None:
    draft.set(plan=replace(draft.conversation.plan, asks=heading, alone=alone, asked_at=draft.now))
    _tell(draft, f"plan_ask_{heading}", "plan_skip", "plan_stop", "urgent")


def _finish(draft: Draft) -> None:
    draft.set(plan=replace(draft.conversation.plan, asks=None, alone=False))
    show(draft)


def _says(draft: Draft, event: SeekerWrote, *keys: str) -> bool:
    """Whether the words are one of the listed phrases, and nothing else."""
    said = " ".join(_WORD.findall(event.text.lower()))
    return any(said == phrase.strip() for key in keys for phrase in draft.text(key).split(","))


def _tell(draft: Draft, key: str, *buttons: str, **values: object) -> None:
    draft.say(
        Speaker.SYSTEM, draft.text(key, **values), kind=EntryKind.NOTICE, buttons=draft.buttons(*buttons), private=True
    )


def _as_text(draft: Draft) -> str:
    return readable(draft.conversation.plan, draft.line.wording, draft.conversation.language)


def _days(draft: Draft) -> int:
    return draft.policy.retention_seconds // _DAY


MOVES: dict[str, Callable[[Draft], None]] = {
    PAYLOAD: open_plan,
    "warmline:plan_go_on": go_on_later,
    "warmline:plan_skip": go_on,
    "warmline:plan_stop": stop,
    "warmline:plan_show": show,
    "warmline:plan_change": choose,
    **{f"warmline:plan_{each}": change(each) for each in Heading},
    "warmline:plan_delete": ask_to_delete,
    "warmline:plan_delete_confirmed": delete,
    "warmline:plan_send": send,
}
PRIVATE = frozenset(MOVES) - {"warmline:plan_send"}
"""Quick replies that no desk reads either."""
ABOUT_WHAT_IS = PRIVATE - {PAYLOAD, "warmline:plan_go_on", *(f"warmline:plan_{each}" for each in Heading)}
"""Quick replies that ask for no words, so that they begin no new conversation after the end."""
GOES_WITH = PRIVATE | {"warmline:urgent"}
"""Quick replies after which the heading that was asked is still open."""
