"""Files, corrections, words taken back, answers and pauses at the desk, in a real browser."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from handoff.core.conversation import Conversation
from handoff.core.entries import EntryKind, Speaker
from handoff.core.events import PauseTaken, SupporterWrote
from tests.console.house import House
from tests.console.page.browser import open_desk
from tests.shelf import samples
from tests.web.browser import violations

pytestmark = pytest.mark.asyncio(loop_scope="session")
LENGTH = """(player) => new Promise((tell) => {
    if (player.readyState > 0) tell(player.duration);
    player.addEventListener("loadedmetadata", () => tell(player.duration));
})"""


async def at_the_desk(house: House, browser: Browser, **more: Any) -> tuple[Page, Conversation]:
    """Mira's desk with Robin on it."""
    await house.hire("Mira")
    known = await house.give((await house.arrive("Robin")).id, "mira")
    return await open_desk(browser, house, "mira", **more), known


async def brought(house: House, conversation: str, content: bytes, text: str = "") -> None:
    kept = await house.shelf.put(content, conversation=conversation)
    await house.say(conversation, Speaker.SEEKER, text, kind=EntryKind.FILE, body=asdict(kept))


async def test_what_the_seeker_sent_is_seen_heard_and_saved(house: House, browser: Browser) -> None:
    page, known = await at_the_desk(house, browser)
    await brought(house, known.id, samples.picture(), "my window")
    await brought(house, known.id, samples.opus(3))
    await brought(house, known.id, samples.pdf())
    picture = page.get_by_role("img", name="Picture from Robin")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("(shown) => shown.decode().then(() => shown.naturalWidth)") == 40
    await expect(page.locator(".from-seeker .words").filter(has_text="my window")).to_be_visible()
    await expect(page.locator("audio")).to_have_attribute("aria-label", "Voice message from Robin")
    assert await page.locator("audio").evaluate(LENGTH) == pytest.approx(3, abs=0.1)
    async with page.expect_download() as saved:
        await page.get_by_role("button", name="Save document.pdf").click()
    assert (await saved.value).suggested_filename == "document.pdf"


async def test_a_file_is_chosen_sent_with_words_and_shown(house: House, browser: Browser) -> None:
    page, _ = await at_the_desk(house, browser)
    chosen = {"name": "garden.jpg", "mimeType": "image/jpeg", "buffer": samples.picture()}
    await page.locator("input[type=file]").set_input_files(chosen)  # type: ignore[arg-type]
    await expect(page.locator(".chosen-file")).to_contain_text("garden.jpg")
    await expect(page.get_by_label("Message to Robin")).to_be_focused()
    house.shelf.down = True
    await page.get_by_label("Message to Robin").fill("our garden")
    await page.keyboard.press("Enter")
    await expect(page.locator(".chosen-file").get_by_role("alert")).to_contain_text("Not saved yet")
    await expect(page.get_by_label("Message to Robin")).to_have_value("our garden")
    house.shelf.down = False
    await page.keyboard.press("Enter")
    await expect(page.locator(".from-supporter img")).to_be_visible()
    await expect(page.locator(".from-supporter .words")).to_have_text("our garden")
    await expect(page.get_by_label("Message to Robin")).to_have_value("")
    await expect(page.locator(".chosen-file")).to_be_hidden()
    assert len(house.front.of(SupporterWrote)) == 1


async def test_words_are_changed_and_taken_back_and_the_earlier_ones_stay_on_record(
    house: House, browser: Browser
) -> None:
    page, _ = await at_the_desk(house, browser)
    box = page.get_by_label("Message to Robin")
    await box.fill("you are not a lone")
    await box.press("Enter")
    await page.get_by_role("button", name="Change or take back: you are not a lone").click()
    await page.get_by_label("Your words").fill("you are not alone")
    await page.get_by_role("button", name="Change", exact=True).click()
    mine = page.locator(".from-supporter .bubble")
    await expect(mine.locator("> .words")).to_have_text("you are not alone")
    await mine.get_by_text("edited, show the earlier words").click()
    await expect(mine.get_by_text("you are not a lone", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Change or take back: you are not alone").click()
    await page.get_by_role("button", name="Take it back").click()
    await expect(mine).to_contain_text("Taken back: Robin cannot see this any more")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.get_by_role("button", name="Change or take back")).to_have_count(0)
    await page.reload()
    await expect(mine).to_contain_text("Taken back: Robin cannot see this any more")


async def test_what_the_seeker_changed_is_seen_as_changed(house: House, browser: Browser) -> None:
    page, known = await at_the_desk(house, browser)
    await house.say(known.id, Speaker.SEEKER, "im fine", refers="t1")
    await house.say(known.id, Speaker.SEEKER, "im not fine", refers="t1", kind=EntryKind.EDIT)
    await house.say(known.id, Speaker.SEEKER, "nobody knows", refers="t0", kind=EntryKind.EDIT)
    await house.say(known.id, Speaker.SUPPORTER, "i am here", name="Mira", answers=8)
    last = page.locator(".from-seeker .bubble").filter(has_text="im not fine")
    await expect(last.locator("summary")).to_have_text("edited, show the earlier words")
    await expect(page.locator(".from-seeker .words").filter(has_text="nobody knows")).to_be_visible()
    await expect(page.locator(".from-supporter .quote")).to_have_text("In answer to: im not fine")


async def test_a_moment_for_oneself_is_asked_for_and_shown(house: House, browser: Browser) -> None:
    page, _ = await at_the_desk(house, browser)
    await page.keyboard.press("Alt+x")
    await page.get_by_role("button", name="Take five minutes…").click()
    await page.get_by_role("button", name="Take the time").click()
    await expect(page.locator(".room-state")).to_contain_text("Robin knows that you take a moment.")
    assert len(house.front.of(PauseTaken)) == 1


@pytest.mark.parametrize(("theme", "width"), [("dark", 1280), ("light", 390)])
async def test_all_of_it_is_for_everyone(house: House, browser: Browser, theme: str, width: int) -> None:
    page, known = await at_the_desk(house, browser, theme=theme, width=width)
    await brought(house, known.id, samples.picture(), "look")
    await brought(house, known.id, samples.opus())
    await brought(house, known.id, samples.pdf())
    by: dict[str, Any] = {"name": "Mira"}
    await house.say(known.id, Speaker.SUPPORTER, "sory", refers="s1", answers=8, **by)
    await house.say(known.id, Speaker.SUPPORTER, "sorry", refers="s1", kind=EntryKind.EDIT, **by)
    await house.say(known.id, Speaker.SUPPORTER, "oops", refers="s2", **by)
    await house.say(known.id, Speaker.SUPPORTER, "", refers="s2", kind=EntryKind.UNSAID, **by)
    chosen = {"name": "garden.jpg", "mimeType": "image/jpeg", "buffer": samples.picture()}
    await page.locator("input[type=file]").set_input_files(chosen)  # type: ignore[arg-type]
    await expect(page.locator(".taken-back")).to_be_visible()
    await expect(page.locator("audio")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_role("button", name="Change or take back: sorry").click()
    await expect(page.get_by_label("Your words")).to_have_value("sorry")
    assert await violations(page) == []
