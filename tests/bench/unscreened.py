"""The service without its screen, as a program: so that relaying can be measured apart from screening."""

from __future__ import annotations

from collections.abc import Sequence

from handoff.cli.service import run
from handoff.core.risk import NO_RISK, Assessment
from handoff.main import create_app
from handoff.screening import RiskScreen
from handoff.settings import load


class Unscreened(RiskScreen):
    """Reads nothing and finds nothing."""

    def read(self, text: str, context: Sequence[str] = (), language: str | None = None) -> Assessment:
        return NO_RISK


if __name__ == "__main__":
    settings = load()
    run(create_app(settings, Unscreened()), settings)
