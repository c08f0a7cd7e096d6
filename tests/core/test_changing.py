"""A changed copy is what `dataclasses.replace` makes."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from handoff.core.changing import changed
from handoff.core.conversation import Conversation, Phase
from handoff.core.ids import Address
from handoff.core.supporter import Supporter

TALK = Conversation(
    id="c1", seeker=Address("web", "s1"), pseudonym="p1", language="en", opened_at=1.0, changed_at=1.0, recent=("a",)
)


def test_a_changed_copy_is_the_one_that_replace_makes_and_the_first_stays() -> None:
    before = replace(TALK)
    assert changed(TALK, phase=Phase.LIVE, seq=7) == replace(TALK, phase=Phase.LIVE, seq=7)
    assert before == TALK


def test_a_field_that_there_is_not_is_refused() -> None:
    with pytest.raises(TypeError, match="phrase"):
        changed(TALK, phrase="live")


@pytest.mark.parametrize("kind", [Conversation, Supporter])
def test_the_records_that_are_changed_so_have_slots_and_check_nothing(kind: type) -> None:
    assert set(kind.__slots__) >= {each.name for each in fields(kind)}  # type: ignore[attr-defined]
    assert not hasattr(kind, "__post_init__")
