"""Intent orders from draft to valid at the Desk, each person in a browser of their own (acceptance scenarios 2 to 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import frappe
import pytest
from playwright.sync_api import Page, expect

from order_review.constants import SPECIAL_REQUEST
from tests.browser.desk_actors import SHOWN_DATE, Office
from tests.browser.forms import open_tab

TakePicture = Callable[[Page, str], Path]

DUE = str(date.today() + timedelta(days=60))
PROMISED = str(date.today() + timedelta(days=120))
TECH = {
	"verdict_feasible": "Yes",
	"verdict_ccc": "Covered",
	"verdict_grade": "Met",
	"evidence_feasible": "图纸 E12-310",
	"evidence_ccc": "证书 2026-118",
	"evidence_grade": "JT/T 325",
}
ANSWERS: dict[str, tuple[str, dict[str, str]]] = {
	"TECH": ("Technical Reviewer", TECH),
	"FIN": ("Finance Reviewer", {"price_ok": "Right", "deposit_ok": "Right", "credit_ok": "Right"}),
	"PLAN": ("Planning Reviewer", {"proposed_date": PROMISED}),
	"PRODMGT": ("Production Management Reviewer", {}),
	"SERVICE": ("Service Reviewer", {}),
	"MKTPLAN": ("Marketing Planner", {}),
	"SUPPLY": ("Supply Reviewer", {}),
	"QA": ("Quality Reviewer", {}),
}
"""Department → role that answers, and what it fills in when it agrees."""


HEAD = (
	"order_type customer customer_class dealer company order_date quotation_date requested_delivery model qty grade use "
	"tender_no bid_file price_book claimed_base_price currency fx_rate negotiated_unit payment_mode deposit_pct service_terms"
).split()
TABLES = "configuration specials policies services evidence livery_files".split()
OF_THE_ROW = frozenset(
	"name parent parentfield parenttype owner creation modified modified_by docstatus idx doctype".split()
)


def draft_like(office: Office, sample: str, **changes: Any) -> str:
	"""A salesperson's own draft, like a sample order; tells its name."""
	administrator, sales = office("Order Administrator"), office("Salesperson")
	filters = {"external_id": sample}
	like = administrator.call("frappe.client.get", doctype="Intent Order", filters=filters)
	own = sales.page.evaluate("frappe.defaults.get_user_permissions().Department[0].doc")
	doc = {name: like.get(name) for name in HEAD} | {
		table: [
			{name: value for name, value in row.items() if name not in OF_THE_ROW}
			for row in like.get(table) or ()
		]
		for table in TABLES
	}
	entered = {"doctype": "Intent Order", "market_department": own, **doc, **changes}
	return str(sales.call("frappe.client.insert", doc=entered)["name"])


def bid_file(office: Office) -> str:
	"""The bid file of a tender, uploaded by sales; tells its address."""
	file = {"doctype": "File", "file_name": "bid.txt", "content": "招标文件", "is_private": 1}
	return str(office("Salesperson").call("frappe.client.insert", doc=file)["file_url"])


def to_opinions(office: Office, name: str) -> None:
	"""Submitted by sales, received and sent out by the order administrator."""
	office("Salesperson").takes("Intent Order", name, "Submit for Review")
	office("Order Administrator").takes("Intent Order", name, "Receive")
	administrator = office("Order Administrator")
	administrator.takes("Intent Order", name, "Send to Opinions")
	assert administrator.page.evaluate("__('Expected Finish')") in administrator.asked


def asked(office: Office, name: str) -> dict[str, str]:
	"""Department → its open task of the order."""
	rows = office("Order Administrator").call(
		"frappe.client.get_list",
		doctype="Review Task",
		filters={"reference_name": name, "status": "Open"},
		fields=["name", "department"],
	)
	return {row["department"]: row["name"] for row in rows}


def agrees(office: Office, department: str, task: str) -> None:
	"""The department agrees, with what it has to say."""
	role, fields = ANSWERS[department]
	office(role).answers(task, "Agree", **fields)


def status(office: Office, name: str) -> str:
	"""The order's status as it is stored."""
	found = office("Order Administrator").call(
		"frappe.client.get_value", doctype="Intent Order", filters={"name": name}, fieldname="status"
	)
	return str(found["status"])


