"""A special option in the browser: similar ones show while typing, a step is returned with its reason, and who sees what."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

SignIn = Callable[[Page, str, str], None]
Logins = dict[str, dict[str, str]]


def enter(page: Page, sign_in: SignIn, logins: Logins, role: str) -> None:
	sign_in(page, logins[role]["user"], logins[role]["password"])
	page.wait_for_selector(".navbar .navbar-home")


def test_similar_requests_show_while_a_new_one_is_written(
	page: Page, sign_in: SignIn, logins: Logins, take_picture: Callable[[Page, str], Path]
) -> None:
	enter(page, sign_in, logins, "Order Administrator")
	page.goto("/app/special-option-request/new")
	name = page.locator("input[data-fieldname=option_name]")
	name.press_sequentially("可拆自行车架")
	found = page.locator("[data-fieldname=similar_html] a")
	expect(found.first).to_have_text("SPC-2026-0031")
	assert page.locator("[data-fieldname=technical_section], [data-fieldname=feasible]").first.is_hidden()
	take_picture(page, "special-option-similar")


def test_a_priced_request_shows_its_steps_and_no_cost_to_quality(
	page: Page, sign_in: SignIn, logins: Logins, take_picture: Callable[[Page, str], Path]
) -> None:
	enter(page, sign_in, logins, "Quality Reviewer")
	page.goto("/app/special-option-request/SPC-2026-0031")
	expect(page.locator(".or-chain .or-step-done")).to_have_count(6)
	expect(page.locator("[data-fieldname=list_price]").first).to_contain_text("8,600")
	assert "6,200" not in page.content()
	assert "5,600" not in page.content()
	take_picture(page, "special-option-quality")


def test_marketing_planning_sees_quotations_and_the_price_sheet(
	page: Page, sign_in: SignIn, logins: Logins, take_picture: Callable[[Page, str], Path]
) -> None:
	enter(page, sign_in, logins, "Marketing Planner")
	page.goto("/app/special-option-request/SPC-2026-0031")
	panel = page.locator("[data-fieldname=costing_html]")
	expect(panel).to_contain_text("5,600")
	expect(panel).to_contain_text("6,200")
	take_picture(page, "special-option-costs")


def test_a_request_is_refused_in_a_dialog_that_asks_for_the_reason(
	page: Page, sign_in: SignIn, logins: Logins, take_picture: Callable[[Page, str], Path]
) -> None:
	enter(page, sign_in, logins, "Order Administrator")
	page.goto("/app/special-option-request/new")
	page.wait_for_function(
		"window.cur_frm && cur_frm.doctype === 'Special Option Request' && cur_frm.is_new()"
	)
	page.evaluate(
		"""() => cur_frm.set_value({
			option_name: "行李舱恒温酒柜", model: "XQK6128H", qty: 2,
			description: "左侧行李舱加装恒温酒柜一台,容量五十升,独立供电并带门锁。",
		}).then(() => cur_frm.save())"""
	)
	page.wait_for_function("!cur_frm.is_new() && cur_frm.doc.events.length === 1")
	page.click(".actions-btn-group button")
	page.locator(".actions-btn-group .dropdown-menu a", has_text="Refuse").or_(
		page.locator(".actions-btn-group .dropdown-menu a", has_text="拒绝")
	).click()
	dialog = page.locator(".modal-dialog:visible")
	dialog.locator("textarea").fill("与行李舱法规容积冲突")
	take_picture(page, "special-option-refuse")
	dialog.locator(".btn-primary").click()
	page.wait_for_function("cur_frm.doc.status === 'Refused'")
	assert page.evaluate("cur_frm.doc.events[1].reason") == "与行李舱法规容积冲突"
	expect(page.locator(".or-chain .or-step-stopped")).to_have_count(1)
