"""On the desk in a real browser: end and report, block, and the leads' list of reports."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from handoff.core.events import SeekerBlocked, SeekerReported, SeekerUnblocked
from handoff.core.policy import Policy
from handoff.core.risk import Tier
from handoff.records import SqlRecords
from handoff.sealing import Sealer
from handoff.store.memory import MemoryStore
from tests.console.house import House, make_house, opened
from tests.console.page.browser import open_desk
from tests.records.rows import CANARY, parcel
from tests.store.making import KEY, NOW

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_supporter_ends_the_talk_and_reports_it(house: House, browser: Browser) -> None:
    await house.hire("Mira")
    await house.give((await house.arrive("Robin")).id, "mira")
    page = await open_desk(browser, house, "mira")
    await page.get_by_role("button", name="More").click()
    await page.get_by_role("button", name="End and report…").click()
    await page.get_by_role("button", name="End and report", exact=True).click()
    await expect(page.get_by_role("alert").filter(has_text="What was it?")).to_be_visible()
    await page.get_by_label("Abusive or insulting").check()
    await page.get_by_label("For leads alone").fill(CANARY)
    await page.get_by_role("button", name="End and report", exact=True).click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    [reported] = house.front.of(SeekerReported)
    assert (reported.reason, reported.note) == ("abusive", CANARY)


async def test_in_a_crisis_the_same_button_calls_a_lead(house: House, browser: Browser) -> None:
    await house.hire("Mira")
    await house.give((await house.arrive("Robin", tier=Tier.ACTIVE)).id, "mira")
    page = await open_desk(browser, house, "mira")
    await page.get_by_role("button", name="More").click()
    await page.get_by_role("button", name="End and report…").click()
    await expect(page.get_by_role("dialog")).to_contain_text("the talk is not ended")
    await expect(page.get_by_role("button", name="Report and call a lead")).to_be_visible()


async def test_a_lead_reads_a_report_and_blocks_and_lifts(browser: Browser, tmp_path: Path) -> None:
    records = SqlRecords(f"sqlite+aiosqlite:///{tmp_path}/records.db", MemoryStore("main", Policy()), Sealer([KEY]))
    async with opened(make_house(reports=records.reports(), blocks=records.blocks())) as house:
        talk = await house.arrive("Robin")
        about = parcel("report", conversation=talk.id, about="seeker", by="mira", supporter=None, reason="abusive")
        await records.write([about])
        await records.write([parcel("block", conversation=talk.id, until=NOW + 10**9)])
        await house.hire("Joan", lead=True)
        page = await open_desk(browser, house, "joan")
        await page.get_by_role("button", name="Reports").click()
        dialog = page.get_by_role("dialog")
        await expect(dialog).to_contain_text("mira reported somebody.")
        await expect(dialog).not_to_contain_text(CANARY)
        await dialog.get_by_role("button", name="Open", exact=True).click()
        await expect(dialog).to_contain_text(CANARY)
        await dialog.get_by_role("button", name="Lift the block").click()
        await expect(dialog.get_by_role("button", name="Lifted")).to_be_visible()
        await dialog.get_by_role("button", name="Block for a time…").click()
        asked = page.get_by_role("dialog").last
        await asked.get_by_label("Abusive or insulting").check()
        await asked.get_by_label("One day").check()
        await asked.get_by_role("button", name="Block", exact=True).click()
        await expect(page.get_by_role("dialog")).to_have_count(1)
        await dialog.get_by_role("button", name="Dealt with").click()
        await expect(dialog).to_contain_text("dealt with")
        assert house.front.of(SeekerUnblocked)[-1].conversation == talk.id
        assert house.front.of(SeekerBlocked)[-1].seconds == 86_400
        for context in browser.contexts:
            await context.close()
    await records.close()
