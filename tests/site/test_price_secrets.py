"""Floor and cost lines, rehearsals and costs of orders are unreadable for sales, dealers and planners by any path."""

from __future__ import annotations

import json
from typing import Any

import frappe
import pytest
from frappe.desk import reportview
from frappe.desk.search import search_link

from order_review.services import price_rehearsal
from tests.site.samples import as_user, order_of

pytestmark = pytest.mark.usefixtures("demo_site")

FLOOR_DOCTYPES = (
	"Price Book Floor",
	"Price Book Option Floor",
	"Price Rehearsal",
	"Price Approval",
	"Intent Order Price Review",
)
COST_DOCTYPES = ("Price Book Cost", "Price Book Option Cost", "Intent Order Cost")
UNTOLD = ("sp", "dl", "pl", "mm", "ic", "tr", "su", "km")


def _answers(doctype: str, name: str) -> list[Any]:
	"""What each way of reading answers; a refusal answers nothing."""

	def export() -> Any:
		frappe.local.form_dict = frappe._dict(
			doctype=doctype, fields=json.dumps([f"`tab{doctype}`.`name`"]), file_format_type="CSV"
		)
		reportview.export_query()
		return frappe.response.get("result")

	ways = (
		lambda: frappe.client.get(doctype, name),
		lambda: frappe.client.get_list(doctype, fields=["*"]),
		lambda: frappe.client.get_value(doctype, "name", {"name": name}),
		lambda: frappe.client.get_count(doctype, {"name": name}),
		lambda: search_link(doctype, name[:4]),
		lambda: frappe.get_list("Version", filters={"ref_doctype": doctype}),
		export,
	)
	found = []
	for way in ways:
		frappe.local.form_dict = frappe._dict()
		try:
			found.append(way())
		except (frappe.PermissionError, frappe.DoesNotExistError):
			frappe.clear_messages()
	return [answer for answer in found if answer]


@pytest.fixture
def names() -> dict[str, str]:
	"""One record of each kind, a rehearsal among them."""
	rehearsal = price_rehearsal.run(price_rehearsal.make("Price Book", "PB-2027H1").name)
	found = {
		doctype: frappe.db.get_value(doctype, {}, "name") for doctype in (*FLOOR_DOCTYPES, *COST_DOCTYPES)
	}
	return {**found, "Price Rehearsal": rehearsal.name, "Price Approval": found["Price Approval"] or "none"}


@pytest.mark.parametrize("code", UNTOLD)
def test_who_may_not_know_reads_nothing(names: dict[str, str], code: str) -> None:
	as_user(code)
	for doctype, name in names.items():
		assert _answers(doctype, name) == [], doctype


def test_readers_do_read_so_that_the_test_means_something(names: dict[str, str]) -> None:
	as_user("oa")
	for doctype in FLOOR_DOCTYPES:
		if names[doctype] != "none":
			assert _answers(doctype, names[doctype]), doctype
	for doctype in COST_DOCTYPES:
		assert _answers(doctype, names[doctype]) == [], doctype
	as_user("fr")
	for doctype in COST_DOCTYPES:
		assert _answers(doctype, names[doctype]), doctype


def test_the_form_of_a_book_tells_a_salesperson_list_prices_only() -> None:
	from frappe.desk.form.load import getdoc

	as_user("sp")
	frappe.response.docs = []
	getdoc("Price Book", "PB-2026H2")
	said = json.dumps([document.as_dict() for document in frappe.response.docs], default=str)
	assert "798000" in said
	for secret in ("742100", "floor", '"cost'):  # floor of the base of XQK6128H
		assert secret not in said, secret


def test_a_rehearsal_shows_no_price_of_internal_orders(names: dict[str, str]) -> None:
	document = frappe.get_doc("Price Rehearsal", names["Price Rehearsal"])
	internal = order_of("IO-05").name
	assert [(row.before, row.after) for row in document.rows if row.intent_order == internal] in (
		[],
		[(0, 0)],
	)
