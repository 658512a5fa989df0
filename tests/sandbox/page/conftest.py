"""The sandbox page in a real browser; every test here is skipped where there is none."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from sandbox.server import Sandbox

Look = Callable[..., Awaitable[Page]]


@pytest.fixture
async def look(browser: Browser) -> AsyncIterator[Look]:
    """Open the page as a person, in a window of its own; `before` may prepare it.

    At the end no page may have failed, or have asked anybody but the sandbox.
    """
    faults: list[str] = []

    async def open_page(
        sandbox: Sandbox,
        person: str,
        place: str = "",
        before: Callable[[Page], Awaitable[None]] | None = None,
        **options: Any,
    ) -> Page:
        page = await browser.new_page(locale="en-GB", **options)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith(sandbox.url) else faults.append(request.url))
        if before:
            await before(page)
        await page.goto(f"{sandbox.url}/?as={person}{place}")
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        return page

    yield open_page
    assert faults == []
