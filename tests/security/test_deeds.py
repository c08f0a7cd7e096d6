"""Each frame of a desk x each role: who holds a conversation changes it, and what leads do is for leads."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from connectors.console.frames import Right
from connectors.console.parsing import AnyFrame
from tests.console.desk_client import desk_of
from tests.console.house import House, make_house, opened

Role = Literal["supporter", "holder", "lead"]
ANYBODY = frozenset[Role]({"supporter", "holder", "lead"})
HOLDER, HOLDER_OR_LEAD, LEAD = (
    frozenset[Role]({"holder"}),
    frozenset[Role]({"holder", "lead"}),
    frozenset[Role]({"lead"}),
)
TIERED = {"tier": "concern", "why": "w"}

FRAMES: dict[str, tuple[frozenset[Role], dict[str, Any]]] = {
    "hello": (ANYBODY, {}),
    "ping": (ANYBODY, {}),
    "presence": (ANYBODY, {"state": "busy"}),
    "search": (ANYBODY, {"text": "sleep"}),
    "accept": (ANYBODY, {}),
    "decline": (ANYBODY, {}),
    "unlook": (ANYBODY, {}),
    "read": (HOLDER, {"seq": 1}),
    "typing": (HOLDER, {}),
    "say": (HOLDER, {"text": "x"}),
    "edit": (HOLDER, {"text": "x", "refers": "a"}),
    "unsay": (HOLDER, {"refers": "a"}),
    "pause": (HOLDER, {}),
    "resource": (HOLDER, {"resource": "r"}),
    "release": (HOLDER, {}),
    "escalate": (HOLDER, {"why": "w"}),
    "close": (HOLDER, {"outcome": "other"}),
    "note": (HOLDER_OR_LEAD, {"text": "x"}),
    "transfer": (HOLDER_OR_LEAD, {"to": "supporter"}),
    "raise": (HOLDER_OR_LEAD, TIERED),
    "flag": (HOLDER_OR_LEAD, {"seq": 1, "verdict": "missed_risk"}),
    "report_seeker": (HOLDER_OR_LEAD, {"reason": "abusive"}),
    "block": (LEAD, {"reason": "abusive", "seconds": 3600}),
    "unblock": (LEAD, {}),
    "reports": (LEAD, {}),
    "report_open": (LEAD, {"report": 1}),
    "report_note": (LEAD, {"report": 1, "text": "x"}),
    "report_close": (LEAD, {"report": 1}),
    "takeover": (LEAD, {}),
    "lower": (LEAD, TIERED),
    "look": (LEAD, {}),
    "join": (LEAD, {}),
    "reviewed": (LEAD, {"outcome": "nothing_missed"}),
    "reviews": (LEAD, {}),
    "safeguarding": (LEAD, {}),
    "safeguarding_note": (LEAD, {"concern": 1, "text": "x"}),
    "ack": (LEAD, {"kind": "crisis"}),
}
"""Who may send what. `accept` is open to all because the offer decides: that is the core's law, tested there."""

_RIGHTS = {Right.DESK: ANYBODY, Right.HOLDER: HOLDER, Right.HOLDER_OR_LEAD: HOLDER_OR_LEAD, Right.LEAD: LEAD}
_UNANSWERED = ("hello", "ping", "read", "typing", "unlook")
_NO = ("not_yours", "leads_only")


def test_every_frame_has_its_row_and_asks_for_the_right_that_stands_there() -> None:
    asked = {str(kind.__struct_config__.tag): _RIGHTS[kind.right] for kind in AnyFrame.__args__}
    assert asked == {kind: who for kind, (who, _) in FRAMES.items()}


@pytest.mark.parametrize("role", sorted(ANYBODY))
async def test_each_role_may_send_what_it_may_and_is_refused_the_rest(role: Role) -> None:
    given = {}
    async with opened(make_house(gather_seconds=0.001)) as house:
        await _staffed(house)
        for kind, (_, fields) in FRAMES.items():
            held = (await house.give((await house.arrive()).id, "holder")).id
            given[kind] = await _may(house, role, kind, {"conversation": held, **fields})
    assert given == {kind: role in who for kind, (who, _) in FRAMES.items()}


async def _staffed(house: House) -> None:
    for name, is_lead in (("Supporter", False), ("Holder", False), ("Lead", True)):
        await house.hire(name, lead=is_lead)


async def _may(house: House, role: Role, kind: str, fields: dict[str, Any]) -> bool:
    async with desk_of(house, role) as desk:
        if kind in _UNANSWERED:
            await desk.send(kind, **fields)
            await desk.settled()
            refused = [frame["code"] for frame in desk.frames if frame["type"] == "refused"]
        else:
            answer = await desk.ask(kind, id=f"{role}-{kind}", **fields)
            refused = [answer["code"]] if answer["type"] == "refused" else []
    return not set(refused) & set(_NO)


@pytest.mark.parametrize("role", ["supporter", "lead"])
async def test_whoever_does_not_hold_a_conversation_is_shown_not_a_word_of_it(role: Role) -> None:
    async with opened(make_house()) as house:
        await _staffed(house)
        held = (await house.give((await house.arrive()).id, "holder")).id
        async with desk_of(house, role, after={held: [0, 0]}) as desk:
            await desk.settled()
            assert desk.texts(held) == []
