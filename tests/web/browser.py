"""A real Chromium for the browser tests, and the accessibility checker that is put into its pages."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
CURE = "Chromium is missing. Install it: apt-get install -y --no-install-recommends chromium fonts-liberation"
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
MODULES = Path(__file__).parent / "node_modules"
MODULES_CURE = "npm packages are missing. Install them: npm install --no-package-lock --prefix tests/web"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def launch(playwright: Playwright) -> Browser:
    """Fails, with the command that cures it, where there is no Chromium."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if found is None:
        pytest.fail(CURE)
    return await playwright.chromium.launch(executable_path=found, args=ARGUMENTS)


def module(path: str) -> Path:
    """A file of an npm package. Fails, with the command that cures it, where it is not installed."""
    file = MODULES / path
    if not file.exists():
        pytest.fail(MODULES_CURE)
    return file


async def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it is now: rule, where, and why."""
    await page.evaluate(module("axe-core/axe.min.js").read_text(encoding="utf-8"))
    await page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished.catch(() => null)))")
    found: dict[str, Any] = await page.evaluate("(tags) => axe.run(document, {runOnly: tags})", RULES)
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
