"""A card that does not know the country lets the person choose it, right there."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from handoff.core import events
from tests.web.browser import violations
from tests.web.conftest import Visitors
from tests.web.house import House

pytestmark = [pytest.mark.asyncio(loop_scope="session")]


async def test_the_country_is_chosen_on_the_card_and_its_numbers_come(live: House, visitors: Visitors) -> None:
    page = await visitors.page(viewport={"width": 320, "height": 640})
    await page.get_by_role("button", name="Urgent help", exact=True).click()
    card = page.get_by_role("region", name="Urgent help")
    await card.get_by_label("Which country are you in?").select_option(label="Spain")
    assert await violations(page) == []
    await card.get_by_role("button", name="Show numbers").click()
    await expect(card).to_have_count(2)
    tapped = live.front.of(events.SeekerTapped)[-1]
    assert (tapped.payload, tapped.label) == ("warmline:urgent:ES", "Urgent help: Spain")
    await expect(card.last.get_by_label("Are you somewhere else?")).to_have_value("ES")


async def test_nothing_chosen_sends_nothing_and_leads_to_the_choice(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await page.get_by_role("button", name="Urgent help", exact=True).click()
    card = page.get_by_role("region", name="Urgent help")
    await card.get_by_role("button", name="Show numbers").click()
    await expect(card.get_by_label("Which country are you in?")).to_be_focused()
    assert len(live.front.of(events.SeekerTapped)) == 1


async def test_the_country_chosen_is_told_from_then_on(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await page.get_by_role("button", name="Urgent help", exact=True).click()
    card = page.get_by_role("region", name="Urgent help")
    await card.get_by_label("Which country are you in?").select_option("GB")
    await card.get_by_role("button", name="Show numbers").click()
    await expect(card).to_have_count(2)
    await page.reload()
    await expect(card).to_have_count(2)
    assert live.front.of(events.SeekerOpened)[-1].country == "GB"
