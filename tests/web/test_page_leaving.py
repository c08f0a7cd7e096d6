"""Leaving quickly: by button, by key, from every tab; and what is left behind, which is nothing."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.web.conftest import Visitors
from tests.web.house import House

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def in_a_talk(visitors: Visitors, **more: object) -> Page:
    page = await visitors.page("/weather", **more)
    await page.goto(page.url.replace("/weather", "/"))
    await page.get_by_label("Your message").fill("nobody may read this")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("I heard: nobody may read this")
    await page.get_by_label("Your message").press_sequentially("nor this draft")
    return page


async def nothing_is_left(page: Page) -> None:
    await expect(page.get_by_role("heading", name="Weather")).to_be_visible()
    assert await page.evaluate("[Object.keys(localStorage), Object.keys(sessionStorage)]") == [[], []]
    await page.go_back()
    await expect(page.get_by_role("heading", name="Weather")).to_be_visible()
    await expect(page.locator("body")).not_to_contain_text("nobody may read this")
    assert await page.evaluate("document.cookie") == ""


async def test_the_button_goes_to_a_neutral_page_and_leaves_nothing(live: House, visitors: Visitors) -> None:
    page = await in_a_talk(visitors)
    await page.get_by_role("button", name="Leave quickly").click()
    await page.wait_for_url("**/weather")
    await nothing_is_left(page)


async def test_escape_three_times_does_the_same(live: House, visitors: Visitors) -> None:
    page = await in_a_talk(visitors)
    for _ in range(3):
        await page.keyboard.press("Escape")
    await page.wait_for_url("**/weather")
    await nothing_is_left(page)


async def test_escape_three_times_works_inside_a_dialog(live: House, visitors: Visitors) -> None:
    page = await in_a_talk(visitors)
    await page.get_by_role("button", name="Menu").click()
    for _ in range(3):
        await page.keyboard.press("Escape")
    await page.wait_for_url("**/weather")


async def test_a_dialog_has_its_own_button_to_leave(live: House, visitors: Visitors) -> None:
    page = await in_a_talk(visitors)
    await page.get_by_role("button", name="Menu").click()
    await page.get_by_role("dialog").get_by_role("button", name="Leave quickly").click()
    await page.wait_for_url("**/weather")


async def test_escape_twice_stays(live: House, visitors: Visitors) -> None:
    page = await in_a_talk(visitors)
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("log")).to_contain_text("nobody may read this")
    assert not page.url.endswith("/weather")


async def test_the_other_tabs_leave_as_well(live: House, visitors: Visitors) -> None:
    page = await in_a_talk(visitors)
    other = await visitors.tab(page)
    await expect(other.get_by_role("log")).to_contain_text("nobody may read this")
    await page.get_by_role("button", name="Leave quickly").click()
    await other.wait_for_url("**/weather")


async def test_leaving_works_although_nothing_else_of_the_page_does(live: House, visitors: Visitors) -> None:
    page = await visitors.page("/weather")
    await page.route("**/main.js", lambda route: route.abort())
    await page.goto(live.url)
    await page.get_by_role("button", name="Leave quickly").click()
    await page.wait_for_url("**/weather")


async def test_whoever_comes_back_is_a_stranger(live: House, visitors: Visitors) -> None:
    page = await in_a_talk(visitors)
    await page.get_by_role("button", name="Leave quickly").click()
    await page.wait_for_url("**/weather")
    await page.goto(live.url)
    await expect(page.get_by_role("log")).to_contain_text("Hi, I'm a bot.")
    await expect(page.get_by_role("log")).not_to_contain_text("nobody may read this")
    await expect(page.get_by_label("Your message")).to_have_value("")
