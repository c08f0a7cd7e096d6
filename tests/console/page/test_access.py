"""Every state of the desk, by night and by day, wide and narrow: no violation that axe knows."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect

from handoff.core.entries import Speaker
from handoff.core.risk import Tier
from tests.console.house import CARD_ENTRY, House
from tests.console.page.browser import open_desk
from tests.web.browser import violations

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.parametrize(("theme", "width"), [("dark", 1280), ("light", 1280), ("dark", 800), ("light", 390)]),
]


async def furnish(house: House) -> None:
    await house.hire("Mira")
    await house.hire("Sam")
    await house.hire("Joan", lead=True)
    one = await house.give((await house.arrive("Robin", preferences=("has moved too",))).id, "mira")
    two = await house.give((await house.arrive("Alex", tier=Tier.PASSIVE, why="wishes not to be here")).id, "mira")
    await house.change(two.id, card_seq=8)
    await house.say(two.id, Speaker.SYSTEM, "", **CARD_ENTRY)
    await house.say(one.id, Speaker.SUPPORTER, "Hello Robin", name="Mira")
    await house.say(one.id, Speaker.SEEKER, "hi")
    waiting = await house.arrive("", tier=Tier.IMMINENT, why="spoke of a plan", waited=500)
    await house.change(waiting.id, assigned_to="mira")
    await house.arrive("", tier=Tier.CONCERN, waited=90)
    await house.alarm(waiting.id, "Somebody in danger waits.")
    await house.alarm(one.id, "Mira asks a lead to look.", kind="escalated", urgent=False)


async def dialogs(page: Page) -> list[str]:
    found = []
    for name in ("Pass to someone…", "Ask a lead to look…", "Raise urgency…", "Back to the queue…"):
        await page.keyboard.press("Alt+x")
        await page.get_by_role("button", name=name).click()
        found += await violations(page)
        await page.keyboard.press("Escape")
    for keys in ("Alt+r", "Alt+s", "Alt+k"):
        await page.keyboard.press(keys)
        found += await violations(page)
        await page.keyboard.press("Escape")
    return found


async def test_a_supporters_desk_is_for_everyone(house: House, browser: Browser, theme: str, width: int) -> None:
    await furnish(house)
    page = await open_desk(browser, house, "mira", theme=theme, width=width)
    await expect(page.locator(".room.front .joined")).to_be_visible()
    await page.locator(".room.front .composer-box").focus()
    assert await violations(page) == []
    await page.keyboard.press("Alt+n")
    assert await violations(page) == []
    assert await dialogs(page) == []
    await page.locator(".offer").first.get_by_role("button", name="Not for me").click()
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    house.store.down = True
    await expect(page.locator(".banner.trouble")).to_be_visible()
    assert await violations(page) == []


async def test_a_leads_desk_is_for_everyone(house: House, browser: Browser, theme: str, width: int) -> None:
    await furnish(house)
    page = await open_desk(browser, house, "joan", theme=theme, width=width)
    await page.get_by_role("button", name="Show everybody").click()
    assert await violations(page) == []
    await page.get_by_role("region", name="Talking now").get_by_role("button", name="Read along").first.click()
    await expect(page.get_by_text("You are reading along.")).to_be_visible()
    assert await violations(page) == []


async def test_the_way_in_is_for_everyone(house: House, browser: Browser, theme: str, width: int) -> None:
    await house.hire("Mira")
    page = await open_desk(browser, house, "mira", theme=theme, width=width)
    for path in ("sign-in", f"sign-in/{await house.link('mira')}", "sign-in/over"):
        await page.goto(f"{house.base}/console/{path}")
        assert await violations(page) == []
