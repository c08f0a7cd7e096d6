"""What is wrong with a setting, in one finished sentence that says what to give. No secret is ever repeated."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo

_BEFORE = "Value error, "
"""What pydantic puts in front of our own words."""


def sentences(wrong: ValidationError, fields: Mapping[str, tuple[str, FieldInfo]]) -> list[str]:
    """One per wrong variable; `fields`: variable and field, by the name or alias that the error tells."""
    return [
        _sentence(*fields[str(each["loc"][0])], each["type"], each["msg"], each["input"])
        if each["loc"]
        else each["msg"].removeprefix(_BEFORE)
        for each in wrong.errors()
    ]


def _sentence(variable: str, field: FieldInfo, kind: str, problem: str, value: object) -> str:
    wanted = field.description or "another value"
    if kind == "missing":
        return f"{variable} is not set. Give {wanted}. `warmline secrets` prints fresh ones."
    may_be_shown = field.repr and field.annotation is not SecretStr
    shown = f"is {value!r}, which is not usable" if may_be_shown else "is not usable"
    reason = "" if kind == "string_pattern_mismatch" else f" ({problem.removeprefix(_BEFORE).rstrip('.')})"
    return f"{variable} {shown}{reason}. Give {wanted}."
