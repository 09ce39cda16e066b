"""What leaves the server for each role: by HTTP alone, every list and every report of ours."""

from __future__ import annotations

import json
import re

import frappe
import pytest

from order_review.constants import COST_READERS, FLOOR_READERS
from tests.browser.crawl.places import AT_THE_DESK, being, doctypes, reports
from tests.browser.journeys.people import Logins
from tests.site.visiting import Visitor

COST = re.compile(r"^(?!without_).*(cost|margin)")
FLOOR = re.compile(r"floor")


@pytest.mark.long
@pytest.mark.parametrize("role", AT_THE_DESK)
def test_lists_and_reports_answer_whom_they_are_for_and_nobody_else(
	web_address: str, logins: Logins, role: str
) -> None:
	login = logins[role]
	visitor = Visitor(web_address, login["user"], login["password"])
	faults = [*_lists(visitor, login["user"]), *_reports(visitor, login["user"], role)]
	assert not faults, "\n".join(faults)


def _lists(visitor: Visitor, user: str) -> list[str]:
	"""Lists that answer whom they should not, or do not answer whom they should."""
	faults = []
	with being(user):
		readable = {doctype: bool(frappe.has_permission(doctype, "read")) for doctype in doctypes()}
	for doctype, may in readable.items():
		asked = {"doctype": doctype, "fields": json.dumps(["*"]), "page_length": 5}
		status, _text = visitor.get("/api/method/frappe.desk.reportview.get", **asked)
		if status != (200 if may else 403):
			faults.append(f"list of {doctype}: HTTP {status}, {'readable' if may else 'not readable'}")
	return faults


def _reports(visitor: Visitor, user: str, role: str) -> list[str]:
	"""Reports that answer whom they should not, or with figures that are not theirs."""
	faults = []
	with being(user):
		readable = {name: bool(frappe.get_doc("Report", name).is_permitted()) for name in reports()}
	for name, may in readable.items():
		asked = {"report_name": name, "filters": "{}", "ignore_prepared_report": "true"}
		status, text = visitor.get("/api/method/frappe.desk.query_report.run", **asked)
		if status == 417 and may:  # asks for a filter that only the report's page has a default for
			continue
		if status != (200 if may else 403):
			faults.append(f"report {name}: HTTP {status}, {'readable' if may else 'not readable'}")
		elif may:
			faults += [
				f"report {name}: column {column}" for column in _columns(text) if _is_secret(column, role)
			]
	return faults


def _columns(text: str) -> list[str]:
	"""Names of a report's columns."""
	found = json.loads(text)["message"].get("columns") or []
	return [column["fieldname"] for column in found if isinstance(column, dict)]


def _is_secret(column: str, role: str) -> bool:
	"""Whether a column holds what the role does not read."""
	return bool(
		(COST.search(column) and role not in COST_READERS)
		or (FLOOR.search(column) and role not in FLOOR_READERS)
	)
