"""Sign-in links and sessions, kept by hash."""

from __future__ import annotations

import time

from handoff.ports import SignIn, Store
from tests.store.making import NOW


async def test_a_link_works_once(store: Store) -> None:
    link = SignIn("sam", NOW + 900)
    await store.keep_sign_in("digest", link, once=True, now=NOW)
    assert await store.session("digest") is None
    assert await store.take_sign_in("digest") == link
    assert await store.take_sign_in("digest") is None


async def test_a_session_lasts_and_is_no_link(store: Store) -> None:
    await store.keep_sign_in("digest", SignIn("sam", NOW + 900), once=False, now=NOW)
    assert await store.take_sign_in("digest") is None
    assert await store.session("digest") == await store.session("digest") == SignIn("sam", NOW + 900)


async def test_one_session_ends_alone(store: Store) -> None:
    for digest in ("one", "two"):
        await store.keep_sign_in(digest, SignIn("sam", NOW + 900), once=False, now=NOW)
    await store.end_sessions(digest="one")
    assert await store.session("one") is None
    assert await store.session("two") is not None


async def test_all_of_a_supporters_sessions_and_links_end_together(store: Store) -> None:
    for supporter in ("sam", "lee"):
        await store.keep_sign_in(f"{supporter}-session", SignIn(supporter, NOW + 900), once=False, now=NOW)
        await store.keep_sign_in(f"{supporter}-link", SignIn(supporter, NOW + 900), once=True, now=NOW)
    await store.end_sessions(supporter="sam")
    assert await store.session("sam-session") is None
    assert await store.take_sign_in("sam-link") is None
    assert await store.session("lee-session") is not None
    assert await store.take_sign_in("lee-link") is not None


async def test_what_has_expired_is_gone(store: Store) -> None:
    await store.keep_sign_in("past", SignIn("sam", NOW - 1), once=False, now=NOW)
    assert await store.session("past") is None
    await store.keep_sign_in("soon", SignIn("sam", NOW + 0.05), once=False, now=NOW)
    end = time.monotonic() + 10
    while await store.session("soon") is not None:
        assert time.monotonic() < end, "the session did not expire"
