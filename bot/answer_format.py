"""The check of what an action answered, without checking the format's own definition each time.

Rasa does both for every action, three or four times a turn, and the definition never changes: measured, it was four
fifths of a whole turn. Here the definition is checked once; every answer still is.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction


def check_definition_once() -> None:
    """From now on, in this process."""
    RemoteAction._validate_action_result = _is_in_format


def _is_in_format(_: RemoteAction, answer: dict[str, Any]) -> bool:
    """True. Raises jsonschema's ValidationError, as Rasa's own check does, for an answer that is something else."""
    _format().validate(answer)
    return True


@cache
def _format() -> Validator:
    definition = RemoteAction.action_response_format_spec()
    kind = validator_for(definition)
    kind.check_schema(definition)
    return kind(definition)
