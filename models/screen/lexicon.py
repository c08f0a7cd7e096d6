"""The lexicon: reviewed, versioned files per language, read into compiled rules.

`lexicon/<language>/words.yml` holds word classes and grammar words, `spelling.yml` how words are typed; every other
file of the folder holds rules of one domain. A rule says what was said (`domain`, `kind`); how urgent that is, is
decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from models.screen.pattern import Compiler, Piece
from models.screen.spelling import Spelling

FOLDER = Path(__file__).parent / "lexicon"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SUBJECTS = ("auto", "self", "other")


class LexiconError(ValueError):
    """A lexicon file is wrong; the message names the file, the rule and what to correct."""


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source)


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern of one rule. `anchors`: words of which at least one is in every text that matches."""

    name: str
    domain: str
    kind: str
    subject: str
    negatable: bool
    hides: frozenset[str]
    language: str
    source: str
    anchors: frozenset[str]
    words: frozenset[str]

    @property
    def expression(self) -> re.Pattern[str]:
        """Compiled when first needed: most rules are never tried in a process's first seconds."""
        return _compiled(self.source)


@dataclass(frozen=True, slots=True)
class Grammar:
    """The words that decide negation and subject in one language."""

    negators: frozenset[str]
    breakers: frozenset[str]
    first_person: frozenset[str]
    possessive: frozenset[str]
    second_person: frozenset[str]
    third_person: frozenset[str]
    reflexive_self: frozenset[str]
    reflexive_other: frozenset[str]
    holds_negation: frozenset[str]
    not_negating: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Language:
    """One language's rules and grammar, with who reviewed them (empty: nobody yet)."""

    code: str
    version: str
    reviewed_by: str
    rules: tuple[Rule, ...]
    grammar: Grammar
    common: frozenset[str]
    vocabulary: frozenset[str]


def languages(folder: Path = FOLDER) -> tuple[str, ...]:
    """Codes of all languages with a lexicon, English first."""
    codes = sorted(path.parent.name for path in folder.glob("*/words.yml"))
    return tuple(sorted(codes, key=lambda code: code != "en"))


def load(code: str, folder: Path = FOLDER) -> Language:
    """Reads one language. Raises `LexiconError`."""
    words = _read(folder / code / "words.yml")
    common = frozenset(words["common"].split())
    negators = frozenset(words["grammar"]["negators"].split())
    classes = {name: (members,) for name, members in words["classes"].items()}
    compiler = Compiler(classes, common, negators)
    rules = tuple(
        rule
        for path in sorted((folder / code).glob("*.yml"))
        if path.name not in ("words.yml", "spelling.yml")
        for rule in _rules(path, code, compiler)
    )
    return Language(
        code=code,
        version=str(words["version"]),
        reviewed_by=words["reviewed_by"] or "",
        rules=rules,
        grammar=_grammar(words["grammar"], compiler),
        common=common,
        vocabulary=common.union(*(rule.words for rule in rules)),
    )


def _grammar(listed: Mapping[str, str], compiler: Compiler) -> Grammar:
    sets = {name: frozenset(value.split()) for name, value in listed.items() if name != "not_negating"}
    exceptions = [compiler.compile(line).expression for line in _lines(listed.get("not_negating", ""))]
    joined = re.compile(rf"(?<= )(?:{'|'.join(exceptions)})") if exceptions else None
    return Grammar(not_negating=joined, **sets)


def _rules(path: Path, code: str, compiler: Compiler) -> Iterator[Rule]:
    content = _read(path)
    for entry in content["rules"]:
        name = f"{code}.{path.stem}.{entry['kind']}"
        if entry.get("subject", "auto") not in _SUBJECTS:
            raise LexiconError(f"{path.name}, {name}: subject must be one of {', '.join(_SUBJECTS)}")
        for pattern in _lines(entry["patterns"]):
            yield _rule(entry, content.get("domain", ""), name, code, pattern, compiler.compile(pattern))


def _rule(entry: Mapping[str, Any], domain: str, name: str, code: str, pattern: str, piece: Piece) -> Rule:
    if not piece.anchors:
        raise LexiconError(f"{name}: the pattern needs at least one fixed word: {pattern}")
    return Rule(
        name=name,
        domain=entry.get("domain", domain),
        kind=entry["kind"],
        subject=entry.get("subject", "auto"),
        negatable=entry.get("negatable", True),
        hides=frozenset(entry.get("hides", "").split()),
        language=code,
        source=f"(?<= ){piece.expression}",
        anchors=piece.anchors,
        words=piece.words,
    )


def _lines(block: str) -> list[str]:
    lines = (line.split(" #: ")[0].strip() for line in block.splitlines())
    return [line for line in lines if line]


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # nosec B506: the safe loader, in C
    except (OSError, yaml.YAMLError) as failure:
        raise LexiconError(f"{path}: cannot be read ({failure}); restore the file from the repository") from failure
    if not isinstance(content, dict):
        raise LexiconError(f"{path}: must be a mapping")
    return content


def spelling(all_languages: tuple[Language, ...], folder: Path = FOLDER) -> Spelling:
    """One spelling for all languages together, because people mix them; the sloppy forms are English ones."""
    english = _read(folder / all_languages[0].code / "spelling.yml")
    expansions = {str(form): tuple(plain.split()) for form, plain in english["expansions"].items()}
    vocabulary = frozenset().union(*(rule.words for language in all_languages for rule in language.rules))
    grammar_words = frozenset(word for plain in expansions.values() for word in plain)
    listed = {name: frozenset(english[name].split()) for name in ("sensitive", "fillers", "not_slips", "before_to")}
    pairs = {
        form: (rule["plain"], frozenset(rule["before"].split()), frozenset(rule.get("unless_after", "").split()))
        for form, rule in english["pairs"].items()
    }
    return Spelling(
        vocabulary | grammar_words,
        frozenset().union(*(language.common for language in all_languages)),
        expansions=expansions,
        kept_after={word: frozenset(befores.split()) for word, befores in english["kept_after"].items()},
        pairs=pairs,
        **listed,
    )
