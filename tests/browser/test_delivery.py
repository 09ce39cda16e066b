"""Delivery dates and the small duties in the browser: what planning sees, what sales is told, how a call is logged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.forms import write

SignIn = Callable[[Page, str, str], None]
Logins = dict[str, dict[str, str]]
Picture = Callable[[Page, str], Path]


def enter(page: Page, sign_in: SignIn, logins: Logins, role: str) -> None:
	sign_in(page, logins[role]["user"], logins[role]["password"])
	page.wait_for_selector(".navbar .navbar-home")


def open_first(page: Page, route: str, text: str) -> None:
	"""Open the list and the document of it that says so."""
	page.goto(route)
	page.locator(".list-row", has_text=text).locator("a[data-name]").first.click()


def test_planning_sees_what_is_free_before_it_proposes(
	page: Page, sign_in: SignIn, logins: Logins, take_picture: Picture
) -> None:
	enter(page, sign_in, logins, "Planning Reviewer")
	open_first(page, "/app/delivery-date-commitment?status=Requested", "IO-2026-00006")
	weeks = page.locator("[data-fieldname=weeks_html] tbody tr")
	expect(weeks.first).to_contain_text("-W")
	expect(page.locator("[data-fieldname=committed_date] input").first).to_be_editable()
	take_picture(page, "delivery-requested")


def test_sales_sees_lots_and_answers_and_changes_nothing(
	page: Page, sign_in: SignIn, logins: Logins, take_picture: Picture
) -> None:
	enter(page, sign_in, logins, "Salesperson")
	open_first(page, "/app/delivery-date-commitment?status=Confirmed", "IO-2026-00012")
	expect(page.locator("[data-fieldname=lots] .grid-body .rows .grid-row")).to_have_count(2)
	expect(page.locator("[data-fieldname=proposals] .grid-body .rows .grid-row")).to_have_count(2)
	assert not page.locator("[data-fieldname=committed_date] input:visible").count()
	take_picture(page, "delivery-confirmed")


def test_an_answer_that_is_there_already_shows_while_the_question_is_written(
	page: Page, sign_in: SignIn, logins: Logins, take_picture: Picture
) -> None:
	enter(page, sign_in, logins, "Salesperson")
	page.goto("/app/configuration-enquiry/new")
	page.locator("textarea[data-fieldname=question]").press_sequentially("12米车可以选装液力缓速器吗")
	found = page.locator("[data-fieldname=similar_html]")
	expect(found).to_contain_text("可以选装液力缓速器")
	take_picture(page, "enquiry-similar")


def test_a_call_is_logged_from_the_order_and_stands_on_it(
	page: Page, sign_in: SignIn, logins: Logins, take_picture: Picture
) -> None:
	enter(page, sign_in, logins, "Order Administrator")
	page.goto("/app/intent-order/IO-2026-00012")
	page.get_by_role("button", name="Note Down").click()
	page.get_by_role("link", name="Log a Call").click()
	dialog = page.locator(".modal-dialog:visible")
	write(page, "subject", "图案确认")
	write(page, "content", "客户明天寄回签字稿。")
	dialog.get_by_role("button", name="Save").click()
	expect(page.locator(".form-dashboard")).to_contain_text("图案确认")
	take_picture(page, "call-logged")
