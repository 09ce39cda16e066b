"""The order administrator opens an intent order and reads its findings; the salesperson enters one."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.forms import open_tab

Logins = dict[str, dict[str, str]]
SignIn = Callable[[Page, str, str], None]
TakePicture = Callable[[Page, str], Path]


def open_order(page: Page, title: str) -> None:
	"""Open an order from the list by its title."""
	page.goto("/app/intent-order")
	page.locator(".list-row a", has_text=title).first.click()
	page.wait_for_selector("#intent-order-review_tab-tab")


def test_order_administrator_reads_the_findings_of_an_order(
	page: Page, logins: Logins, sign_in: SignIn, take_picture: TakePicture
) -> None:
	login = logins["Order Administrator"]
	sign_in(page, login["user"], login["password"])
	open_order(page, "IO-07")
	open_tab(page, "intent-order-review_tab")
	panel = page.locator(".or-panel")
	expect(panel.locator(".or-finding")).to_have_count(4)
	for rule in ("R-B03", "R-I15", "R-P02", "R-P04"):
		expect(panel.locator(".or-finding", has_text=rule)).to_contain_text("blocks sending to opinions")
	expect(panel).to_contain_text("Smallest Conflict")
	expect(panel.locator(".or-price tr", has_text="Review price")).to_contain_text("989,200")
	expect(panel.locator(".or-price tr", has_text="Floor price")).to_contain_text("914,500")
	take_picture(page, "intent-order-review")


def test_salesperson_enters_an_order_and_sees_its_review_without_the_floor(
	page: Page, logins: Logins, sign_in: SignIn, take_picture: TakePicture
) -> None:
	login = logins["Salesperson"]
	sign_in(page, login["user"], login["password"])
	page.goto("/app/intent-order/new")
	page.wait_for_function(
		"window.cur_frm && cur_frm.doctype === 'Intent Order' && cur_frm.doc.market_department"
	)
	page.evaluate("cur_frm.set_value('customer', '江南旅运集团有限公司(示例)')")
	page.evaluate("cur_frm.set_value('model', 'XQK6128H')")
	page.wait_for_function(
		"cur_frm.doc.configuration && cur_frm.doc.configuration.length > 40 && cur_frm.doc.grade"
	)
	assert page.evaluate("cur_frm.doc.configuration.every((row) => row.is_standard)")
	page.evaluate("cur_frm.set_value({ deposit_pct: 10, negotiated_unit: 790000 })")
	page.evaluate(
		"""() => {
			const row = cur_frm.doc.configuration.find((row) => row.family === "TRN");
			return frappe.model.set_value(row.doctype, row.name, "vehicle_option", "TRN-AT6");
		}"""
	)
	page.wait_for_function("cur_frm.doc.configuration.find((row) => row.family === 'TRN').is_standard === 0")
	page.evaluate("cur_frm.save()")
	page.wait_for_function("!cur_frm.is_new() && !cur_frm.is_dirty()")
	open_tab(page, "intent-order-review_tab")
	panel = page.locator(".or-panel")
	expect(panel.locator(".or-finding", has_text="R-P02")).to_be_visible()
	expect(panel.locator(".or-price")).to_contain_text("893,000")
	expect(panel).not_to_contain_text(re.compile("Floor|Approval Level"))
	take_picture(page, "intent-order-salesperson")


def test_a_typed_iso_date_is_that_day_and_a_fraction_of_a_vehicle_is_told(
	page: Page, logins: Logins, sign_in: SignIn
) -> None:
	"""Dates are shown year-month-day; a site that shows them otherwise understands a typed one all the same."""
	login = logins["Salesperson"]
	sign_in(page, login["user"], login["password"])
	page.goto("/app/intent-order/new")
	page.wait_for_function(
		"window.cur_frm && cur_frm.doctype === 'Intent Order' && cur_frm.doc.market_department"
	)
	for site_format in ("yyyy-mm-dd", "dd-mm-yyyy"):
		page.evaluate("(format) => { frappe.boot.sysdefaults.date_format = format; }", site_format)
		day = page.locator('[data-fieldname="requested_delivery"] input').first
		day.fill("2027-03-20")
		day.press("Tab")
		page.wait_for_function("cur_frm.doc.requested_delivery === '2027-03-20'")
		page.evaluate("cur_frm.set_value('requested_delivery', null)")
	quantity = page.locator('[data-fieldname="qty"] input').first
	quantity.fill("2.7")
	quantity.press("Tab")
	expect(page.locator(".msgprint")).to_contain_text("2.7")
	assert page.evaluate("cur_frm.doc.qty") == 1


def test_what_is_no_day_and_no_number_becomes_none(page: Page, logins: Logins, sign_in: SignIn) -> None:
	login = logins["Salesperson"]
	sign_in(page, login["user"], login["password"])
	page.goto("/app/intent-order/new")
	page.wait_for_function("window.cur_frm && cur_frm.doctype === 'Intent Order'")
	for field, typed, taken in (
		("requested_delivery", "2027/3/20", "2027-03-20"),
		("requested_delivery", "20.3.2027", "2027-03-20"),
		("requested_delivery", "2027年4月5日", "2027-04-05"),
		("negotiated_unit", "85万", 850000),
		("negotiated_unit", "85 boxes", 850000),
		("negotiated_unit", "861,500.50", 861500.5),
	):
		box = page.locator(f".frappe-control[data-fieldname={field}] input:visible").first
		box.click()
		box.fill(typed)
		box.press("Tab")
		page.wait_for_function(
			"([field, taken]) => cur_frm.doc[field] === taken", arg=[field, taken], timeout=10_000
		)
	expect(page.locator(".desk-alert", has_text="20.3.2027 is no day")).to_be_visible()
	expect(page.locator(".desk-alert", has_text="85 boxes is no number")).to_be_visible()
