"""The database forward and back: to the newest revision, or to the one that an older Warmline knows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from handoff import records
from handoff.backup import databases


class UnknownRevision(Exception):
    """There is no such revision here; the message lists those there are."""


@dataclass(frozen=True, slots=True)
class Moved:
    """From one revision to another; empty: before the first."""

    before: str
    after: str


def move(url: str, revision: str = "") -> Moved:
    """Bring the database to a revision, up or down; nothing given: the newest. Raises `UnknownRevision`.

    Going back removes the tables that later revisions brought, with all that is in them.
    """
    before, known = databases.revision(url), revisions()
    wanted = revision or known[-1]
    if wanted not in known:
        raise UnknownRevision(f"There is no revision {wanted}. There are: {', '.join(known)}.")
    if before in known and known.index(wanted) < known.index(before):
        config = Config()
        config.set_main_option("script_location", str(Path(records.__file__).parent / "migrations"))
        config.attributes["url"] = url
        command.downgrade(config, wanted)
    else:
        records.migrate(url, wanted)
    return Moved(before, wanted)


def revisions() -> list[str]:
    """All revisions, the first one first."""
    config = Config()
    config.set_main_option("script_location", str(Path(records.__file__).parent / "migrations"))
    walked = ScriptDirectory.from_config(config).walk_revisions()
    return [each.revision for each in reversed(list(walked))]
