"""The crisis card: fixed wording around the right numbers. Nothing on it is generated, and no tier is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from handoff.core.crisis_wording import (
    EMERGENCY_FIRST,
    CardPhrases,
    CardWording,
    Closings,
    CrisisWording,
    Situation,
    situation_of,
)
from handoff.core.hotlines import (
    FOR_THE_YOUNG,
    Channel,
    Choice,
    EmergencyNumber,
    EmergencyService,
    Hotline,
    Hotlines,
    choose,
)
from handoff.core.hours import MINUTES_A_DAY, Hours, Interval, is_open
from handoff.core.line import Card, CardWish
from handoff.core.risk import Assessment, Modifier, Subject, Tier
from handoff.core.wording import FALLBACK


@dataclass(frozen=True, slots=True)
class EmergencyLine:
    """`number` is for reading, `dial` for a telephone: empty where all we can say is "your local emergency number"."""

    label: str
    number: str
    dial: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLine:
    """One way to reach one service. `how` is a whole instruction ("Text HOME to 741741")."""

    id: str
    name: str
    channel: str
    number: str
    dial: str
    keyword: str
    how: str
    hours: str
    url: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisCard:
    """Everything a person is shown, in reading order. `emergency_first`: the headline names the emergency number."""

    version: str
    language: str
    headline: str
    opening: tuple[str, ...]
    emergency: EmergencyLine
    emergency_others: tuple[EmergencyLine, ...]
    emergency_first: bool
    emergency_sentence: str
    steps: tuple[str, ...]
    heading: str
    lines: tuple[CardLine, ...]
    notes: tuple[str, ...]
    closing: tuple[str, ...]
    question: str
    international: bool
    country: str
    """Whose numbers these are, ISO 3166-1 alpha-2; empty where the country is not known."""
    reviewed: bool


def compose(
    wording: CrisisWording,
    choice: Choice,
    assessment: Assessment,
    *,
    staffed: bool,
    language: str,
    live: bool = False,
    nobody_comes: bool = False,
) -> CrisisCard:
    """Compose the card for one assessment from one choice of lines.

    `staffed`: a supporter could be found now. `live`: a supporter is talking with the person already.
    `nobody_comes`: nothing is said about either. `language` is the person's; where the wording is in another one, the
    card says so.
    """
    situation = situation_of(assessment)
    said = wording.cards[situation]
    first = assessment.tier >= EMERGENCY_FIRST or situation is Situation.OVERDOSE
    numbers = _emergency(choice, wording.phrases)
    fill = _filler(numbers[0].number)
    lines = tuple(_line(line, choice, wording.phrases) for line in choice.lines)
    return CrisisCard(
        version=wording.version,
        language=wording.language,
        headline=fill(said.headline),
        opening=tuple(fill(one) for one in said.opening),
        emergency=numbers[0],
        emergency_others=numbers[1:],
        emergency_first=first,
        emergency_sentence="" if first else fill(wording.phrases.emergency_after_lines),
        steps=tuple(fill(one) for one in (*said.steps, *_place(wording.phrases, situation, assessment))),
        heading=wording.phrases.heading_after_emergency if first else wording.phrases.heading,
        lines=lines,
        notes=tuple(fill(one) for one in _notes(wording, choice, lines, assessment, language)),
        closing=tuple(fill(one) for one in (() if nobody_comes else _closing(said, staffed, live))),
        question=fill(said.question),
        international=choice.international,
        country=choice.country,
        reviewed=wording.reviewed,
    )


def as_json(card: CrisisCard) -> dict[str, Any]:
    """The card as plain values, keys as in `CrisisCard`; tuples become lists."""
    return {name: _plain(value) for name, value in asdict(card).items()}


def as_text(card: CrisisCard) -> str:
    """The card as plain text for channels without layout; paragraphs are parted by empty lines."""
    others = [f"{each.label}: {each.number}" for each in card.emergency_others]
    paragraphs = [
        [card.headline],
        [*card.opening, *card.steps],
        others if card.emergency_first else [],
        [card.heading, *(_line_text(line) for line in card.lines)] if card.lines else [],
        [card.emergency_sentence, *others] if card.emergency_sentence else [],
        [*card.notes],
        [*card.closing],
        [card.question],
    ]
    return "\n\n".join("\n".join(lines) for lines in paragraphs if lines)


def card_maker(hotlines: Hotlines, wordings: Mapping[str, CrisisWording]) -> Callable[[CardWish], Card]:
    """What `Line.card` wants: from a wish to a card, in English where there is no wording in the person's language."""

    def card(wish: CardWish) -> Card:
        minor = Modifier.MINOR in wish.assessment.modifiers or _helps_a_minor(wish.assessment)
        topics = (*wish.topics, *wish.assessment.domains)
        choice = choose(hotlines, wish.country, topics=topics, minor=minor, language=wish.language, now=wish.at)
        wording = wordings.get(wish.language, wordings[FALLBACK])
        made = compose(
            wording, choice, wish.assessment, staffed=wish.staffed, language=wish.language, live=wish.live,
            nobody_comes=wish.nobody_comes,
        )  # fmt: skip
        return Card(as_text(made), as_json(made))

    return card


