"""The chat page in a real browser: files both ways, words that were changed or taken back, and answers to others."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from handoff.core.entries import EntryKind, Speaker
from handoff.core.events import SeekerWrote
from tests.shelf import samples
from tests.web.browser import violations
from tests.web.conftest import Visitors
from tests.web.house import House, eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")
LENGTH = """(player) => new Promise((tell) => {
    if (player.readyState > 0) tell(player.duration);
    player.addEventListener("loadedmetadata", () => tell(player.duration));
})"""

SAM: dict[str, Any] = {"speaker": Speaker.SUPPORTER, "name": "Sam"}


async def choose(page: Page, content: bytes, name: str = "DSC_0042 Ana.jpg", kind: str = "image/jpeg") -> None:
    await page.locator("#file").set_input_files({"name": name, "mimeType": kind, "buffer": content})


async def greeted(visitors: Visitors, **more: Any) -> Page:
    page = await visitors.page(**more)
    await expect(page.get_by_role("log")).to_contain_text("Hi, I'm a bot.")
    return page


async def shelved(live: House, content: bytes, **more: Any) -> dict[str, Any]:
    """What a supporter sent, as an entry's body."""
    kept = await live.shelf.put(content, conversation="c", **more)
    return {
        "file": kept.file, "kind": kept.kind.value, "type": kept.type, "name": kept.name, "size": kept.size,
        "seconds": kept.seconds,
    }  # fmt: skip


async def test_a_picture_is_chosen_sent_with_words_and_shown(live: House, visitors: Visitors) -> None:
    page = await greeted(visitors)
    await choose(page, samples.picture())
    await expect(page.locator("#attachment")).to_contain_text("DSC_0042 Ana.jpg")
    await expect(page.locator("#attachment")).to_contain_text("without the place, time and device")
    await page.get_by_label("Your message").fill("this is my cat")
    await page.get_by_role("button", name="Send", exact=True).click()
    picture = page.get_by_role("log").get_by_role("img", name="Picture")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("(shown) => shown.decode().then(() => shown.naturalWidth)") == 40
    await expect(page.locator(".from-seeker .bubble")).to_have_text("this is my cat")
    await expect(page.locator("#attachment")).to_be_hidden()
    await expect(page.get_by_label("Your message")).to_have_value("")
    assert (await page.locator("#log").inner_html()).count("DSC_0042") == 0
    assert [each.text for each in live.front.of(SeekerWrote)] == ["this is my cat"]


async def test_a_voice_message_can_be_played_and_a_document_saved(live: House, visitors: Visitors) -> None:
    page = await greeted(visitors)
    await live.front.say("", kind=EntryKind.FILE, body=await shelved(live, samples.opus(3), seconds=3), **SAM)
    await live.front.say("to read", kind=EntryKind.FILE, body=await shelved(live, samples.pdf()), **SAM)
    player = page.locator("audio")
    await expect(player).to_have_attribute("aria-label", "Voice message from Sam")
    assert await player.evaluate(LENGTH) == pytest.approx(3, abs=0.1)
    async with page.expect_download() as saved:
        await page.get_by_role("button", name="Save document.pdf").click()
    assert (await saved.value).suggested_filename == "document.pdf"


async def test_a_file_that_is_refused_can_be_put_away_and_its_words_are_there(live: House, visitors: Visitors) -> None:
    page = await greeted(visitors)
    await choose(page, b"MZ a program", "program.exe", "application/octet-stream")
    await page.get_by_label("Your message").fill("can you look at this")
    await page.keyboard.press("Enter")
    await expect(page.locator("#attachment").get_by_role("alert")).to_contain_text("cannot be passed on")
    await expect(page.get_by_role("log")).to_contain_text("I heard: can you look at this")
    await expect(page.get_by_label("Your message")).to_have_value("")
    await page.get_by_role("button", name="Do not send it").click()
    await expect(page.locator("#attachment")).to_be_hidden()


async def test_a_file_that_could_not_be_kept_stays_and_is_sent_again_once(live: House, visitors: Visitors) -> None:
    page = await greeted(visitors)
    live.shelf.down = True
    await choose(page, samples.picture())
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.locator("#attachment").get_by_role("alert")).to_contain_text("could not be kept just now")
    live.shelf.down = False
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.locator(".from-seeker img")).to_have_count(1)


async def test_a_file_that_is_gone_is_said_to_be(live: House, visitors: Visitors) -> None:
    page = await greeted(visitors)
    body = await shelved(live, samples.picture())
    live.shelf.files.clear()
    await live.front.say("", kind=EntryKind.FILE, body=body, **SAM)
    await expect(page.locator(".file")).to_contain_text("not here any more")


async def test_changed_words_are_shown_as_changed_and_those_taken_back_no_more(live: House, visitors: Visitors) -> None:
    page = await greeted(visitors)
    await live.front.say("you are not a lone", refers="s1", **SAM)
    await live.front.say("call me tomorrow", refers="s2", **SAM)
    await live.front.say("you are not alone", kind=EntryKind.EDIT, refers="s1", **SAM)
    await live.front.say("", kind=EntryKind.UNSAID, refers="s2", **SAM)
    await live.front.say("about that", answers=2, **SAM)
    for _ in range(2):
        said = page.locator(".from-supporter")
        await expect(said).to_have_count(3)
        await expect(said.first.locator(".bubble")).to_have_text("you are not alone")
        await expect(said.first.locator(".edited")).to_have_text("edited")
        await expect(said.nth(1)).to_contain_text("Sam took this message back.")
        await expect(page.get_by_role("log")).not_to_contain_text("call me tomorrow")
        await expect(said.last.locator(".quote")).to_have_text("In answer to: you are not alone")
        await page.reload()


async def test_sending_before_the_page_is_ready_loses_nothing(live: House, visitors: Visitors) -> None:
    page = await visitors.page("/weather")
    held: list[Route] = []

    async def hold(route: Route) -> None:
        held.append(route)

    await page.route("**/composer.js", hold)
    await page.goto(live.url, wait_until="commit")
    await page.get_by_label("Your message").fill("please hear me")
    send = page.get_by_role("button", name="Send", exact=True)
    await expect(send).to_be_disabled()
    await send.click(force=True)
    await eventually(lambda: held)
    await held[0].continue_()
    await expect(send).to_be_enabled()
    await expect(page.get_by_label("Your message")).to_have_value("please hear me")
    await send.click()
    await expect(page.get_by_role("log")).to_contain_text("I heard: please hear me")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_files_and_changes_are_there_for_everybody(live: House, visitors: Visitors, scheme: str) -> None:
    page = await greeted(visitors, color_scheme=scheme)
    await live.front.say("a flower", kind=EntryKind.FILE, body=await shelved(live, samples.picture()), **SAM)
    await live.front.say("", kind=EntryKind.FILE, body=await shelved(live, samples.opus()), **SAM)
    await live.front.say("", kind=EntryKind.FILE, body=await shelved(live, samples.pdf()), **SAM)
    await live.front.say("sory", refers="s1", answers=2, **SAM)
    await live.front.say("sorry", kind=EntryKind.EDIT, refers="s1", **SAM)
    await live.front.say("oops", refers="s2", **SAM)
    await live.front.say("", kind=EntryKind.UNSAID, refers="s2", **SAM)
    await choose(page, samples.picture())
    await expect(page.locator(".taken-back")).to_be_visible()
    await expect(page.locator("audio")).to_be_visible()
    assert await violations(page) == []
