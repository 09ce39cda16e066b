"""Prices in the browser: Price Check leads to the proof of a price, a draft shows its steps, sales see no floor."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

SignIn = Callable[[Page, str, str], None]
Logins = dict[str, dict[str, str]]
Picture = Callable[[Page, str], Path]


def enter(page: Page, sign_in: SignIn, logins: Logins, role: str) -> None:
	sign_in(page, logins[role]["user"], logins[role]["password"])
	page.wait_for_selector(".navbar .navbar-home")


def test_finance_comes_from_price_check_to_the_proof_of_a_price(
	page: Page, sign_in: SignIn, logins: Logins, take_picture: Picture
) -> None:
	enter(page, sign_in, logins, "Finance Reviewer")
	page.goto("/app/query-report/Price Check?sorting=Highest total first")
	proof = page.locator(".or-trace").first
	expect(proof).to_be_visible()
	expect(page.locator(".report-summary")).to_contain_text("Margin")
	take_picture(page, "price-check")
	proof.click()
	expect(page.locator(".modal.show .or-panel")).to_contain_text("Floor price")
	take_picture(page, "price-check-proof")


def test_an_order_administrator_sees_floors_and_no_margin(
	page: Page, sign_in: SignIn, logins: Logins
) -> None:
	enter(page, sign_in, logins, "Order Administrator")
	page.goto("/app/query-report/Price Check")
	expect(page.locator(".or-trace").first).to_be_visible()
	expect(page.locator(".report-summary")).not_to_contain_text("Margin")


def test_a_salesperson_is_refused_price_check_and_sees_list_prices_in_the_book(
	page: Page, sign_in: SignIn, logins: Logins, take_picture: Picture
) -> None:
	enter(page, sign_in, logins, "Salesperson")
	page.goto("/app/query-report/Price Check")
	expect(page.locator("body")).to_contain_text(
		re.compile("(don't have access|not permitted)", re.IGNORECASE)
	)
	page.goto("/app/price-book/PB-2026H2")
	expect(page.locator("[data-fieldname=lines_html]")).to_contain_text("681")
	assert "742,100" not in page.content()  # the floor of XQK6128H
	take_picture(page, "price-book")


def test_the_planner_finds_the_tools_of_a_book_and_nobody_edits_a_released_one(
	page: Page, sign_in: SignIn, logins: Logins
) -> None:
	enter(page, sign_in, logins, "Marketing Planner")
	page.goto("/app/price-book/PB-2026H2")
	expect(page.locator("[data-fieldname=lines_html]")).to_contain_text("681")
	tools = page.locator(".inner-group-button", has_text="Price Lines")
	tools.click()
	for name in ("Download Sheet", "Check Completeness", "Copy to Next Half-Year", "Rehearse on Orders"):
		expect(tools.get_by_text(name)).to_be_visible()
	expect(tools.get_by_text("Import Edited Sheet")).to_have_count(0)
	expect(page.locator(".primary-action", has_text="Save")).to_be_hidden()


def test_a_rehearsal_lists_the_orders_it_changes(
	page: Page, sign_in: SignIn, logins: Logins, take_picture: Picture
) -> None:
	enter(page, sign_in, logins, "Marketing VP")
	page.goto("/app/price-rehearsal")
	page.locator(".list-row .list-subject a").first.click()
	expect(page.locator("[data-fieldname=orders_html] tbody tr").first).to_contain_text("IO-")
	take_picture(page, "price-rehearsal")
