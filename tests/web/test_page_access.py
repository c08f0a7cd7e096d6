"""The chat page for everybody: axe in every state, keyboard alone, screen readers, small screens, no motion."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from handoff.core.entries import Button, EntryKind, Speaker
from tests.web.browser import violations
from tests.web.conftest import Visitors
from tests.web.fake_front import CRISIS_WORDS, RESOURCE
from tests.web.house import House, eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")

SIZES = {"wide": {"width": 1280, "height": 860}, "small": {"width": 320, "height": 640}}


async def write(page: Page, text: str) -> None:
    await page.get_by_label("Your message").fill(text)
    await page.keyboard.press("Enter")


async def greeted(live: House, page: Page) -> None:
    await expect(page.get_by_role("log")).to_contain_text("Hi, I'm a bot.")


async def talking(live: House, page: Page) -> None:
    await greeted(live, page)
    await write(page, "hello")
    await expect(page.get_by_role("log")).to_contain_text("I heard: hello")
    await live.front.say("and a person", speaker=Speaker.SUPPORTER, name="Sam", buttons=[Button("Thanks", "/x")])
    await live.front.say("a notice", speaker=Speaker.SYSTEM, kind=EntryKind.NOTICE)
    await expect(page.get_by_role("log")).to_contain_text("a notice")


async def in_crisis(live: House, page: Page) -> None:
    await write(page, CRISIS_WORDS)
    await expect(page.get_by_role("region", name="Urgent help")).to_be_visible()


async def waiting(live: House, page: Page) -> None:
    live.front.now = {"phase": "waiting", "position": 3, "estimate": (5, 15), "supporter": "", "staffed": True}
    await write(page, "a person please")
    await expect(page.get_by_role("region", name="While you wait")).to_be_visible()


async def with_a_resource(live: House, page: Page) -> None:
    await greeted(live, page)
    await live.front.say("Maybe this.", kind=EntryKind.RESOURCE, body=RESOURCE)
    await page.get_by_text("Show it").click()


async def exercising(live: House, page: Page) -> None:
    await page.get_by_role("button", name="Menu").click()
    await page.get_by_role("button", name="Breathing exercise").click()
    await page.get_by_role("button", name="Begin").click()
    await expect(page.locator(".step")).to_contain_text("Breathe in")


async def giving_feedback(live: House, page: Page) -> None:
    await greeted(live, page)
    await live.front.say(kind=EntryKind.FEEDBACK, body={"conversation": "c1"})
    await page.get_by_label("Quite").check()


async def in_the_menu(live: House, page: Page) -> None:
    await page.get_by_role("button", name="Menu").click()


async def reading_privacy(live: House, page: Page) -> None:
    await in_the_menu(live, page)
    await page.get_by_role("button", name="What is kept").click()


async def about_to_delete(live: House, page: Page) -> None:
    await in_the_menu(live, page)
    await page.get_by_role("button", name="Delete my conversation").click()


async def offline(live: House, page: Page) -> None:
    await greeted(live, page)
    await page.context.set_offline(True)
    await write(page, "kept")
    await expect(page.locator("#banner")).to_contain_text("You are offline.")


async def urgent_while_away(live: House, page: Page) -> None:
    await offline(live, page)
    await page.get_by_role("button", name="Urgent help", exact=True).click()
    await expect(page.get_by_role("region", name="Urgent help")).to_be_visible()


STATES = [
    greeted, talking, in_crisis, waiting, with_a_resource, exercising, giving_feedback, in_the_menu, reading_privacy,
    about_to_delete, offline, urgent_while_away,
]  # fmt: skip


@pytest.mark.parametrize(("size", "scheme"), [("wide", "light"), ("small", "dark")])
@pytest.mark.parametrize("state", STATES)
async def test_axe_finds_nothing(
    live: House, visitors: Visitors, state: Callable[[House, Page], Awaitable[None]], size: str, scheme: str
) -> None:
    page = await visitors.page(viewport=SIZES[size], color_scheme=scheme)
    await greeted(live, page)
    await state(live, page)
    assert await violations(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("state", [talking, in_crisis, waiting, with_a_resource, giving_feedback, in_the_menu])
async def test_everything_to_tap_is_large_enough(
    live: House, visitors: Visitors, state: Callable[[House, Page], Awaitable[None]]
) -> None:
    page = await visitors.page(viewport=SIZES["small"])
    await greeted(live, page)
    await state(live, page)
    small = await page.evaluate(
        """() => [...document.querySelectorAll("button, a[href], select, summary, .choices label")]
            .filter((each) => each.checkVisibility() && !each.matches(".skip"))
            .filter((each) => { const box = each.getBoundingClientRect(); return box.width < 24 || box.height < 24; })
            .map((each) => each.outerHTML)"""
    )
    assert small == []


async def test_the_whole_path_by_keyboard_alone(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await greeted(live, page)
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to your message")).to_be_focused()
    for name in ("Urgent help", "Leave quickly", "Menu"):
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("button", name=name)).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Menu")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Menu")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("log")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Yes, that's okay")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Your message")).to_be_focused()
    await page.keyboard.type("typed by keyboard")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Send")).to_be_focused()
    await page.keyboard.press("Space")
    await expect(page.get_by_role("log")).to_contain_text("I heard: typed by keyboard")


async def test_whatever_has_the_focus_shows_it(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await greeted(live, page)
    for _ in range(8):
        await page.keyboard.press("Tab")
        outline = await page.evaluate(
            "() => { const style = getComputedStyle(document.activeElement);"
            " return [style.outlineStyle, parseFloat(style.outlineWidth)]; }"
        )
        assert outline[0] == "solid"
        assert outline[1] >= 2


async def test_new_messages_are_announced_and_old_ones_are_not(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await greeted(live, page)
    log = page.get_by_role("log", name="Conversation")
    await expect(log).to_have_attribute("aria-live", "polite")
    await write(page, "first")
    await expect(log).to_contain_text("I heard: first")
    await page.add_init_script(
        """window.heard = [];
        document.addEventListener("DOMContentLoaded", () => {
          const log = document.getElementById("log");
          new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach((node) =>
            window.heard.push([log.getAttribute("aria-live"), node.textContent])))).observe(log, { childList: true });
        });"""
    )
    await page.reload()
    await expect(log).to_contain_text("I heard: first")
    await live.front.say("something new", speaker=Speaker.SUPPORTER, name="Sam")
    await expect(log).to_contain_text("something new")
    heard = await page.evaluate("window.heard")
    assert [live_now for live_now, text in heard if "Hi, I'm a bot" in text] == ["off"]
    newest, announced = heard[-1]
    assert newest == "polite"
    assert "Sam supporter, a person" in announced


async def test_nothing_moves_for_somebody_who_asked_for_no_motion(live: House, visitors: Visitors) -> None:
    page = await visitors.page(reduced_motion="reduce")
    await exercising(live, page)
    assert await page.locator(".core").evaluate("(core) => getComputedStyle(core).transitionDuration") == "0s"
    assert await page.evaluate("document.getAnimations().length") == 0


async def test_the_circle_breathes_for_somebody_who_did_not(live: House, visitors: Visitors) -> None:
    page = await visitors.page(reduced_motion="no-preference")
    await exercising(live, page)
    assert await page.locator(".core").evaluate("(core) => getComputedStyle(core).transitionDuration") == "4s"
    await page.get_by_role("button", name="Stop").click()
    await expect(page.get_by_role("button", name="Begin")).to_be_focused()


async def test_a_page_of_twice_the_text_size_still_fits(live: House, visitors: Visitors) -> None:
    page = await visitors.page(viewport={"width": 640, "height": 800})
    await page.locator("html").evaluate("(root) => { root.style.fontSize = '200%' }")
    await talking(live, page)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await expect(page.get_by_role("button", name="Send")).to_be_in_viewport()
    await expect(page.get_by_role("button", name="Leave quickly")).to_be_in_viewport()


async def test_a_right_to_left_page_is_laid_out_from_the_right(live: House, visitors: Visitors) -> None:
    page = await visitors.page(viewport=SIZES["small"])
    await page.locator("html").evaluate("(root) => { root.dir = 'rtl' }")
    await talking(live, page)
    mine, theirs = page.locator(".from-seeker .bubble").first, page.locator(".from-supporter .bubble").first
    mine_at, theirs_at = await mine.bounding_box(), await theirs.bounding_box()
    assert mine_at is not None
    assert theirs_at is not None
    assert mine_at["x"] < theirs_at["x"]
    assert await violations(page) == []


async def test_somebody_without_javascript_is_told_what_to_do(live: House, visitors: Visitors) -> None:
    page = await visitors.page(java_script_enabled=False)
    await expect(page.get_by_role("heading", name="This chat needs JavaScript")).to_be_visible()
    await expect(page.locator("body")).to_contain_text("call your local emergency number now")
    await eventually(lambda: live.front.handled == [])
