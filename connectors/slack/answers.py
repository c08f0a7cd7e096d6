"""What is answered at once, to one person: refusals, deliveries that failed, and `/warmline`. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from connectors.slack import cards
from connectors.slack import text as t
from connectors.slack.names import Action
from connectors.slack.text import Json, Message
from connectors.slack.words import Words
from handoff.core.conversation import Conversation
from handoff.core.queue import Place
from handoff.core.supporter import Presence, Supporter

MOST_BUSY_MINUTES = 480
"""The longest busy spell that ends by itself: a working day. Our own choice."""
_ROWS = 15
_VERBS = ("available", "busy", "away", "queue", "me", "lead", "help")


@dataclass(frozen=True, slots=True)
class Asked:
    """What `/warmline` was followed by. `minutes`: of a busy spell; 0 when it has no end. `wrong`: a code, or empty."""

    verb: str
    minutes: int = 0
    wrong: str = ""


def read_command(text: str) -> Asked:
    """`available | away | busy N | queue | me | lead | help`; nothing at all is `help`."""
    verb, *rest = text.lower().split() or ["help"]
    if verb not in _VERBS:
        return Asked("help", wrong="wrong")
    if verb != "busy" or not rest:
        return Asked(verb)
    number = rest[0]
    if not (number.isascii() and number.isdecimal() and 1 <= int(number[:9]) <= MOST_BUSY_MINUTES):
        return Asked("help", wrong="wrong_busy")
    return Asked("busy", int(number))


def refused(words: Words, code: str, *, next: str = "", **values: object) -> Message:  # noqa: A002
    """Why something was not done: a refusal of this desk by its code, or the core's own sentence in `next`."""
    said = words.refusal(code)
    sentence = next if next and said is None else words.say("refused", code if said else "other", **values)
    return t.message(words.say("notification", "refused"), [t.section(sentence)])


def marked(words: Words) -> Message:
    """To whoever said that the screen was wrong about a message."""
    return t.message(words.say("notification", "answer"), [t.section(words.say("said", "marked"))])


def joined(words: Words, console: str) -> Message:
    """To a lead who has joined a conversation: where they read along."""
    said = words.say("leads", "joined", console=console)
    return t.message(words.say("notification", "alerts"), [t.our_section(said)])


def not_delivered(words: Words, code: str) -> Message:
    """Below a message of the supporter's that did not arrive. `code`: blocked, deactivated, unreachable, refused."""
    why = words.known("delivery", code) or words.say("delivery", "other")
    return t.message(words.say("notification", "refused"), [t.section(words.say("delivery", "failed", why=why))])


def delivery_unknown(words: Words) -> Message:
    """It may have arrived or not."""
    return t.message(words.say("notification", "refused"), [t.section(words.say("delivery", "unknown"))])


def noted(words: Words, pseudonym: str) -> Message:
    """A note was kept."""
    return _answer(words, [t.section(words.say("note", "kept", who=t.short(pseudonym)))])


def presence(words: Words, me: Supporter, now: float) -> Message:
    """What they are from now on, after `/warmline available`, `busy` or `away`, or a button."""
    return _answer(words, [t.our_section(_presence(words, me, now))])


def still_here(words: Words, me: Supporter) -> Message:
    """Shortly before presence ends by itself."""
    key = "still_here_holding" if me.holding else "still_here"
    said = words.say("command", key, time=_time(words, me.present_until))
    button = t.button(words.say("command", "still_here_button"), Action.STILL_HERE, me.id, style="primary")
    return t.message(words.say("notification", "still_here"), [t.our_section(said), t.actions(button)])


def still_here_thanks(words: Words, me: Supporter) -> Message:
    """What that question turns into once it is answered."""
    said = words.say("command", "still_here_thanks", time=_time(words, me.present_until))
    return t.message(words.say("notification", "answer"), [t.our_small(said)])


def queue(words: Words, places: Sequence[Place]) -> Message:
    """Who waits, in order."""
    if not places:
        return _answer(words, [t.section(words.say("home", "queue_none"))])
    rows = [t.our_section("\n".join(_row(words, each) for each in places[:_ROWS]))]
    more = len(places) - _ROWS
    rest = [t.small(words.say("home", "more_rows", count=more))] if more > 0 else []
    head = t.section(words.count("home", "queue_count", len(places)))
    return _answer(words, [head, *rows, *rest, t.small(words.say("command", "queue_link"))])


def me(words: Words, known: Supporter, held: Iterable[Conversation], now: float) -> Message:
    """What they hold, and until when they are here."""
    who = ", ".join(t.short(each.pseudonym) for each in held)
    key = "me_holding" if who else "me_holding_none"
    holding = words.say("command", key, count=len(known.holding), capacity=known.capacity, who=who)
    until = []
    if known.is_here(now):
        until = [t.our_section(words.say("command", "me_until", time=_time(words, known.present_until)))]
    return _answer(words, [t.our_section(presence_line(words, known, now)), *until, t.section(holding)])


def leads(words: Words, here: Iterable[Supporter]) -> Message:
    """Which leads are here."""
    names = ", ".join(t.cut(t.clean(each.name), 80) for each in here)
    said = words.say("command", "lead_on", names=names) if names else words.say("command", "lead_none")
    return _answer(words, [t.section(said), t.small(words.say("command", "lead_how"))])


def helping(words: Words, asked: Asked | None = None, text: str = "") -> Message:
    """What can be written; after something wrong, what was wrong first."""
    head = words.say("command", "help_heading")
    if asked and asked.wrong:
        head = words.say("command", asked.wrong, text=t.cut(t.clean(text), 80), most=MOST_BUSY_MINUTES)
    lines = [words.say("command", f"help_{key}") for key in (*_VERBS[:-1], "note")]
    points = [t.paragraph(t.run(line)) for line in lines]
    listed = t.rich({"type": "rich_text_list", "style": "bullet", "elements": points})
    return _answer(words, [t.section(head), listed, t.small(words.say("command", "help_rest"))])


def presence_line(words: Words, known: Supporter, now: float) -> str:
    """What they are now, as the home tab says it. For `mrkdwn`: our own words and dates."""
    if not known.is_here(now):
        return words.say("home", "presence_away_holding" if known.holding else "presence_away")
    if not known.is_busy(now):
        return words.say("home", "presence_available")
    if known.busy_until > now:
        return words.say("home", "presence_busy_until", time=_time(words, known.busy_until))
    return words.say("home", "presence_busy")


def _presence(words: Words, known: Supporter, now: float) -> str:
    if known.presence is Presence.AWAY:
        held = len(known.holding)
        return words.count("command", "away_holding", held) if held else words.say("command", "away")
    if known.presence is Presence.AVAILABLE:
        return words.say("command", "available", time=_time(words, known.present_until))
    if known.busy_until > now:
        return words.count("command", "busy", max(1, round((known.busy_until - now) / 60)))
    return words.say("command", "busy_open")


def _row(words: Words, place: Place) -> str:
    tier = place.tier.name.lower()
    said = words.say(
        "command",
        "queue_row",
        mark=words.say("tier_mark", tier),
        who=t.escape(t.short(place.pseudonym)),
        tier=words.say("tier", tier),
        language=cards.language(words, place.language),
        ago=t.ago(place.since, words.say("card", "ago_fallback")),
    )
    return said.strip()


def _time(words: Words, at: float) -> str:
    return t.clock_time(at, words.say("home", "somewhat_later"))


def _answer(words: Words, blocks: Sequence[Json]) -> Message:
    return t.message(words.say("notification", "answer"), blocks)
