"""The resources: short things to read, do, listen to or watch, loaded and checked from `wording/resources`.

The folder's README says what an entry consists of and which rules its words follow. A fault is a `WordingError` that
names the file, the entry and the cure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from handoff.wording.reading import WORDING, Section, WordingError, read

DEFAULT_FOLDER = WORDING / "resources"

TOPICS = frozenset(
    [
        "anxiety",
        "low_mood",
        "stress",
        "loneliness",
        "grief",
        "relationships",
        "family",
        "work_study",
        "caring",
        "long_term_illness",
        "identity",
        "abuse",
        "self_harm",
        "substance_use",
        "unusual_experiences",
        "other",
    ]
)
"""The intake's topics; an entry may only name these."""

SAID_LIKE_FEWEST, SAID_LIKE_MOST = 3, 6

_SHARED = ("language", "written_by", "reviewed_by")
_OWN = ("id", "title", "topics", "kind", "minutes", "version", "summary", "body", "steps", "said_like")


class Kind(StrEnum):
    READ = "read"
    DO = "do"
    LISTEN = "listen"
    WATCH = "watch"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a timed exercise, shown for `seconds`."""

    text: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Resource:
    """One entry. It has a body, or steps, or both; `reviewed_by` is None as long as nobody has reviewed the wording."""

    id: str
    title: str
    topics: tuple[str, ...]
    kind: Kind
    minutes: int
    language: str
    summary: str
    body: tuple[str, ...]
    steps: tuple[Step, ...]
    said_like: tuple[str, ...]
    """How people say it. Only for finding the entry, never shown."""
    written_by: str
    reviewed_by: str | None
    version: int

    @property
    def timed_seconds(self) -> int:
        """How long the steps take together; 0 without steps."""
        return sum(step.seconds for step in self.steps)


class ResourceUnknown(KeyError):
    """No entry has this id. Next step: search again; an entry can be withdrawn between versions."""


@dataclass(frozen=True, slots=True)
class Library:
    """All entries of all languages, in the order of files and entries; ids are unique."""

    resources: tuple[Resource, ...]

    def get(self, resource_id: str) -> Resource:
        """The entry with this id; raises `ResourceUnknown`."""
        for resource in self.resources:
            if resource.id == resource_id:
                return resource
        raise ResourceUnknown(resource_id)

    def languages(self) -> frozenset[str]:
        return frozenset(resource.language for resource in self.resources)

    def in_language(self, language: str) -> tuple[Resource, ...]:
        return tuple(resource for resource in self.resources if resource.language == language)

    def unreviewed(self) -> tuple[Resource, ...]:
        """The entries that nobody has reviewed yet."""
        return tuple(resource for resource in self.resources if resource.reviewed_by is None)


def as_json(resource: Resource) -> dict[str, object]:
    """The shape in which the bot, the web chat and the console receive a resource; `steps` is None without timing."""
    steps = [{"text": step.text, "seconds": step.seconds} for step in resource.steps]
    return {
        "id": resource.id,
        "title": resource.title,
        "kind": str(resource.kind),
        "minutes": resource.minutes,
        "summary": resource.summary,
        "steps": steps or None,
        "body": list(resource.body),
    }


def load_library(folder: Path = DEFAULT_FOLDER) -> Library:
    """Read and check every `<language>/*.yml` below `folder`. Raises `WordingError`."""
    sections = [entry for file in sorted(folder.glob("*/*.yml")) for entry in _entries(file)]
    if not sections:
        raise WordingError(folder, "", "no resources here", "Add entries, or correct the folder's name")
    _refuse_doubles(sections)
    return Library(tuple(_resource(section) for section in sections))


def _entries(file: Path) -> list[Section]:
    """The file's entries, each with the fields that stand once at the top of the file."""
    top = read(file)
    top.only(*_SHARED, "resources")
    shared = {name: top.fields[name] for name in _SHARED if name in top.fields}
    return [Section(file, entry.key, shared | entry.fields) for entry in top.sections("resources")]


def _refuse_doubles(entries: Iterable[Section]) -> None:
    seen: set[str] = set()
    for entry in entries:
        if (name := entry.text("id")) in seen:
            raise entry.wrong("id", f"'{name}' is used twice", "Choose another id")
        seen.add(name)


def _resource(entry: Section) -> Resource:
    entry.only(*_OWN, *_SHARED)
    resource = Resource(
        id=entry.text("id"),
        title=entry.text("title"),
        topics=entry.texts("topics"),
        kind=entry.one_of("kind", Kind),
        minutes=_whole(entry, "minutes"),
        language=entry.text("language"),
        summary=entry.text("summary"),
        body=entry.texts("body"),
        steps=tuple(_steps(entry)),
        said_like=entry.texts("said_like"),
        written_by=entry.text("written_by"),
        reviewed_by=entry.maybe("reviewed_by") or None,
        version=_whole(entry, "version"),
    )
    _check(entry, resource)
    return resource


def _steps(entry: Section) -> list[Step]:
    """The steps in order; a group with `times` is written out that often."""
    steps: list[Step] = []
    for found in entry.sections("steps"):
        section = Section(entry.file, f"{entry.key}.{found.key}", found.fields)
        if "times" in section.fields:
            section.only("times", "steps")
            steps.extend(_steps(section) * _whole(section, "times"))
        else:
            section.only("text", "seconds")
            steps.append(Step(section.text("text"), _whole(section, "seconds")))
    return steps


def _whole(section: Section, name: str) -> int:
    value = section.maybe_whole(name)
    if not value:
        raise section.wrong(name, "missing or 0", "Write a whole number of 1 or more")
    return value


def _check(entry: Section, resource: Resource) -> None:
    plain = resource.id.replace("-", "")
    if not (plain.isascii() and plain.isalnum() and plain.islower()):
        raise entry.wrong("id", f"'{resource.id}' can't be an id", "Use small letters, digits and hyphens")
    if resource.language != entry.file.parent.name:
        raise entry.wrong("language", "not the language of the folder", "Move the entry, or correct its language")
    if not resource.topics or not set(resource.topics) <= TOPICS:
        raise entry.wrong("topics", "empty, or one is not known", f"Use one or more of: {', '.join(sorted(TOPICS))}")
    if not SAID_LIKE_FEWEST <= len(resource.said_like) <= SAID_LIKE_MOST:
        problem = f"{len(resource.said_like)} phrases"
        raise entry.wrong("said_like", problem, f"Write {SAID_LIKE_FEWEST} to {SAID_LIKE_MOST}")
    if not resource.body and not resource.steps:
        raise entry.wrong("body", "neither a body nor steps", "Write one of them, or both")
    if resource.steps and abs(resource.timed_seconds - 60 * resource.minutes) > 30:
        problem = f"the steps take {resource.timed_seconds} s, which is not about {resource.minutes} min"
        raise entry.wrong("minutes", problem, "Correct the minutes or the seconds")
