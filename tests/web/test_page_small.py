"""Small things that a person notices: nothing said twice, and clocks as they are at home."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from handoff.core.entries import EntryKind
from tests.web.conftest import Visitors
from tests.web.fake_front import RESOURCE
from tests.web.house import House

pytestmark = [pytest.mark.asyncio(loop_scope="session")]


async def test_a_resources_title_is_said_once_and_other_words_stand_beside_it(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await expect(page.get_by_role("log")).to_contain_text("Hi, I'm a bot.")
    await live.front.say(RESOURCE["title"], kind=EntryKind.RESOURCE, body=RESOURCE)
    await live.front.say("Sam thought of you:", kind=EntryKind.RESOURCE, body=RESOURCE)
    await expect(page.locator(".kind-resource")).to_have_count(2)
    await expect(page.locator(".kind-resource .bubble")).to_have_text(["Sam thought of you:"])


@pytest.mark.parametrize(("locale", "shown"), [("en-GB", r"^\d?\d:\d\d$"), ("en-US", r"^\d?\d:\d\d\s[AP]M$")])
async def test_the_time_is_written_as_where_the_person_is(visitors: Visitors, locale: str, shown: str) -> None:
    page = await visitors.page(locale=locale)
    await expect(page.locator("time").first).to_have_text(re.compile(shown))
