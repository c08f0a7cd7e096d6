"""The `warmline` command. Whatever goes wrong is one sentence on standard error, never a trace."""

from __future__ import annotations

import sys

import typer

from handoff.cli import (
    backup,
    drawing,
    erase,
    hotlines,
    keys,
    migrating,
    referrals,
    reports,
    review,
    safeguarding,
    service,
    simulate,
    supporters,
    words,
)
from handoff.sealing import BadKey, SealBroken
from handoff.settings import SettingsError
from handoff.wording.reading import WordingError

app = typer.Typer(
    name="warmline",
    help="A chat helpline: run it, check it, and look after its supporters.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("serve")(service.serve)
app.command("doctor")(service.doctor)
app.command("secrets")(service.secrets)
app.command("screen")(words.screen)
app.command("diagram")(drawing.diagram)
app.command("referrals")(referrals.referrals)
app.command("simulate")(simulate.simulate)
app.command("migrate")(migrating.migrate)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("erase")(erase.erase)
app.command("export")(erase.export)
app.command("signin-link")(supporters.signin_link)
app.add_typer(supporters.app, name="supporters")
app.add_typer(hotlines.app, name="hotlines")
app.add_typer(keys.app, name="keys")
app.add_typer(review.app, name="review")
app.add_typer(safeguarding.app, name="safeguarding")
app.add_typer(reports.app, name="reports")


def main() -> None:
    """Run one command; exit 2 when settings or wording files cannot be used."""
    try:
        app()
    except (SettingsError, WordingError, BadKey, SealBroken) as failure:
        print(failure, file=sys.stderr)
        sys.exit(2)
