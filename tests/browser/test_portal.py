"""A dealer on a phone: he signs in, finds his contract, and reads what became of it, in his language."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import frappe
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from order_review.constants import SALES_CONTRACT
from order_review.demo.people import DEALER

SignIn = Callable[[Page, str, str], None]
Picture = Callable[[Page, str], Path]

WIDTH = 390
WORDS = {
	"zh": {
		"title": "我的订单",
		"contracts": "合同",
		"state": "评审中",
		"differs": "与意向订单的差异",
		"out": "退出",
	},
	"en": {
		"title": "My Orders",
		"contracts": "Contracts",
		"state": "In review",
		"differs": "Differences From the Intent Order",
		"out": "Sign Out",
	},
}


@pytest.fixture
def phone(open_browser: Callable[..., BrowserContext]) -> Page:
	"""A page of a phone's size, signed in by nobody."""
	size = {"width": WIDTH, "height": 844}
	return open_browser(viewport=size, is_mobile=True, has_touch=True).new_page()


def fits(page: Page) -> bool:
	"""Nothing sticks out to the side."""
	return int(page.evaluate("document.documentElement.scrollWidth")) <= WIDTH


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_dealer_reads_on_his_phone_how_his_contract_stands(
	language: str,
	phone: Page,
	sign_in: SignIn,
	logins: dict[str, Any],
	take_picture: Picture,
	untouched_site: str,
) -> None:
	words, login = WORDS[language], logins["Dealer"]
	frappe.db.set_value("User", login["user"], "language", language)
	frappe.db.commit()  # the web server reads it in another connection
	frappe.clear_cache(user=login["user"])
	judged = {"dealer": DEALER, "status": "Under Opinions", "differences": ["like", "%SLY-1249%"]}
	contract = frappe.db.get_value(SALES_CONTRACT, judged, "name")

	sign_in(phone, login["user"], login["password"])
	expect(phone).to_have_url(re.compile(r"/dealer$"))
	expect(phone.locator("h1")).to_have_text(words["title"])
	assert fits(phone)
	phone.locator(".tabs a", has_text=words["contracts"]).last.tap()
	card = phone.locator(".card", has_text=contract)
	expect(card.locator(".state")).to_have_text(words["state"])
	take_picture(phone, f"portal-list-{language}")

	card.tap()
	expect(phone.locator("h1")).to_contain_text(contract)
	section = phone.locator("section", has=phone.locator("h2", has_text=words["differs"]))
	expect(section.locator(".or-diff")).to_contain_text("SLY-1249")
	assert fits(phone)
	take_picture(phone, f"portal-contract-{language}")

	phone.locator("header button", has_text=words["out"]).tap()
	expect(phone).to_have_url(re.compile("web_logout"))
	phone.goto("/dealer")
	expect(phone.locator("#login_email")).to_be_visible()