def _helps_a_minor(assessment: Assessment) -> bool:
    return assessment.subject is Subject.OTHER and Modifier.MINOR_OTHER in assessment.modifiers


def _plain(value: Any) -> Any:
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _line_text(line: CardLine) -> str:
    told = " · ".join(part for part in (line.how, line.url, line.hours) if part)
    return f"• {line.name}: {told}"


def _filler(number: str) -> Callable[[str], str]:
    return lambda sentence: sentence.replace("{emergency}", number)


def _closing(said: CardWording, staffed: bool, live: bool) -> tuple[str, ...]:
    closings: Closings = said.closings
    if live:
        return closings.live
    return closings.finding if staffed else closings.nobody


def _place(phrases: CardPhrases, situation: Situation, assessment: Assessment) -> tuple[str, ...]:
    """In an emergency, that telling the place is up to them. The helper's card has its own step for it."""
    asked = assessment.tier >= Tier.EMERGENCY and situation is not Situation.THIRD_PARTY_NOW
    return (phrases.place,) if asked else ()


def _emergency(choice: Choice, phrases: CardPhrases) -> tuple[EmergencyLine, ...]:
    """The number to call first; the others only where the first is one service of several."""
    if not choice.emergency_numbers:
        return (EmergencyLine(phrases.emergency[EmergencyService.ANY], phrases.local_number),)
    first, *others = choice.emergency_numbers
    shown = [] if first.service is EmergencyService.ANY else [each for each in others if each.service != first.service]
    return tuple(_emergency_line(each, phrases) for each in (first, *shown))


def _emergency_line(number: EmergencyNumber, phrases: CardPhrases) -> EmergencyLine:
    return EmergencyLine(phrases.emergency[number.service], number.number, number.number)


def _notes(
    wording: CrisisWording, choice: Choice, lines: tuple[CardLine, ...], assessment: Assessment, language: str
) -> list[str]:
    phrases, notes = wording.phrases, []
    if _helps_a_minor(assessment):
        notes.append(phrases.helper_of_minor)
    elif Modifier.MINOR in assessment.modifiers:
        young = any(line.audience in FOR_THE_YOUNG for line in choice.lines[:1])
        notes.append(phrases.minor_with_line if young else phrases.minor_without_line)
    if choice.international:
        notes.append(phrases.country_without_line if choice.country else phrases.country_unknown)
    if language != wording.language or Modifier.LANGUAGE_UNKNOWN in assessment.modifiers:
        notes.append(phrases.other_language)
    if any(line.dial and not line.verified for line in lines):
        notes.append(phrases.unverified)
    return notes


def _line(line: Hotline, choice: Choice, phrases: CardPhrases) -> CardLine:
    way = phrases.sms_keyword if line.keyword else phrases.ways[line.channel]
    return CardLine(
        id=line.id,
        name=f"{line.service} ({line.region})" if line.region else line.service,
        channel=line.channel.value,
        number=line.display,
        dial=line.dial_string,
        keyword=line.keyword,
        how=way.replace("{keyword}", line.keyword).replace("{number}", line.display),
        hours="" if line.channel is Channel.WEB else _hours_text(line.hours, choice, phrases),
        url=line.url,
        verified=line.verification.verified,
    )


def _hours_text(hours: Hours, choice: Choice, phrases: CardPhrases) -> str:
    if hours.always:
        return phrases.always
    if not hours.intervals:
        return phrases.hours_unknown
    now = phrases.open_now if is_open(hours, choice.at) else phrases.closed_now
    return ", ".join((now, *(_span(interval, phrases) for interval in hours.intervals)))


def _span(interval: Interval, phrases: CardPhrases) -> str:
    days = phrases.every_day if len(interval.days) == 7 else _day_range(interval.days, phrases.days)
    opens, closes = _clock(interval.opens), _clock(interval.closes)
    return phrases.span.replace("{days}", days).replace("{opens}", opens).replace("{closes}", closes)


def _day_range(days: frozenset[int], names: tuple[str, ...]) -> str:
    """ "Mon–Sat" for days in a row (over the week's end too), else the days one by one."""
    first = next((day for day in sorted(days) if (day - 1) % 7 not in days), min(days))
    row = [(first + step) % 7 for step in range(len(days))]
    if len(row) > 2 and set(row) == days:
        return f"{names[row[0]]}–{names[row[-1]]}"
    return ", ".join(names[day] for day in sorted(days))


def _clock(minute: int) -> str:
    minute = minute if minute == MINUTES_A_DAY else minute % MINUTES_A_DAY
    return f"{minute // 60:02}:{minute % 60:02}"
