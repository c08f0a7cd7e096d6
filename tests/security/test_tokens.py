"""Tokens and sessions: long enough, made anew, over when they should be, and replaceable."""

from __future__ import annotations

import secrets

import pytest

from connectors.web.sessions import Sessions, fresh
from handoff.signin import make_link, redeem, sign_out, who
from tests.console.house import make_house
from tests.security.sbom import PINS, bill, pins
from tests.security.secret_scan import findings, judgements

OLD, NEW, OTHER = "old " * 10, "new " * 10, "other " * 10


def now() -> float:
    return 1_790_000_000.0


def test_a_secret_that_is_replaced_signs_nobody_out() -> None:
    """Tokens of before are read, and renewed with the new secret; once the old one is taken away they are over."""
    session = fresh()
    before = Sessions(OLD, "main", 3600, now).token(session)
    both = Sessions(NEW, "main", 3600, now, before=OLD)
    assert both.read(before).address == session.address
    renewed = both.token(both.read(before))
    only_new = Sessions(NEW, "main", 3600, now)
    assert only_new.read(renewed).address == session.address
    assert only_new.read(before).renewed == "forged"
    assert Sessions(OTHER, "main", 3600, now, before=NEW).read(before).renewed == "forged"


def test_who_somebody_is_cannot_be_guessed() -> None:
    """128 random bits for a seeker, 256 for a link and for a session, none of them twice."""
    seekers = {fresh().address.id for _ in range(1000)}
    assert len(seekers) == 1000
    assert all(len(bytes.fromhex(each)) == 16 for each in seekers)
    assert len(secrets.token_urlsafe(32)) >= 43


async def test_a_session_is_never_the_link_it_came_from_and_each_sign_in_has_its_own() -> None:
    desk = make_house()
    await desk.hire("Mira")
    first, second = await desk.link("mira"), await desk.link("mira")
    sessions = [await redeem(desk.store, link, desk.clock()) for link in (first, second)]
    assert len({first, second, *sessions}) == 4
    assert all(len(each or "") >= 43 for each in sessions)


async def test_signing_out_everywhere_ends_every_session_and_every_link() -> None:
    desk = make_house()
    await desk.hire("Mira")
    await desk.hire("Sam")
    mira, again, sam = [await desk.session(name) for name in ("mira", "mira", "sam")]
    link = await make_link(desk.store, "mira", desk.clock())
    await desk.store.end_sessions(supporter="mira")
    assert [await who(desk.store, each, desk.clock()) is not None for each in (mira, again, sam)] == [
        False,
        False,
        True,
    ]
    assert await redeem(desk.store, link, desk.clock()) is None
    await sign_out(desk.store, sam)
    assert await who(desk.store, sam, desk.clock()) is None


@pytest.mark.parametrize("path", PINS)
def test_the_bill_of_materials_names_every_pin(path: str) -> None:
    named = {(each["name"].lower().replace("_", "-"), each["version"]) for each in bill()["components"]}
    assert {(name.lower().replace("_", "-"), version) for name, version in pins(path)} <= named


def test_a_secret_would_be_found_and_each_that_was_judged_is_still_there() -> None:
    judged = judgements()
    found = {(path, kind) for path, kind, _ in findings(judged.content)}
    assert found == {(path, kind) for path, about in judged.content.items() for kind in _kinds(about)}
    assert all(about["why"] for about in judged.content.values())


def _kinds(about: dict[str, object]) -> list[str]:
    kinds = about["kinds"]
    assert isinstance(kinds, list)
    return kinds
