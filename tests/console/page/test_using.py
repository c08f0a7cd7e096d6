"""The desk as a supporter uses it, in a real browser."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from handoff.core.conversation import Phase
from handoff.core.entries import Speaker
from handoff.core.events import MessageFlagged, NoteWritten, Released, Reviewed, SupporterRemoved, SupporterWrote
from handoff.core.risk import Tier
from handoff.core.supporter import Presence
from tests.console.house import House, make_house, opened
from tests.console.page.browser import open_desk
from tests.console.test_bad_input import XSS
from tests.console.test_reviews import ITEM

pytestmark = pytest.mark.asyncio(loop_scope="session")


def room(page: Page, conversation: str) -> str:
    return f'.room[data-conversation="{conversation}"]'


async def write(page: Page, conversation: str, text: str) -> None:
    box = page.locator(f"{room(page, conversation)} .composer-box")
    await box.fill(text)
    await box.press("Enter")


async def test_from_the_link_to_the_close(house: House, browser: Browser) -> None:
    await house.hire("Mira", presence=Presence.AWAY)
    waiting = await house.arrive("Robin")
    page = await browser.new_page()
    await page.goto(f"{house.base}/console/sign-in/{await house.link('mira')}")
    await page.get_by_role("button", name="Open my desk").click()
    await expect(page.get_by_text("Say that you are here")).to_be_visible()
    await expect(page.get_by_text("One person is waiting.")).to_be_visible()
    await page.get_by_text("Here", exact=True).click()
    await page.get_by_role("button", name="Accept").click()
    await expect(page.get_by_role("heading", name="Robin")).to_be_visible()
    await expect(page.get_by_label("Message to Robin")).to_be_focused()
    await write(page, waiting.id, "Hello Robin")
    await expect(page.locator(".from-supporter .words")).to_have_text("Hello Robin")
    await expect(page.locator(".from-supporter .line-state")).to_have_text("sent")
    known = await house.conversation(waiting.id)
    await house.store.mark(known.pseudonym, delivered=known.seq)
    await expect(page.locator(".from-supporter .line-state")).to_have_text("delivered")
    await house.store.mark(known.pseudonym, read=known.seq)
    await expect(page.locator(".from-supporter .line-state")).to_have_text("read")
    await house.say(waiting.id, Speaker.SEEKER, "hi Mira")
    await expect(page.locator(".from-seeker .words").last).to_have_text("hi Mira")
    await page.get_by_role("button", name="Close… the conversation with Robin").click()
    await page.get_by_role("button", name="Close the conversation").click()
    await expect(page.get_by_role("alert").filter(has_text="How did it end?")).to_be_visible()
    await page.get_by_label("They were listened to").check()
    await page.get_by_role("button", name="Close the conversation").click()
    await expect(page.get_by_text("Your desk is clear.")).to_be_visible()
    assert (await house.conversation(waiting.id)).outcome == "supported"


async def test_a_private_note_cannot_be_sent_by_accident(house: House, browser: Browser) -> None:
    await house.hire("Mira")
    held = await house.give((await house.arrive("Robin")).id, "mira")
    page = await open_desk(browser, house, "mira")
    note = page.get_by_label("Private note, not sent to Robin")
    await note.fill("first line")
    await note.press("Enter")
    await note.press_sequentially("second line")
    assert not house.front.of(SupporterWrote), "Enter in a note sends nothing anywhere"
    assert not house.front.of(NoteWritten)
    await page.get_by_role("button", name="Keep as note").click()
    await expect(page.locator(".note .words")).to_have_text("first line\nsecond line")
    await expect(page.get_by_label("Message to Robin")).to_have_value("")
    assert not house.front.of(SupporterWrote)
    assert [event.text for event in house.front.of(NoteWritten)] == ["first line\nsecond line"]
    colours = [
        await page.locator(f"{room(page, held.id)} {place}").evaluate("node => getComputedStyle(node).backgroundColor")
        for place in (".notes", ".room-foot")
    ]
    assert colours[0] != colours[1]


async def test_a_saved_reply_goes_into_the_box_and_waits(house: House, browser: Browser) -> None:
    await house.hire("Mira")
    held = await house.give((await house.arrive("Robin")).id, "mira")
    page = await open_desk(browser, house, "mira")
    await page.keyboard.press("Alt+r")
    await page.get_by_label("Find a reply").fill("volunteer")
    await page.keyboard.press("Enter")
    box = page.locator(f"{room(page, held.id)} .composer-box")
    await expect(box).to_have_value("Hello, I'm Mira, a volunteer here. I have time for you now.")
    await expect(box).to_be_focused()
    assert not house.front.of(SupporterWrote)


async def test_a_resource_is_found_and_sent(house: House, browser: Browser) -> None:
    await house.hire("Mira")
    await house.give((await house.arrive("Robin")).id, "mira")
    page = await open_desk(browser, house, "mira")
    await page.keyboard.press("Alt+s")
    await page.get_by_role("button", name="Send to Robin").click()
    await expect(page.get_by_role("dialog").get_by_text("Sent.")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator(".resource-title")).to_have_text("Breathing in a square")


async def test_a_reload_loses_no_draft_and_no_place(house: House, browser: Browser) -> None:
    await house.hire("Mira")
    held = await house.give((await house.arrive("Robin")).id, "mira")
    page = await open_desk(browser, house, "mira")
    await page.locator(".composer-box").fill("half a sentence")
    await page.get_by_label("Private note, not sent to Robin").fill("half a note")
    await page.reload()
    await expect(page.locator(".composer-box")).to_have_value("half a sentence")
    await expect(page.get_by_label("Private note, not sent to Robin")).to_have_value("half a note")
    await house.say(held.id, Speaker.SEEKER, "still there?")
    await expect(page.locator(".from-seeker .words").last).to_have_text("still there?")


async def test_words_survive_a_store_that_is_down_in_order_and_once(house: House, browser: Browser) -> None:
    await house.hire("Mira")
    held = await house.give((await house.arrive("Robin")).id, "mira")
    page = await open_desk(browser, house, "mira")
    await expect(page.locator(".joined")).to_be_visible()
    house.store.down = True
    for text in ("one", "two", "three"):
        await write(page, held.id, text)
    await expect(page.locator(".banner.trouble")).to_contain_text("Your words stay here")
    await expect(page.locator(".unsent .words")).to_have_text(["one", "two", "three"])
    await page.reload()
    house.store.down = False
    await expect(page.locator(".lines:not(.kept) .from-supporter .words")).to_have_text(
        ["one", "two", "three"], timeout=20000
    )
    await expect(page.locator(".unsent")).to_have_count(0)
    said = [entry.text for entry in await house.store.feed(held.pseudonym) if entry.speaker is Speaker.SUPPORTER]
    assert said == ["one", "two", "three"]


async def test_a_restarted_server_is_found_again_with_nothing_lost(browser: Browser) -> None:
    house = make_house()
    async with opened(house):
        await house.hire("Mira")
        held = await house.give((await house.arrive("Robin")).id, "mira")
        page = await open_desk(browser, house, "mira")
        await expect(page.locator(".joined")).to_be_visible()
    port = int(house.base.rsplit(":", 1)[1])
    await expect(page.locator(".banner")).to_contain_text("No connection")
    await write(page, held.id, "written meanwhile")
    await house.say(held.id, Speaker.SEEKER, "said meanwhile")
    async with opened(house, port):
        await expect(page.locator(".from-seeker .words").last).to_have_text("said meanwhile", timeout=20000)
        await expect(page.locator(".lines:not(.kept) .from-supporter .words")).to_have_text(["written meanwhile"])
        await expect(page.locator(".banner")).to_be_hidden()
        await page.close()
    said = [entry.text for entry in await house.store.feed(held.pseudonym)][-2:]
    assert said == ["said meanwhile", "written meanwhile"]


async def test_whoever_clicks_late_is_told_who_has_it(house: House, browser: Browser) -> None:
    await house.hire("Mira")
    await house.hire("Sam")
    waiting = await house.arrive("Robin")
    mira, sam = await asyncio.gather(open_desk(browser, house, "mira"), open_desk(browser, house, "sam"))
    seen = [await page.get_by_role("button", name="Accept").element_handle() for page in (mira, sam)]
    await asyncio.gather(*(button.evaluate("button => button.click()") for button in seen))
    holder = (await house.conversation(waiting.id)).supporter_name
    late, first = (mira, sam) if holder == "Sam" else (sam, mira)
    await expect(late.get_by_text(f"{holder} has this conversation.")).to_be_visible()
    await expect(first.get_by_role("heading", name="Robin")).to_be_visible()
    await expect(late.get_by_text("Nobody is waiting for you right now.")).to_be_visible()


async def test_a_conversation_that_was_taken_away_leaves_only_what_was_not_sent(house: House, browser: Browser) -> None:
    await house.hire("Mira")
    held = await house.give((await house.arrive("Robin")).id, "mira")
    page = await open_desk(browser, house, "mira")
    await page.locator(".composer-box").fill("I was about to say")
    await house.front.handle(Released(id="away", supporter="mira", conversation=held.id))
    await expect(page.get_by_text("This person is back in the queue, at their old place.").last).to_be_visible()
    await expect(page.locator(".gone-unsent blockquote")).to_have_text("I was about to say")
    await expect(page.get_by_text("since the move")).to_have_count(0)
    await page.get_by_role("button", name="Put away").click()
    await expect(page.get_by_text("Your desk is clear.")).to_be_visible()


async def test_a_removed_supporter_is_shown_out_and_nothing_stays(house: House, browser: Browser) -> None:
    await house.hire("Mira")
    await house.give((await house.arrive("Robin")).id, "mira")
    page = await open_desk(browser, house, "mira")
    await expect(page.locator(".joined")).to_be_visible()
    await house.front.handle(SupporterRemoved(id="gone", supporter="mira"))
    await expect(page.get_by_role("alert")).to_contain_text("Your access to this desk has ended.")
    await expect(page.get_by_text("Robin")).to_have_count(0)
    await page.get_by_role("link", name="Reload").click()
    await expect(page.get_by_text("Ask your lead for one")).to_be_visible()


async def test_markup_stays_words_everywhere_on_the_page(house: House, browser: Browser) -> None:
    await house.hire("Mira", lead=True)
    waiting = await house.arrive(XSS, topics=(XSS,), preferences=(XSS,), why=XSS, tier=Tier.CONCERN, modifiers=(XSS,))
    await house.arrive(XSS, topics=(XSS,), why=XSS, tier=Tier.CONCERN)
    held = await house.give(waiting.id, "mira")
    await house.alarm(held.id, XSS)
    page = await open_desk(browser, house, "mira")
    await write(page, held.id, XSS)
    await house.say(held.id, Speaker.SEEKER, XSS)
    await house.say(held.id, Speaker.SYSTEM, XSS)
    await house.say(held.id, Speaker.BOT, XSS)
    await page.get_by_label(f"Private note, not sent to {XSS}").fill(XSS)
    await page.get_by_role("button", name="Keep as note").click()
    await expect(page.locator(".note .words")).to_have_text(XSS)
    await page.get_by_role("button", name="Show everybody").click()
    await expect(page.locator(".from-supporter .words")).to_have_text(XSS)
    assert await page.locator("img[src='x']").count() == 0
    assert await page.evaluate("document.querySelectorAll('script:not([src])').length") == 0


async def test_everything_is_reached_without_a_mouse(house: House, browser: Browser) -> None:
    await house.hire("Mira")
    waiting = await house.arrive("Robin")
    page = await open_desk(browser, house, "mira")
    await expect(page.locator(".offer")).to_be_visible()
    await page.keyboard.press("Alt+w")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Message to Robin")).to_be_focused()
    await page.keyboard.type("Hello")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("Robin")
    await page.keyboard.press("Enter")
    await expect(page.locator(".from-supporter .words")).to_have_text("Hello\nRobin")
    await page.keyboard.press("Alt+n")
    await expect(page.get_by_label("Private note, not sent to Robin")).to_be_focused()
    await page.keyboard.press("Alt+m")
    await expect(page.get_by_label("Message to Robin")).to_be_focused()
    await page.keyboard.press("Alt+x")
    await expect(page.get_by_role("button", name="Pass to someone…")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="More")).to_be_focused()
    await page.keyboard.press("Alt+k")
    await expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="More")).to_be_focused()
    await page.keyboard.press("Alt+p")
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_text("You keep who you have. Nobody new.")).to_be_visible()
    assert (await house.conversation(waiting.id)).phase is Phase.LIVE


async def test_what_comes_in_is_announced_and_counted(house: House, browser: Browser) -> None:
    await house.hire("Mira")
    one = await house.give((await house.arrive("Robin")).id, "mira")
    two = await house.give((await house.arrive("Alex")).id, "mira")
    page = await open_desk(browser, house, "mira")
    await expect(page.locator(".joined")).to_have_count(2)
    await page.locator(f"{room(page, one.id)} .composer-box").focus()
    await house.say(two.id, Speaker.SEEKER, "hello?")
    await expect(page.locator('[aria-live="polite"]').filter(has_text="New message from Alex")).to_have_count(1)
    await expect(page.locator(".tab", has_text="Alex").locator(".tab-count")).to_have_text("1 new")
    await expect(page).to_have_title("(1) Desk · Warmline")
    await page.keyboard.press("Alt+2")
    await expect(page.locator(f"{room(page, two.id)} .composer-box")).to_be_focused()
    await expect(page).to_have_title("Desk · Warmline")
    assert (await house.store.marks(two.pseudonym)).desk_read == 8


async def test_sounds_that_were_turned_off_stay_off(house: House, browser: Browser) -> None:
    await house.hire("Mira")
    page = await open_desk(browser, house, "mira")
    await page.get_by_role("button", name="Sounds on").click()
    await page.reload()
    await expect(page.get_by_role("button", name="Sounds off")).to_be_visible()


async def test_a_lead_reads_along_and_takes_over(house: House, browser: Browser) -> None:
    await house.hire("Mira")
    await house.hire("Joan", lead=True)
    held = await house.give((await house.arrive("Robin")).id, "mira")
    await house.alarm(held.id, "Mira asks a lead to look.", kind="escalated", urgent=False)
    page = await open_desk(browser, house, "joan")
    await page.get_by_label("Alerts").get_by_role("button", name="Read along").click()
    await expect(page.get_by_text("You are reading along. This is recorded.")).to_be_visible()
    await expect(page.locator(".composer-box")).to_have_count(0)
    await page.get_by_label("Alerts").get_by_role("button", name="I look after it").click()
    await expect(page.get_by_label("Alerts")).to_be_hidden()
    await page.locator(room(page, held.id)).get_by_role("button", name="Take over").click()
    await expect(page.get_by_label("Message to Robin")).to_be_visible()


async def test_one_click_marks_a_message_that_the_screen_missed(house: House, browser: Browser) -> None:
    await house.hire("Mira")
    held = await house.give((await house.arrive("Robin")).id, "mira")
    await house.say(held.id, Speaker.SEEKER, "i won't be a bother much longer")
    page = await open_desk(browser, house, "mira")
    line = page.locator(f"{room(page, held.id)} .from-seeker").filter(has_text="a bother")
    await line.hover()
    await line.get_by_role("button", name="The screen missed risk in").click()
    await expect(line.get_by_text("Marked. Thank you")).to_be_visible()
    [event] = house.front.of(MessageFlagged)
    assert (event.verdict, event.conversation) == ("missed_risk", held.id)


async def test_a_lead_finds_what_waits_to_be_looked_at_again(browser: Browser) -> None:
    async def listed() -> list[dict[str, Any]]:
        return [{**ITEM, "conversation": known.id}]

    async with opened(make_house(reviews=listed)) as house:
        await house.hire("Joan", lead=True)
        known = await house.arrive("Robin")
        page = await open_desk(browser, house, "joan")
        await page.get_by_role("button", name="To look at again").click()
        item = page.get_by_role("dialog").get_by_role("listitem")
        await expect(item).to_contain_text("Never flagged")
        await item.get_by_role("button", name="Nothing missed").click()
        await expect(item).to_have_text("Thank you. It is on record.")
        assert [event.outcome for event in house.front.of(Reviewed)] == ["nothing_missed"]
