"""Signing in: links work once and only for whoever presses the button, sessions end when they should."""

from __future__ import annotations

import httpx
import pytest

from connectors.console.routes import COOKIE
from handoff.core.events import PresenceSet, SupporterRemoved
from handoff.core.supporter import Presence
from handoff.signin import LINK_SECONDS, SESSION_SECONDS
from tests.console.house import House, make_house, opened


async def post(house: House, path: str, *, origin: str | None = None, session: str = "") -> httpx.Response:
    cookies = {COOKIE: session} if session else {}
    async with httpx.AsyncClient(base_url=house.base, cookies=cookies) as browser:
        return await browser.post(path, headers={"Origin": origin or house.base})


async def get(house: House, path: str, *, session: str = "", **headers: str) -> httpx.Response:
    cookies = {COOKIE: session} if session else {}
    async with httpx.AsyncClient(base_url=house.base, cookies=cookies) as browser:
        return await browser.get(path, headers=headers)


async def test_a_link_that_was_only_looked_at_still_works(house: House) -> None:
    await house.hire("Mira")
    token = await house.link("mira")
    for _ in range(3):
        looked = await get(house, f"/console/sign-in/{token}")
        assert looked.status_code == 200
        assert COOKIE not in looked.cookies
    used = await post(house, f"/console/sign-in/{token}")
    assert (used.status_code, used.headers["location"]) == (303, "/console")
    assert (await get(house, "/console", session=used.cookies[COOKIE])).status_code == 200


async def test_a_link_works_once(house: House) -> None:
    await house.hire("Mira")
    token = await house.link("mira")
    assert (await post(house, f"/console/sign-in/{token}")).status_code == 303
    again = await post(house, f"/console/sign-in/{token}")
    assert again.status_code == 410
    assert "Ask your lead" in again.text
    assert COOKIE not in again.cookies


async def test_a_link_ends_with_its_time(house: House) -> None:
    await house.hire("Mira")
    token = await house.link("mira")
    house.clock.ahead = LINK_SECONDS + 1
    assert (await post(house, f"/console/sign-in/{token}")).status_code == 410


@pytest.mark.parametrize("token", ["x" * 43, "short", "<script>alert(1)</script>", "%00" * 30, "é" * 30])
async def test_a_made_up_link_opens_nothing(house: House, token: str) -> None:
    assert (await post(house, f"/console/sign-in/{token}")).status_code in (404, 410)
    assert "<script>alert" not in (await get(house, f"/console/sign-in/{token}")).text


async def test_a_removed_supporters_link_opens_nothing(house: House) -> None:
    await house.hire("Mira")
    token = await house.link("mira")
    await house.front.handle(SupporterRemoved(id="gone", supporter="mira"))
    assert (await post(house, f"/console/sign-in/{token}")).status_code == 410


async def test_another_site_cannot_press_the_button(house: House) -> None:
    await house.hire("Mira")
    token = await house.link("mira")
    for origin in ("https://elsewhere.example", "null", "http://127.0.0.1:1"):
        assert (await post(house, f"/console/sign-in/{token}", origin=origin)).status_code == 403
    assert (await post(house, f"/console/sign-in/{token}")).status_code == 303


async def test_the_cookie_is_for_this_desk_alone(house: House) -> None:
    await house.hire("Mira")
    used = await post(house, f"/console/sign-in/{await house.link('mira')}")
    cookie = used.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "samesite=strict", "path=/console"))
    assert "secure" not in cookie


async def test_the_cookie_is_secure_where_the_line_is_on_the_network() -> None:
    async with opened(make_house(secure_cookie=True)) as house:
        await house.hire("Mira")
        used = await post(house, f"/console/sign-in/{await house.link('mira')}")
        assert "secure" in used.headers["set-cookie"].lower()


async def test_without_a_session_one_is_told_to_ask_for_a_link(house: House) -> None:
    for session in ("", "forged", "x" * 43):
        sent = await get(house, "/console", session=session)
        assert (sent.status_code, sent.headers["location"]) == (303, "/console/sign-in")
        assert (await get(house, "/console/words", session=session)).status_code == 401
    assert "Ask your lead" in (await get(house, "/console/sign-in")).text


async def test_a_session_ends_with_its_time(house: House) -> None:
    await house.hire("Mira")
    session = await house.session("mira")
    assert (await get(house, "/console", session=session)).status_code == 200
    house.clock.ahead = SESSION_SECONDS + 1
    assert (await get(house, "/console", session=session)).status_code == 303


async def test_signing_out_ends_the_session_and_the_offers(house: House) -> None:
    await house.hire("Mira")
    session = await house.session("mira")
    gone = await post(house, "/console/sign-out", session=session)
    assert gone.headers["location"] == "/console/sign-in"
    assert (await get(house, "/console", session=session)).status_code == 303
    assert [event.presence for event in house.front.of(PresenceSet)] == [Presence.AWAY]


async def test_another_site_cannot_sign_anybody_out(house: House) -> None:
    await house.hire("Mira")
    session = await house.session("mira")
    assert (
        await post(house, "/console/sign-out", session=session, origin="https://elsewhere.example")
    ).status_code == 403
    assert (await get(house, "/console", session=session)).status_code == 200


async def test_a_link_outlives_a_store_that_is_down(house: House) -> None:
    await house.hire("Mira")
    token = await house.link("mira")
    house.store.down = True
    told = await post(house, f"/console/sign-in/{token}")
    assert (told.status_code, "still works" in told.text) == (503, True)
    assert (await get(house, "/console/words", session="some")).status_code == 503
    house.store.down = False
    assert (await post(house, f"/console/sign-in/{token}")).status_code == 303


async def test_whoever_comes_from_another_site_gets_in_all_the_same(house: House) -> None:
    page = await get(house, "/console", **{"Sec-Fetch-Site": "cross-site"})
    assert page.status_code == 200
    assert 'http-equiv="refresh"' in page.text


async def test_pages_are_kept_nowhere_and_load_nothing_from_elsewhere(house: House) -> None:
    await house.hire("Mira")
    session = await house.session("mira")
    for path in ("/console", "/console/words", "/console/sign-in"):
        page = await get(house, path, session=session)
        assert page.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert "http://" not in page.text
        assert "https://" not in page.text


@pytest.mark.parametrize("name", ["../routes.py", "..%2froutes.py", "%2e%2e/routes.py", "nothing.js", ""])
async def test_only_the_pages_own_files_are_served(house: House, name: str) -> None:
    assert (await get(house, f"/console/static/{name}")).status_code in (404, 405)
