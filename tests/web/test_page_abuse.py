"""On the page: asking for somebody else, and reporting a supporter, of which nothing enters the conversation."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from handoff.core import events
from tests.web.conftest import Visitors
from tests.web.house import House, eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_somebody_else_is_one_choice_in_the_menu(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await page.get_by_role("button", name="Menu").click()
    await page.get_by_role("button", name="Talk with someone else").click()
    await eventually(lambda: live.front.of(events.SeekerTapped)[-1].payload == "warmline:another")


async def test_a_report_goes_to_the_leads_and_not_into_the_conversation(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await page.get_by_role("button", name="Menu").click()
    await page.get_by_role("button", name="Something is wrong with a supporter").click()
    await page.get_by_role("button", name="Send to the leads").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Please choose what it was.")
    await page.get_by_label("Hurtful or disrespectful").check()
    await page.get_by_label("In your own words").fill("she laughed at me")
    await page.get_by_role("button", name="Send to the leads").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Thank you for telling us.")
    [report] = live.front.of(events.SupporterReported)
    assert (report.reason, report.words) == ("hurtful", "she laughed at me")
    await page.get_by_role("dialog").get_by_role("button", name="Close", exact=True).click()
    await expect(page.get_by_role("log")).not_to_contain_text("laughed")


async def test_words_behind_the_command_open_the_report_and_are_not_sent_to_the_supporter(
    live: House, visitors: Visitors
) -> None:
    page = await visitors.page()
    await page.get_by_label("Your message").fill("/report she laughed at me")
    await page.get_by_label("Your message").press("Enter")
    await expect(page.get_by_label("In your own words")).to_have_value("she laughed at me")
    assert not live.front.of(events.SeekerWrote)
    await expect(page.get_by_role("log")).not_to_contain_text("laughed")


async def test_a_report_that_waits_for_the_connection_is_not_shown_after_a_reload(
    live: House, visitors: Visitors
) -> None:
    page = await visitors.page()
    live.store.down = True
    await page.get_by_label("Your message").fill("/report")
    await page.get_by_label("Your message").press("Enter")
    await page.get_by_label("Something else", exact=True).check()
    await page.get_by_label("In your own words").fill("she laughed at me")
    await page.get_by_role("button", name="Send to the leads").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Sending…")
    live.store.down = False
    await expect(page.get_by_role("dialog")).to_contain_text("Thank you for telling us.", timeout=20_000)
    await page.reload()
    await expect(page.get_by_role("log")).to_contain_text("Hi, I'm a bot.")
    await expect(page.get_by_role("log")).not_to_contain_text("laughed")
