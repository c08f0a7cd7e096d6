"""The addresses of the web chat over plain HTTP: headers, languages, what is there and what is not."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from connectors.web.page import direction
from handoff.main import create_app
from handoff.settings import Settings
from tests.web.house import House, house


@pytest.mark.parametrize("path", ["/", "/chat"])
async def test_the_page_forbids_everything_but_its_own_files(chat: House, path: str) -> None:
    async with httpx.AsyncClient(base_url=chat.url) as client:
        answer = await client.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "<style" not in answer.text
    assert "set-cookie" not in answer.headers


async def test_only_allowed_websites_may_frame_the_page() -> None:
    async with (
        house(allowed_origins=("https://help.example",)) as chat,
        httpx.AsyncClient(base_url=chat.url) as client,
    ):
        policy = (await client.get("/")).headers["content-security-policy"]
    assert "frame-ancestors 'self' https://help.example;" in policy


@pytest.mark.parametrize(
    ("query", "accepts", "language"),
    [
        ("", "", "en"), ("", "es-MX,es;q=0.9,en;q=0.8", "es"), ("", "de,fr;q=0.5", "en"), ("?lang=es", "en", "es"),
        ("?lang=xx", "es", "es"), ("?lang=<script>", "", "en"),
    ],
)  # fmt: skip
async def test_the_page_speaks_the_language_asked_for(chat: House, query: str, accepts: str, language: str) -> None:
    async with httpx.AsyncClient(base_url=chat.url) as client:
        answer = await client.get(f"/{query}", headers={"accept-language": accepts})
    assert f'<html lang="{language}" dir="ltr"' in answer.text


async def test_files_are_asked_for_again_and_not_sent_again(chat: House) -> None:
    async with httpx.AsyncClient(base_url=chat.url) as client:
        for path in ("/chat/static/main.js", "/chat/facts/en.json", "/embed.js"):
            first = await client.get(path)
            again = await client.get(path, headers={"if-none-match": first.headers["etag"]})
            assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
            assert first.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", ["page.html", "nothing.js", "..%2Froutes.py", "%2e%2e%2f%2e%2e%2fvisit.py", ""])
async def test_nothing_else_is_there(chat: House, name: str) -> None:
    async with httpx.AsyncClient(base_url=chat.url) as client:
        assert (await client.get(f"/chat/static/{name}")).status_code == 404


async def test_the_facts_hold_what_the_page_needs_and_no_secret(chat: House) -> None:
    async with httpx.AsyncClient(base_url=chat.url) as client:
        facts = (await client.get("/chat/facts/es.json")).json()
        unknown = (await client.get("/chat/facts/xx.json")).json()
    assert (facts["line"], facts["limit"], facts["languages"]) == ("Harbour Light", 4000, ["en", "es"])
    assert facts["urgent"]["emergency"]["dial"] == "999"
    assert unknown["language"] == "en"
    assert chat.options.session_secret not in str(facts)
    assert chat.options.session_secret not in repr(chat.options)


async def test_the_widget_knows_its_words_in_every_language(chat: House) -> None:
    async with httpx.AsyncClient(base_url=chat.url) as client:
        answer = await client.get("/embed.js")
    assert "__TEXTS__" not in answer.text
    assert "Habla con nosotros" in answer.text
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


def test_right_to_left_languages_are_known() -> None:
    assert (direction("ar"), direction("he"), direction("en")) == ("rtl", "rtl", "ltr")


async def test_a_line_settles_where_leaving_leads_and_what_the_tab_shows(
    make_settings: Callable[..., Settings],
) -> None:
    app = create_app(make_settings(leave_url="https://recipes.example/soup", page_title="Notes"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://warmline") as client:
        page = (await client.get("/")).text
    assert 'data-leave="https://recipes.example/soup"' in page
    assert "<title>Notes</title>" in page
