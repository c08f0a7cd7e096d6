"""Reading reviewed wording files: typed access, and errors that name the file, the key and what to do.

Every scalar is read as text, so that "024" keeps its zero and Norway's "NO" stays a country.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import yaml

try:  # the same loader in C, ten times faster; absent where PyYAML was built without libyaml
    from yaml import CBaseLoader as _Loader
except ImportError:
    from yaml import BaseLoader as _Loader  # type: ignore[assignment]

WORDING = Path(__file__).parent

Choice = TypeVar("Choice", bound=StrEnum)


class WordingError(Exception):
    """A wording file cannot be used as it is. Names the file, the key and the next step."""

    def __init__(self, file: Path, key: str, problem: str, cure: str) -> None:
        self.file, self.key, self.problem, self.cure = file, key, problem, cure
        where = f"{file}, {key}" if key else str(file)
        super().__init__(f"{where}: {problem}. {cure}.")


@dataclass(frozen=True, slots=True)
class Section:
    """One mapping of a wording file. `key` is its path inside the file, as shown in errors."""

    file: Path
    key: str
    fields: dict[str, Any]

    def wrong(self, name: str, problem: str, cure: str) -> WordingError:
        """The error for one field of this section."""
        return WordingError(self.file, f"{self.key}.{name}" if self.key else name, problem, cure)

    def only(self, *names: str) -> None:
        """Refuse fields that nobody reads: a misspelled key would otherwise be lost in silence."""
        for name in self.fields:
            if name not in names:
                raise self.wrong(name, "unknown key", f"Remove it or use one of: {', '.join(names)}")

    def maybe(self, name: str) -> str:
        """A text that may be empty or absent."""
        value = self.fields.get(name, "")
        if not isinstance(value, str):
            raise self.wrong(name, "expected a text", "Write one text, in quotes")
        return value.strip()

    def text(self, name: str) -> str:
        """A text that must be there."""
        if not (value := self.maybe(name)):
            raise self.wrong(name, "missing or empty", "Fill it in")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, possibly empty."""
        value = self.fields.get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            raise self.wrong(name, "expected a list of texts", "Write a list with '-' before every text, or []")
        return tuple(one.strip() for one in value)

    def section(self, name: str) -> Section:
        """A mapping below this one."""
        return _section(self.file, f"{self.key}.{name}" if self.key else name, self.fields.get(name))

    def sections(self, name: str) -> tuple[Section, ...]:
        """A list of mappings, possibly empty; errors name an entry by its id where it has one."""
        value = self.fields.get(name, [])
        if not isinstance(value, list):
            raise self.wrong(name, "expected a list", "Write a list of entries, each beginning with '-'")
        return tuple(_section(self.file, f"{name}[{_name_of(one, place)}]", one) for place, one in enumerate(value))

    def one_of(self, name: str, choices: type[Choice]) -> Choice:
        """One value of an enumeration."""
        value = self.text(name)
        if value not in (known := [choice.value for choice in choices]):
            raise self.wrong(name, f"'{value}' is not known", f"Use one of: {', '.join(known)}")
        return choices(value)

    def day(self, name: str) -> date:
        """A day as YYYY-MM-DD."""
        value = self.text(name)
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise self.wrong(name, f"'{value}' is not a date", "Write it as YYYY-MM-DD") from error

    def maybe_day(self, name: str) -> date | None:
        """A day as YYYY-MM-DD, or empty."""
        return self.day(name) if self.maybe(name) else None

    def maybe_whole(self, name: str) -> int | None:
        """A whole number of 0 or more, or empty."""
        value = self.maybe(name)
        if value and not (value.isascii() and value.isdigit()):
            raise self.wrong(name, f"'{value}' is not a whole number", "Write digits only, or leave it empty")
        return int(value) if value else None


def read(file: Path) -> Section:
    """The top of one YAML file. Raises WordingError when it is absent, no UTF-8, no YAML, or not a mapping."""
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # nosec B506: the base loader, texts alone
    except FileNotFoundError as error:
        raise WordingError(file, "", "the file is missing", "Restore it from the repository") from error
    except UnicodeDecodeError as error:
        raise WordingError(file, "", "the file is not UTF-8 text", "Save it as UTF-8") from error
    except yaml.YAMLError as error:
        raise WordingError(file, "", f"not valid YAML: {error}", "Mend the place it names") from error
    return _section(file, "", content)


def _section(file: Path, key: str, content: object) -> Section:
    if not isinstance(content, dict):
        raise WordingError(file, key, "expected keys with values", "Write 'key: value' lines here")
    return Section(file, key, content)


def _name_of(entry: object, place: int) -> str:
    known = entry.get("id") or entry.get("country") if isinstance(entry, dict) else None
    return str(known or place)
