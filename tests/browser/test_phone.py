"""On a phone every page is as wide as the screen: nothing is cut off, and nobody moves the page to the side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

SignIn = Callable[[Page, str, str], None]

PAGES = {
	"Dealer": (("/dealer", ".cards"), ("/dealer?show=contracts", ".tabs"), ("/dealer/nothing", ".empty")),
	"Order Administrator": (
		("/app/review-monitor", ".orw-table"),
		("/app/intent-order", ".list-row"),
		("/app/intent-order/new", ".form-layout"),
		("/app/workplace", ".ce-block"),
	),
}
"""Role → address, and what stands there once the page is whole."""


@pytest.mark.parametrize("width", [390, 480])
@pytest.mark.parametrize("role", PAGES)
def test_a_page_is_as_wide_as_the_phone(
	role: str, width: int, chromium: Browser, web_address: str, sign_in: SignIn, logins: dict[str, Any]
) -> None:
	context = chromium.new_context(
		viewport={"width": width, "height": 844}, base_url=web_address, is_mobile=True, has_touch=True
	)
	context.set_default_timeout(60_000)
	page = context.new_page()
	try:
		sign_in(page, logins[role]["user"], logins[role]["password"])
		found = {address: _width(page, address, whole) for address, whole in PAGES[role]}
	finally:
		context.close()
	assert {address: wide for address, wide in found.items() if wide > width} == {}


def _width(page: Page, address: str, whole: str) -> int:
	page.goto(address)
	page.locator(whole).first.wait_for(state="attached")
	return int(page.evaluate("document.documentElement.scrollWidth"))
