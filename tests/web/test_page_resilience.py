"""The chat page when things go away: reload, network, server, store, and two tabs at once."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Page, Route, expect

from handoff.core import events
from handoff.ports import Refused
from tests.web.conftest import Visitors
from tests.web.fake_front import CARD, CRISIS_WORDS
from tests.web.house import House, eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def write(page: Page, *texts: str) -> None:
    for text in texts:
        await page.get_by_label("Your message").fill(text)
        await page.keyboard.press("Enter")


async def shown(page: Page) -> list[str]:
    """What stands in the feed, in order."""
    texts: list[str] = await page.locator("#log .words").all_inner_texts()
    return texts


async def test_a_reload_shows_the_same_and_keeps_the_draft(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await write(page, "one", "two")
    await expect(page.get_by_role("log")).to_contain_text("I heard: two")
    before = await shown(page)
    await page.get_by_label("Your message").press_sequentially("half a thou")
    await page.reload()
    await expect(page.get_by_role("log")).to_contain_text("I heard: two")
    assert await shown(page) == before
    await expect(page.get_by_label("Your message")).to_have_value("half a thou")
    assert len({each.seeker for each in live.front.of(events.SeekerOpened)}) == 1


async def test_what_was_typed_before_the_page_was_ready_stays(live: House, visitors: Visitors) -> None:
    page = await visitors.page("/weather")
    typed = asyncio.Event()

    async def late(route: Route) -> None:
        await typed.wait()
        await route.continue_()

    await page.route("**/main.js", late)
    await page.goto(live.url, wait_until="commit")
    await page.get_by_label("Your message").fill("can anybody he")
    typed.set()
    await expect(page.get_by_role("log")).to_contain_text("Hi, I'm a bot.")
    await expect(page.get_by_label("Your message")).to_have_value("can anybody he")


async def test_words_written_offline_are_kept_and_sent_in_order_once(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await expect(page.get_by_role("log")).to_contain_text("Hi, I'm a bot.")
    await page.context.set_offline(True)
    await expect(page.locator("#banner")).to_contain_text("You are offline.")
    await write(page, "first", "second", "third")
    await expect(page.locator(".pending")).to_have_count(3)
    await expect(page.locator(".pending .tick").last).to_have_text("Kept here, not sent yet")
    await page.context.set_offline(False)
    await expect(page.get_by_role("log")).to_contain_text("I heard: third")
    await expect(page.locator(".pending")).to_have_count(0)
    await expect(page.locator("#banner")).to_have_text("")
    assert [each.text for each in await live.front.feed() if each.refers] == ["first", "second", "third"]


async def test_words_survive_a_reload_while_the_server_is_gone(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await expect(page.get_by_role("log")).to_contain_text("Hi, I'm a bot.")
    await live.stop()
    await expect(page.locator("#banner")).to_contain_text("The connection was lost.")
    await write(page, "are you there?")
    await live.start()
    await page.reload()
    await expect(page.get_by_role("log")).to_contain_text("I heard: are you there?")
    assert [each.text for each in await live.front.feed() if each.refers] == ["are you there?"]


async def test_a_restarted_server_is_found_again_without_a_reload(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await write(page, "before")
    await expect(page.get_by_role("log")).to_contain_text("I heard: before")
    await live.stop()
    await write(page, "in between")
    await live.start()
    await expect(page.get_by_role("log")).to_contain_text("I heard: in between", timeout=20_000)
    await write(page, "after")
    await expect(page.get_by_role("log")).to_contain_text("I heard: after")
    assert [each.text for each in await live.front.feed() if each.refers] == ["before", "in between", "after"]


async def test_an_answer_that_was_lost_leads_to_the_same_id_again_and_one_entry(
    live: House, visitors: Visitors
) -> None:
    page = await visitors.page()
    await expect(page.get_by_role("log")).to_contain_text("Hi, I'm a bot.")
    saved, go_on = asyncio.Event(), asyncio.Event()
    handle = live.front.handle

    async def slow(event: events.Event) -> object:
        reply = await handle(event)
        if isinstance(event, events.SeekerWrote):
            saved.set()
            await go_on.wait()
        return reply

    live.front.handle = slow  # type: ignore[method-assign, assignment]
    await write(page, "only once, please")
    await saved.wait()
    await page.context.set_offline(True)
    await expect(page.locator("#banner")).to_contain_text("You are offline.")
    go_on.set()
    await page.context.set_offline(False)
    await eventually(lambda: len(live.front.of(events.SeekerOpened)) == 2)
    await expect(page.get_by_role("log")).to_contain_text("I heard: only once, please")
    await expect(page.locator(".pending")).to_have_count(0)
    assert (await shown(page)).count("only once, please") == 1
    assert [each.text for each in await live.front.feed() if each.refers] == ["only once, please"]


async def test_two_tabs_show_the_same(live: House, visitors: Visitors) -> None:
    one = await visitors.page()
    await expect(one.get_by_role("log")).to_contain_text("Hi, I'm a bot.")
    two = await visitors.tab(one)
    await write(one, "from the first tab")
    await expect(two.get_by_role("log")).to_contain_text("I heard: from the first tab")
    await write(two, "from the second tab")
    await expect(one.get_by_role("log")).to_contain_text("I heard: from the second tab")
    await expect(one.locator(".pending")).to_have_count(0)
    await expect(two.locator(".pending")).to_have_count(0)
    assert await shown(one) == await shown(two)


async def test_two_tabs_opened_at_once_are_one_person(live: House, visitors: Visitors) -> None:
    page = await visitors.page("/weather")
    other = await page.context.new_page()
    await asyncio.gather(page.goto(live.url), other.goto(live.url))
    for each in (page, other):
        await expect(each.get_by_role("log")).to_contain_text("Hi, I'm a bot.")
    assert len({each.seeker for each in live.front.of(events.SeekerOpened)}) == 1


async def test_with_the_store_down_words_wait_and_the_card_is_shown(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await expect(page.get_by_role("log")).to_contain_text("Hi, I'm a bot.")
    live.store.down = True
    await write(page, CRISIS_WORDS)
    card = page.get_by_role("region", name="Urgent help")
    await expect(card.get_by_role("link", name="Call 999")).to_be_visible()
    await expect(page.locator("#banner")).to_contain_text("could not be saved just now")
    await expect(page.locator(".pending .tick")).to_have_text("Kept here, not sent yet")
    live.store.down = False
    await expect(page.locator(".pending")).to_have_count(0, timeout=20_000)
    await expect(card).to_have_count(1)
    assert [each.text for each in await live.front.feed() if each.refers] == [CRISIS_WORDS]


async def test_urgent_help_is_shown_although_the_service_cannot_be_reached(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await expect(page.get_by_role("log")).to_contain_text("Hi, I'm a bot.")
    await live.stop()
    await expect(page.locator("#banner")).to_contain_text("The connection was lost.")
    await page.get_by_role("button", name="Urgent help", exact=True).click()
    card = page.get_by_role("region", name="Urgent help")
    await expect(card.get_by_role("heading")).to_have_text(str(CARD["headline"]))
    await live.start()
    await eventually(lambda: live.front.of(events.SeekerTapped))
    await expect(card).to_have_count(1)


async def test_urgent_help_is_shown_although_the_store_is_down(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await expect(page.get_by_role("log")).to_contain_text("Hi, I'm a bot.")
    live.store.down = True
    await page.get_by_role("button", name="Urgent help", exact=True).click()
    await expect(page.get_by_role("region", name="Urgent help").get_by_role("link", name="Call 999")).to_be_visible()
    live.store.down = False


async def test_refused_words_say_why_and_can_be_edited(live: House, visitors: Visitors) -> None:
    live.front.refusals["too late"] = Refused("gone", "This conversation is over. Write again to begin a new one.")
    page = await visitors.page()
    await expect(page.get_by_role("log")).to_contain_text("Hi, I'm a bot.")
    await write(page, "too late")
    await expect(page.locator(".unsent")).to_contain_text("Not sent. This conversation is over.")
    await page.get_by_role("button", name="Put it back to edit").click()
    await expect(page.get_by_label("Your message")).to_have_value("too late")
    await expect(page.locator(".unsent")).to_have_count(0)


async def test_a_session_that_ran_out_is_said(live: House, visitors: Visitors) -> None:
    page = await visitors.page()
    await write(page, "old words")
    await expect(page.get_by_role("log")).to_contain_text("I heard: old words")
    live.clock.ahead = live.options.session_seconds + 60
    await page.reload()
    await expect(page.locator("#banner")).to_contain_text("It has been a while, so this is a new conversation.")
    await expect(page.get_by_role("log")).to_contain_text("Hi, I'm a bot.")
    await expect(page.get_by_role("log")).not_to_contain_text("old words")
