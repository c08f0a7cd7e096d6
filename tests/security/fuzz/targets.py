"""All that is fed."""

from __future__ import annotations

from tests.security.fuzz.files import FILES
from tests.security.fuzz.parsers import PARSERS
from tests.security.fuzz.services import SERVICES

TARGETS = (*PARSERS, *FILES, *SERVICES)
