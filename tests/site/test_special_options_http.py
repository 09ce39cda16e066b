"""The same secrets over real HTTP: what leaves the server when a sales user, a planner or a dealer asks for costs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import frappe
import pytest

from tests.site.visiting import Visitor

REQUEST = "Special Option Request"
PRICED, OPEN = "SPC-2026-0031", "SPC-2026-0044"
SECRET_DOCTYPES = (
	"Special Option Quotation",
	"Special Option Cost",
	"Special Option Development Cost",
	"Special Option Floor",
)
SECRET = re.compile(r"(?<![\w.])(5,?600|6,?200|7,?900|1,?800)(\.0+)?(?!\w)|江岸汽车附件")
"""Unit cost, cost, floor and development cost of the bicycle rack, and its supplier."""


@pytest.fixture(scope="module")
def secrets(demo_site: str) -> dict[str, str]:
	"""One document of each secret kind that belongs to the priced request."""
	return {
		doctype: frappe.get_all(doctype, filters={"request_no": PRICED}, pluck="name", order_by="name")[0]
		for doctype in SECRET_DOCTYPES
	}


def readings(doctype: str, name: str) -> Iterator[tuple[str, dict[str, object]]]:
	"""Addresses by which Frappe reads a document, a list, a report, a print."""
	everything = json.dumps(["*"])
	named = {"doctype": doctype, "name": name}
	yield f"/api/resource/{doctype}/{name}", {}
	yield f"/api/v2/document/{doctype}/{name}", {}
	yield f"/api/v2/document/{doctype}/{name}/copy", {}
	yield f"/api/resource/{doctype}", {"fields": everything}
	yield f"/api/v2/document/{doctype}", {"fields": everything}
	yield "/api/method/frappe.client.get", named
	yield "/api/method/frappe.client.get_value", {**named, "fieldname": everything, "filters": name}
	yield "/api/method/frappe.client.get_list", {"doctype": doctype, "fields": everything}
	yield "/api/method/frappe.desk.form.load.getdoc", named
	yield "/api/method/frappe.desk.form.load.get_docinfo", named
	yield "/api/method/frappe.desk.reportview.get", {"doctype": doctype, "fields": everything}
	yield (
		"/api/method/frappe.desk.reportview.export_query",
		{"doctype": doctype, "fields": everything, "file_format_type": "CSV", "title": "x"},
	)
	yield "/api/method/frappe.desk.search.search_link", {"doctype": doctype, "txt": ""}
	yield "/api/method/frappe.utils.print_format.download_pdf", named
	yield "/printview", {**named, "format": "Standard"}
	yield "/api/method/frappe.desk.form.linked_with.get", {"doctype": REQUEST, "docname": PRICED}
	yield (
		"/api/resource/Version",
		{"fields": everything, "filters": json.dumps({"docname": name}), "limit": 100},
	)
	yield "/api/resource/Comment", {"fields": everything, "filters": json.dumps({"reference_name": name})}


COMMON: tuple[tuple[str, dict[str, object]], ...] = (
	("/api/method/frappe.desk.query_report.run", {"report_name": "Special Option Costs", "filters": "{}"}),
	(
		"/api/method/frappe.desk.query_report.export_query",
		{"report_name": "Special Option Costs", "file_format_type": "CSV", "filters": "{}"},
	),
	("/api/method/order_review.api.special_options.costing", {"request": PRICED}),
	("/api/method/order_review.api.special_options.similar", {"option_name": "自行车架"}),
	("/api/method/order_review.api.special_options.price_notice_pdf", {"request": PRICED, "lang": "zh"}),
	(f"/api/resource/{REQUEST}/{PRICED}", {}),
	("/api/method/frappe.desk.form.load.getdoc", {"doctype": REQUEST, "name": PRICED}),
	("/printview", {"doctype": REQUEST, "name": PRICED, "format": "Standard"}),
	("/printview", {"doctype": REQUEST, "name": PRICED, "format": "Special Option Price Notice"}),
	("/api/resource/Intent Order Special", {"parent": "Intent Order", "fields": '["*"]'}),
)


@pytest.mark.parametrize("role", ["Salesperson", "Dealer", "Planning Reviewer", "Quality Reviewer"])
def test_no_answer_of_the_server_holds_a_cost_for_those_who_may_not_know(
	role: str, web_address: str, logins: dict[str, dict[str, str]], secrets: dict[str, str]
) -> None:
	visitor = Visitor(web_address, logins[role]["user"], logins[role]["password"])
	asked = [*COMMON, *(reading for doctype, name in secrets.items() for reading in readings(doctype, name))]
	for path, query in asked:
		status, text = visitor.get(path, **query)
		found = SECRET.search(text)
		assert not found, (path, query, found)
		assert status < 500 or "Traceback" not in text, (path, status)


def test_finance_gets_them_by_the_same_addresses(
	web_address: str, logins: dict[str, dict[str, str]], secrets: dict[str, str]
) -> None:
	login = logins["Finance Reviewer"]
	visitor = Visitor(web_address, login["user"], login["password"])
	telling = {
		path
		for doctype, name in secrets.items()
		for path, query in readings(doctype, name)
		if SECRET.search(visitor.get(path, **query)[1])
	}
	assert len(telling) >= 25
	assert SECRET.search(visitor.get(COMMON[0][0], **COMMON[0][1])[1])
	assert SECRET.search(visitor.get(COMMON[2][0], **COMMON[2][1])[1])


@pytest.mark.parametrize(
	("role", "status"),
	[
		("Salesperson", 403),
		("Dealer", 403),
		("Planning Reviewer", 403),
		("Finance Reviewer", 417),
		("Order Administrator", 417),
		("Price Committee", 417),
	],
)
def test_nobody_prices_a_request_by_writing_its_status(
	role: str, status: int, web_address: str, logins: dict[str, dict[str, str]]
) -> None:
	visitor = Visitor(web_address, logins[role]["user"], logins[role]["password"])
	before = frappe.db.get_value(REQUEST, OPEN, ["status", "modified"])
	answer = visitor.put(f"/api/resource/{REQUEST}/{OPEN}", {"status": "Priced", "list_price": 1})
	assert answer[0] == status, answer
	frappe.db.rollback()
	assert frappe.db.get_value(REQUEST, OPEN, ["status", "modified"]) == before


def test_the_right_step_goes_by_rest_and_what_else_came_along_is_refused(
	web_address: str, logins: dict[str, dict[str, str]]
) -> None:
	login = logins["Order Administrator"]
	visitor = Visitor(web_address, login["user"], login["password"])
	made = visitor.put(f"/api/resource/{REQUEST}/{OPEN}", {"status": "Technical", "option_name": "别的"})
	assert made[0] == 417
	frappe.db.rollback()
	assert frappe.db.get_value(REQUEST, OPEN, "status") == "Requested"
