"""The scanner: finds what the lexicon's rules match in a text, with subject, time and negation of each place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

from models.screen import lexicon
from models.screen.language import NOT_GUESSED, Guess, guess
from models.screen.lexicon import Grammar, Rule
from models.screen.normalise import Line, normalise

LONGEST_READ = 24_000
"""Characters read of one message; of a longer one the beginning and the end are read, and `cut` says so."""

_MATCHES_PER_PATTERN = 4
_NEGATION_REACH = 6
_SUBJECT_REACH = 9
_FALSE_FRIEND = "false_friend"


@dataclass(frozen=True, slots=True)
class Match:
    """One place where a rule matched. `start`/`end` are offsets in the original text, `sentence` counts from 0.

    `subject` is self, other, you or none; `time` is past, recent, current; `negated` says that the words deny it.
    """

    rule: str
    start: int
    end: int
    domain: str
    kind: str
    subject: str = "self"
    time: str = "current"
    negated: bool = False
    sentence: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """All matches of one text, the guessed language, and whether the text was too long to read whole."""

    matches: tuple[Match, ...] = ()
    language: Guess = NOT_GUESSED
    cut: bool = False


class Scanner:
    """All languages' rules behind one index of words. Immutable after construction, safe between threads."""

    def __init__(self, folder: Path = lexicon.FOLDER) -> None:
        self.languages = tuple(lexicon.load(code, folder) for code in lexicon.languages(folder))
        self._spelling = lexicon.spelling(self.languages, folder)
        self._grammar = {language.code: language.grammar for language in self.languages}
        self._index: dict[str, list[Rule]] = {}
        for rule in (rule for language in self.languages for rule in language.rules):
            for anchor in rule.anchors:
                self._index.setdefault(anchor, []).append(rule)

    @cached_property
    def versions(self) -> dict[str, str]:
        """The version of every lexicon, by language."""
        return {language.code: language.version for language in self.languages}

    def prepare(self) -> int:
        """Compiles every rule now instead of at first need (about half a second); returns their number."""
        return sum(bool(rule.expression) for language in self.languages for rule in language.rules)

    def read(self, text: str) -> Found:
        """Matches in the order of the text."""
        cut = len(text) > LONGEST_READ
        part = text[: LONGEST_READ // 2] + "\n" + text[-LONGEST_READ // 2 :] if cut else text
        line = normalise(part, self._spelling)
        shift = len(text) - len(part) if cut else 0
        matches = [_shifted(match, shift) for match in self._matches(line)] if cut else self._matches(line)
        return Found(tuple(matches), guess(part, line, self.languages), cut)

    def _matches(self, line: Line) -> list[Match]:
        spans = self._spans(line)
        hidden = [(start, end, rule.hides) for rule, start, end in spans if rule.domain == _FALSE_FRIEND]
        kept = [span for span in spans if span[0].domain != _FALSE_FRIEND and not _is_hidden(span, hidden)]
        times = _times(line, spans)
        return [self._match(line, rule, start, end, times) for rule, start, end in kept]

    def _spans(self, line: Line) -> list[tuple[Rule, int, int]]:
        rules = {id(rule): rule for word in line.seen for rule in self._index.get(word, ())}
        spans = [
            (rule, found.start(), found.end() - 1)
            for rule in rules.values()
            for found in islice(rule.expression.finditer(line.text), _MATCHES_PER_PATTERN)
        ]
        return sorted(spans, key=lambda span: (span[1], -span[2], span[0].name))

    def _match(self, line: Line, rule: Rule, start: int, end: int, times: dict[int, str]) -> Match:
        first, last = line.index_at(start), line.index_at(end - 1)
        grammar = self._grammar[rule.language]
        sentence = _sentence(line, first)
        return Match(
            rule=rule.name,
            start=line.words[first].start,
            end=line.words[last].end,
            domain=rule.domain,
            kind=rule.kind,
            subject=_subject(line, first, last, grammar) if rule.subject == "auto" else rule.subject,
            time=times.get(sentence, "current"),
            negated=rule.negatable and _is_negated(line, first, last, grammar),
            sentence=sentence,
        )


def _shifted(match: Match, shift: int) -> Match:
    if match.start < LONGEST_READ // 2:
        return match
    return Match(
        match.rule, match.start + shift, match.end + shift, match.domain, match.kind,
        match.subject, match.time, match.negated, match.sentence,
    )  # fmt: skip


def _is_hidden(span: tuple[Rule, int, int], hidden: Iterable[tuple[int, int, frozenset[str]]]) -> bool:
    rule, start, end = span
    return any(s < end and start < e and (not domains or rule.domain in domains) for s, e, domains in hidden)


def _sentence(line: Line, index: int) -> int:
    return sum(word.text in ".?" for word in line.words[:index])


def _times(line: Line, spans: Iterable[tuple[Rule, int, int]]) -> dict[int, str]:
    """By sentence: `past` or `recent` where a time word says so; the more recent one wins."""
    times: dict[int, str] = {}
    for rule, start, _ in spans:
        if rule.domain == "cue" and rule.kind in ("past", "recent"):
            sentence = _sentence(line, line.index_at(start))
            times[sentence] = "recent" if "recent" in (rule.kind, times.get(sentence)) else "past"
    return times


def _subject(line: Line, first: int, last: int, grammar: Grammar) -> str:
    inside = {word.text for word in line.words[first : last + 1]}
    if inside & grammar.reflexive_self:
        return "self"
    if inside & grammar.reflexive_other:
        return "other"
    within = _nearest_person(line, range(last, first - 1, -1), grammar)
    if within is None and inside & grammar.possessive:
        return "self"
    return within or _nearest_person(line, range(first - 1, max(-1, first - _SUBJECT_REACH), -1), grammar) or "none"


def _nearest_person(line: Line, indices: Iterable[int], grammar: Grammar) -> str | None:
    for index in indices:
        word = line.words[index].text
        if word in ".?":
            return None
        if word in grammar.possessive:
            continue
        for persons, name in (
            (grammar.first_person, "self"),
            (grammar.third_person, "other"),
            (grammar.second_person, "you"),
        ):
            if word in persons:
                return name
    return None


def _is_negated(line: Line, first: int, last: int, grammar: Grammar) -> bool:
    crossed = False
    for index in range(first - 1, max(-1, first - 1 - _NEGATION_REACH), -1):
        word = line.words[index].text
        if word in ".?" or word in grammar.breakers or (index + 1 in line.commas and word not in grammar.negators):
            return False
        if word in grammar.negators:
            if index + 1 in line.commas and index + 1 < first and line.words[index + 1].text in grammar.first_person:
                return False
            return _negates(line, index, first, last, crossed, grammar)
        crossed = crossed or word in grammar.first_person
    return False


def _negates(line: Line, index: int, first: int, last: int, crossed: bool, grammar: Grammar) -> bool:
    after = line.words[last + 1].text if last + 1 < len(line.words) else ""
    if line.words[index].text == "never" and after in ("more", "this", "as"):
        return False
    if grammar.not_negating is not None:
        start = line.offsets[max(0, index - 2)]
        if any(f.start() <= line.offsets[index] < f.end() for f in grammar.not_negating.finditer(line.text, start)):
            return False
    follower = line.words[index + 1].text if index + 1 < len(line.words) else ""
    return not crossed or follower in grammar.holds_negation