def test_a_tender_becomes_valid_with_five_departments_and_the_second_round_asks_finance_only(
	office: Office, take_picture: TakePicture
) -> None:
	name = draft_like(office, "IO-02", tender_no="ZB-2026-118", bid_file=bid_file(office))
	to_opinions(office, name)
	tasks = asked(office, name)
	assert set(tasks) == {"TECH", "PLAN", "FIN", "PRODMGT", "SERVICE"}
	for department in ("TECH", "PLAN", "FIN", "PRODMGT"):
		agrees(office, department, tasks[department])
	office("Service Reviewer").answers(
		tasks["SERVICE"],
		"Agree With Condition",
		condition_text="八年质保按整车厂标准保养执行",
		condition_responsible="客户服务部",
		condition_due=DUE,
		condition_before="Contract Effective",
	)
	assert status(office, name) == "Consolidating"
	administrator = office("Order Administrator")
	page = administrator.opens("Intent Order", name)
	open_tab(page, "intent-order-opinions_tab")
	expect(page.locator("body")).to_contain_text("八年质保按整车厂标准保养执行")
	expect(page.locator("body")).to_contain_text(page.evaluate(SHOWN_DATE, PROMISED))
	take_picture(page, "scenario-2-opinions")
	administrator.takes("Intent Order", name, "Return", "RT-PRICE", "客户要求重新议价")
	assert status(office, name) == "Returned"

	sales = office("Salesperson").opens("Intent Order", name)
	sales.evaluate("cur_frm.set_value('negotiated_unit', 1280000)")
	sales.evaluate("cur_frm.save()")
	sales.wait_for_function("!cur_frm.is_dirty()")
	to_opinions(office, name)
	tasks = asked(office, name)
	assert set(tasks) == {"FIN"}
	agrees(office, "FIN", tasks["FIN"])
	administrator.takes("Intent Order", name, "Make Valid")
	assert status(office, name) == "Valid"
	take_picture(administrator.opens("Intent Order", name), "scenario-2-valid")


@pytest.fixture
def requests_of_the_south(demo_site: str) -> Iterator[None]:
	"""The special options of IO-10 were asked for by the department of the sample salesperson."""
	names = ("SPC-2026-0044", "SPC-2026-0039")
	before = {name: frappe.db.get_value(SPECIAL_REQUEST, name, "market_department") for name in names}
	_hand_over(dict.fromkeys(names, frappe.db.get_value("Department", {"department_code": "MARKET-S"})))
	yield
	_hand_over(before)


def _hand_over(departments: dict[str, str]) -> None:
	for name, department in departments.items():
		frappe.db.set_value(SPECIAL_REQUEST, name, "market_department", department)
	frappe.db.commit()


def test_an_order_with_an_unpriced_special_option_is_not_made_valid(
	office: Office, take_picture: TakePicture, requests_of_the_south: None
) -> None:
	bid = {"tender_no": "ZB-2026-118", "bid_file": bid_file(office)}
	name = draft_like(office, "IO-10", negotiated_unit=1190000, **bid)
	to_opinions(office, name)
	tasks = asked(office, name)
	assert {"MKTPLAN", "SUPPLY"} <= set(tasks)
	for department, task in tasks.items():
		agrees(office, department, task)
	administrator = office("Order Administrator")
	assert "SPC-2026-0044" in administrator.tries("Intent Order", name, "Make Valid")
	expect(administrator.page.locator(".modal.show")).to_have_css("opacity", "1")
	take_picture(administrator.page, "scenario-3-waits-for-its-price")
	assert status(office, name) == "Consolidating"


def test_a_gap_in_the_certificate_passes_under_the_technical_centres_condition(
	office: Office, take_picture: TakePicture
) -> None:
	name = draft_like(office, "IO-11")
	to_opinions(office, name)
	tasks = asked(office, name)
	technical = {
		**TECH,
		"verdict_ccc": "Extension Needed",
		"condition_text": "CCC扩展",
		"condition_responsible": "认证科",
		"condition_due": DUE,
		"condition_before": "Contract Effective",
	}
	office("Technical Reviewer").answers(tasks.pop("TECH"), "Agree With Condition", **technical)
	for department, task in tasks.items():
		agrees(office, department, task)
	administrator = office("Order Administrator")
	administrator.takes("Intent Order", name, "Make Valid")
	assert status(office, name) == "Valid"
	page = administrator.opens("Intent Order", name)
	open_tab(page, "intent-order-opinions_tab")
	expect(page.locator("body")).to_contain_text("CCC扩展")
	take_picture(page, "scenario-4-condition")
