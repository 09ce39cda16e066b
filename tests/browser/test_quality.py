"""A contract's quality at the Desk: found by the system, confirmed, seen and appealed against by its salesperson, decided."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import frappe
from playwright.sync_api import Page, expect

from order_review.constants import QUALITY_ASSESSMENT
from order_review.services.quality import assessment
from tests.browser.desk_actors import QUESTION, Office
from tests.browser.forms import write
from tests.site.contracts_raw import contract
from tests.site.reviewing import step
from tests.site.samples import copy_of

TakePicture = Callable[[Page, str], Path]


def assessed() -> str:
	"""The draft of a contract whose order came with two wrong option prices and was returned twice, as IO-08."""
	south = frappe.db.get_value("Department", {"department_code": "MARKET-S"})
	order = copy_of("IO-08", external_id=None, market_department=south).insert().name
	for action, code, reason in (
		("Submit for Review", "SP", ""),
		("Receive", "OA", ""),
		("Return", "OA", "RT-PRICE 选装价不对"),
		("Submit for Review", "SP", ""),
		("Receive", "OA", ""),
		("Return", "OA", "RT-PRICE 还是不对"),
	):
		step(order, action, code, reason)
	name = assessment.draft_for(contract(order).name)
	frappe.db.set_value(QUALITY_ASSESSMENT, name, "sales_user", "sp@review.localhost")
	frappe.db.commit()
	return name


def test_the_salesperson_sees_the_score_and_appeals_and_the_supervisor_decides(
	demo_site: str, office: Office, take_picture: TakePicture
) -> None:
	name = assessed()
	office("Order Administrator").takes(QUALITY_ASSESSMENT, name, "Confirm Assessment")
	sales = office("Salesperson")
	page = sales.opens(QUALITY_ASSESSMENT, name)
	head = page.locator(".title-area .indicator-pill").first
	expect(head).to_contain_text("83 · C")
	expect(page.locator("[data-fieldname=defects] .grid-body")).to_contain_text("DQ-E01")
	expect(page.locator(".form-message")).to_contain_text("Appeals are possible until")
	take_picture(page, "quality-confirmed")

	page.locator(".page-actions, .custom-actions").get_by_role(
		"button", name="Appeal", exact=True
	).first.click()
	dialog = page.locator(QUESTION)
	returned = dialog.locator("[data-fieldname=row] option", has_text="DQ-E01")
	write(page, "row", returned.get_attribute("value") or "")
	write(page, "grounds", "第二次退回是客户改了配置,不是我填错。")
	dialog.locator(".btn-modal-primary:visible").click()
	page.wait_for_function("() => cur_frm.doc.status === 'Appealed'")
	expect(page.locator("[data-fieldname=defects] .grid-body")).to_contain_text("Disputed")

	page = office("Order Supervisor").opens(QUALITY_ASSESSMENT, name)
	page.get_by_role("button", name="Decide Appeal").first.click()
	dialog = page.locator(QUESTION)
	expect(dialog).to_contain_text("第二次退回是客户改了配置")
	write(page, "decision", "Removed")
	write(page, "note", "客户邮件为证,不计。")
	take_picture(page, "quality-decide")
	dialog.locator(".btn-modal-primary:visible").click()
	page.wait_for_function("() => cur_frm.doc.status === 'Decided'")

	page = sales.opens(QUALITY_ASSESSMENT, name)
	expect(page.locator(".title-area .indicator-pill").first).to_contain_text("88 · B")
	rows = page.locator("[data-fieldname=defects] .grid-body")
	expect(rows).to_contain_text("Removed")
	expect(rows).to_contain_text("DQ-B01")
	take_picture(page, "quality-decided")
