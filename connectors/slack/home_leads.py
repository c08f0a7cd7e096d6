"""What a lead's home tab has beside a supporter's: alerts, waits by urgency, who is on, the people. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.slack import leads
from connectors.slack import text as t
from connectors.slack.home_scene import HomeScene
from connectors.slack.modals_reports import report_line
from connectors.slack.names import Action
from connectors.slack.text import Json
from connectors.slack.words import Words
from handoff.core.queue import Place
from handoff.core.risk import Tier
from handoff.core.supporter import Supporter

_ALERTS = 10
_PEOPLE = 20
_NAME = 80
_REPORTS = 5


def lead_blocks(words: Words, scene: HomeScene) -> list[Json]:
    """The second half of a lead's home tab."""
    return [
        t.divider(),
        t.header(words.say("home", "leads")),
        *_alerts(words, scene),
        *_waits(words, scene.places),
        *_on(words, scene),
        t.section(_dead_letters(words, scene.dead_letters)),
        *_reports(words, scene),
        *_people(words, scene),
        t.actions(*_doors(words, scene)),
    ]


def _alerts(words: Words, scene: HomeScene) -> list[Json]:
    heading = _title(words, "alerts")
    if not scene.alerts:
        return [heading, t.small(words.say("home", "alerts_none"))]
    ranked = sorted(scene.alerts, key=lambda alert: (not alert.urgent, -alert.at))
    rows = [block for alert in ranked[:_ALERTS] for block in leads.row(words, alert)]
    more = len(ranked) - _ALERTS
    return [heading, *rows, *([t.small(words.say("home", "more_rows", count=more))] if more > 0 else [])]


def _waits(words: Words, places: Sequence[Place]) -> list[Json]:
    if not places:
        return []
    return [_title(words, "waits"), t.our_section("\n".join(_wait_lines(words, places)))]


def _wait_lines(words: Words, places: Sequence[Place]) -> list[str]:
    lines = []
    for tier in sorted(Tier, reverse=True):
        since = [place.since for place in places if place.tier is tier]
        if since:
            ago = t.ago(min(since), words.say("card", "ago_fallback"))
            name = words.say("tier", tier.name.lower())
            lines.append(words.say("home", "waits_row", tier=name, count=len(since), ago=ago))
    return lines


def _on(words: Words, scene: HomeScene) -> list[Json]:
    here = [each for each in scene.supporters if each.is_here(scene.now)]
    heading = _title(words, "on_now")
    if not here:
        return [heading, t.small(words.say("home", "on_none"))]
    lines = "\n".join(_on_line(words, each, scene.now) for each in here[:_PEOPLE])
    return [heading, t.section(lines)]


def _on_line(words: Words, each: Supporter, now: float) -> str:
    said = words.say("presence", "busy" if each.is_busy(now) else "available")
    name = _name(words, each)
    return words.say("home", "on_row", name=name, presence=said, count=len(each.holding), capacity=each.capacity)


def _reports(words: Words, scene: HomeScene) -> list[Json]:
    if not scene.reports:
        return []
    opens = words.say("home", "report_open")
    rows = [
        t.section(report_line(words, each), t.button(opens, Action.OPEN_REPORT, str(each.id)))
        for each in scene.reports[:_REPORTS]
    ]
    more = len(scene.reports) - _REPORTS
    rest = [t.small(words.say("home", "more_rows", count=more))] if more > 0 else []
    return [_title(words, "reports"), *rows, *rest]


def _people(words: Words, scene: HomeScene) -> list[Json]:
    change = words.say("home", "edit_person")
    rows = [
        t.section(_name(words, each), t.button(change, Action.EDIT_PERSON, each.id))
        for each in scene.supporters[:_PEOPLE]
    ]
    more = len(scene.supporters) - _PEOPLE
    rest = [t.small(words.say("home", "more_rows", count=more))] if more > 0 else []
    return [_title(words, "people"), *rows, *rest]


def _doors(words: Words, scene: HomeScene) -> list[Json]:
    add = t.button(words.say("home", "add_person"), Action.ADD_PERSON)
    if not scene.console:
        return [add]
    return [add, t.link_button(words.say("home", "console"), Action.OPEN_LINK, scene.console)]


def _dead_letters(words: Words, count: int) -> str:
    return words.count("home", "dead_letters", count) if count else words.say("home", "dead_letters_none")


def _name(words: Words, each: Supporter) -> str:
    name = t.cut(t.clean(each.name), _NAME)
    return f"{name} ({words.say('home', 'lead_mark')})" if each.is_lead else name


def _title(words: Words, key: str) -> Json:
    return t.rich(t.paragraph(t.run(words.say("home", key), bold=True)))
