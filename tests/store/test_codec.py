"""Records as bytes: what an older Warmline stored is read, and what no desk shows wakes none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from handoff.core.conversation import Conversation
from handoff.core.entries import Entry
from handoff.core.supporter import Presence, Supporter
from handoff.store import codec
from tests.store.making import NOW, a_conversation, a_supporter, an_entry


def without(record: object, *names: str) -> bytes:
    """The record as stored before these fields were there."""
    kept: dict[str, Any] = msgspec.msgpack.decode(codec.encode(record))
    return codec.encode({name: part for name, part in kept.items() if name not in names})


def test_a_supporter_stored_before_slack_is_read() -> None:
    before = a_supporter(presence=Presence.BUSY, holding=("c1",))
    assert codec.supporter(without(before, "slack", "busy_until", "console_until")) == before


def test_a_conversation_stored_before_desks_and_pauses_is_read() -> None:
    before = a_conversation(supporter="sam")
    assert codec.conversation(without(before, "desk", "paused_until")) == before


def test_an_entry_stored_before_answers_is_read() -> None:
    before = an_entry(1)
    assert codec.entry(without(before, "answers")) == before


def test_what_a_newer_one_added_is_passed_over() -> None:
    newer = codec.encode({**msgspec.msgpack.decode(codec.encode(a_supporter())), "colour": "green"})
    assert codec.supporter(newer) == a_supporter()


@pytest.mark.parametrize(
    "record",
    [
        a_supporter(slack="T1/U1", busy_until=NOW + 600, console_until=NOW + 60),
        a_conversation(desk="slack", paused_until=NOW + 300),
        an_entry(3, answers=1, body={"file": "f1", "size": 12, "seconds": None}),
    ],
)
def test_new_fields_come_back(record: Supporter | Conversation | Entry) -> None:
    decode = {Supporter: codec.supporter, Conversation: codec.conversation, Entry: codec.entry}[type(record)]
    assert decode(codec.encode(record)) == record


@pytest.mark.parametrize("change", [{"console_until": NOW + 60}, {"present_until": NOW + 60}, {"version": 7}])
def test_renewing_leaves_a_supporters_face_as_it_is(change: dict[str, Any]) -> None:
    assert codec.supporter_face(replace(a_supporter(), **change)) == codec.supporter_face(a_supporter())


@pytest.mark.parametrize("change", [{"busy_until": NOW + 60}, {"presence": Presence.BUSY}, {"slack": "T1/U1"}])
def test_what_a_desk_shows_changes_a_supporters_face(change: dict[str, Any]) -> None:
    assert codec.supporter_face(replace(a_supporter(), **change)) != codec.supporter_face(a_supporter())
