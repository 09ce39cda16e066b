"""Floor, cost and approval level are not to be had by those who may not know them, by no way of reading."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import frappe
import pytest

from order_review.api.review import get_panel
from order_review.constants import INTENT_ORDER, PRICE_REVIEW
from order_review.exceptions import OrderReviewError
from tests.site.samples import as_user, copy_of, order_of

pytestmark = pytest.mark.usefixtures("demo_site")

FLOOR = 825200
SECRET_DOCTYPES = ("Price Book Floor", "Price Book Cost", "Special Option Cost", PRICE_REVIEW)
UNTOLD = ("sp", "mm", "ic", "ca", "au", "ls", "tr", "pl", "su", "mg", "qa", "cs", "pm", "km")
"""Roles that know neither floor nor cost."""
FLOOR_ONLY = ("oa", "os", "sm")
COST_READERS = ("fr", "mp", "vp", "pc")


def _said(answer: Any) -> str:
	return json.dumps(answer, default=str, ensure_ascii=False)


def _ways(order: str) -> Iterator[tuple[str, Callable[[], Any]]]:
	"""Every way the Desk and the REST API read a document or a list."""
	from frappe.desk import reportview
	from frappe.desk.form.load import get_docinfo, getdoc
	from frappe.desk.search import search_link

	def form() -> Any:
		frappe.response.docs = []
		getdoc(INTENT_ORDER, order)
		get_docinfo(doctype=INTENT_ORDER, name=order)
		return [doc.as_dict() for doc in frappe.response.docs], frappe.response.get("docinfo")

	def listed(doctype: str, **more: Any) -> Callable[[], Any]:
		return lambda: frappe.client.get_list(doctype, fields=["*"], limit_page_length=500, **more)

	def report() -> Any:
		frappe.local.form_dict = frappe._dict(doctype=INTENT_ORDER, fields='["*"]', filters="{}")
		return reportview.get()

	def export(doctype: str) -> Callable[[], Any]:
		def run() -> Any:
			frappe.local.form_dict = frappe._dict(
				doctype=doctype, fields=json.dumps([f"`tab{doctype}`.`name`"]), file_format_type="CSV"
			)
			reportview.export_query()
			return frappe.response.get("result")

		return run

	yield "get", lambda: frappe.client.get(INTENT_ORDER, order)
	yield "form", form
	yield "list", listed(INTENT_ORDER)
	yield "report view", report
	yield "versions", listed("Version", filters={"docname": order})
	yield "panel", lambda: get_panel(order)
	for table in frappe.get_meta(INTENT_ORDER).get_table_fields():
		yield f"rows {table.options}", listed(table.options, parent=INTENT_ORDER)
	for doctype in SECRET_DOCTYPES:
		yield f"list {doctype}", listed(doctype)
		yield f"get {doctype}", lambda doctype=doctype: frappe.client.get(doctype, order)
		yield (
			f"value {doctype}",
			lambda doctype=doctype: frappe.client.get_value(doctype, ["name", "creation"], order),
		)
		yield f"search {doctype}", lambda doctype=doctype: search_link(doctype, "IO")
		yield f"count {doctype}", lambda doctype=doctype: frappe.client.get_count(doctype, {"name": order})
		yield f"export {doctype}", export(doctype)


def _answers(order: str) -> dict[str, str]:
	"""What each way answers; a refusal answers nothing."""
	found = {}
	for way, ask in _ways(order):
		frappe.local.form_dict = frappe._dict()
		try:
			found[way] = _said(ask())
		except (frappe.PermissionError, frappe.DoesNotExistError):
			found[way] = ""
	return found


@pytest.mark.parametrize("user", UNTOLD)
def test_a_role_without_the_right_reads_no_floor_anywhere(user: str) -> None:
	order = order_of("IO-01").name
	as_user(user)
	answers = _answers(order)
	assert answers["get"], "the order itself is readable"
	for way, answer in answers.items():
		assert str(FLOOR) not in answer, way
		assert "825,200" not in answer, way
		assert "floor_price" not in answer, way
		assert "approval_level" not in answer, way
		assert '"L1"' not in answer, way
	for doctype in SECRET_DOCTYPES:
		for way in ("get", "list", "export", "count", "value", "search"):
			assert answers[f"{way} {doctype}"] in ("", "[]", "0", "null", "{}"), f"{way} {doctype}"


@pytest.mark.parametrize("user", [*FLOOR_ONLY, *COST_READERS])
def test_a_role_with_the_right_reads_the_floor_in_the_panel(user: str) -> None:
	order = order_of("IO-01").name
	as_user(user)
	panel = get_panel(order)
	assert str(FLOOR) in _said(panel)
	assert panel["approval"]["level"] == "L1"


@pytest.mark.parametrize("user", FLOOR_ONLY)
def test_floor_readers_do_not_learn_the_cost_of_an_internal_order(user: str) -> None:
	order = order_of("IO-05").name
	as_user(user)
	for way, answer in _answers(order).items():
		assert "606100" not in answer, way
		assert "606,100" not in answer, way
		if not way.startswith(("list", "rows", "report")):
			assert "30305" not in answer, way
	names = frappe.get_list(PRICE_REVIEW, pluck="name")
	assert order not in names
	assert order_of("IO-01").name in names


@pytest.mark.parametrize("user", COST_READERS)
def test_cost_readers_see_the_price_of_an_internal_order(user: str) -> None:
	order = order_of("IO-05").name
	as_user(user)
	panel = get_panel(order)
	assert {row["figure"]: row["amount"] for row in panel["figures"]}["review_price"] == 636405


def test_an_order_below_the_floor_looks_the_same_to_a_salesperson_as_one_above() -> None:
	above, below = copy_of("IO-01", negotiated_unit=826000), copy_of("IO-01", negotiated_unit=825000)
	for order in (above, below):
		order.insert()
	as_user("sp")
	seen = [get_panel(order.name) for order in (above, below)]
	for panel in seen:
		panel["figures"] = [
			row for row in panel["figures"] if row["figure"] not in ("negotiated", "deviation_pct", "total")
		]
	assert seen[0] == seen[1]
	assert above.verdict == below.verdict == "clear"
	as_user("oa")
	codes = [
		[f["code"] for d in get_panel(order.name)["departments"] for f in d["findings"]]
		for order in (above, below)
	]
	assert codes == [[], ["BELOW_FLOOR"]]


def test_an_internal_order_far_above_its_price_gives_nothing_away() -> None:
	order = copy_of("IO-05", negotiated_unit=2_000_000).insert()
	assert not order.findings
	assert order.verdict == "clear"
	assert not order.deviation_pct
	assert not order.review_price
	as_user("sm")
	assert "PRICE_ABOVE_REVIEW" not in _said(get_panel(order.name))
	as_user("fr")
	assert "PRICE_ABOVE_REVIEW" in _said(get_panel(order.name))


@pytest.mark.parametrize(
	("user", "sees"),
	[("sp", False), ("mm", False), ("mg", False), ("oa", True), ("ca", True), ("pl", True), ("pm", True)],
)
def test_assembly_numbers_are_for_those_who_work_with_the_production_configuration(
	user: str, sees: bool
) -> None:
	order = order_of("IO-01").name
	as_user(user)
	assert ("1000010-C12-D247" in _said(get_panel(order))) is sees


def test_a_salesperson_sees_the_orders_of_his_own_market_department_only() -> None:
	own, foreign = order_of("IO-01"), order_of("IO-02")
	as_user("sp")
	departments = {
		row.market_department for row in frappe.get_list(INTENT_ORDER, fields=["market_department"])
	}
	assert departments == {own.market_department}
	for ask in (
		lambda: frappe.client.get(INTENT_ORDER, foreign.name),
		lambda: get_panel(foreign.name),
		lambda: frappe.client.set_value(INTENT_ORDER, foreign.name, "qty", 1),
	):
		with pytest.raises(frappe.PermissionError):
			ask()
	rows = frappe.client.get_list(
		"Intent Order Option", fields=["parent"], parent=INTENT_ORDER, limit_page_length=2000
	)
	assert rows
	assert foreign.name not in {row["parent"] for row in rows}
	assert frappe.client.get_count(INTENT_ORDER, {"name": foreign.name}) == 0


def test_a_salesperson_cannot_take_over_or_push_away_an_order() -> None:
	own, foreign = order_of("IO-01"), order_of("IO-02")
	as_user("sp")
	with pytest.raises(frappe.PermissionError):
		frappe.client.set_value(INTENT_ORDER, foreign.name, "market_department", own.market_department)
	with pytest.raises(frappe.PermissionError):
		frappe.client.set_value(INTENT_ORDER, own.name, "market_department", foreign.market_department)


def test_a_salesperson_without_a_department_sees_no_order_at_all() -> None:
	login = as_user("sp")
	frappe.set_user("Administrator")
	frappe.db.delete("User Permission", {"user": login})
	frappe.cache.hdel("user_permissions", login)
	frappe.set_user(login)
	assert frappe.get_list(INTENT_ORDER) == []
	frappe.cache.hdel("user_permissions", login)


def test_a_dealer_has_no_way_into_the_documents() -> None:
	order = order_of("IO-01").name
	as_user("dl")
	answers = _answers(order)
	assert {answer for answer in answers.values()} <= {"", "[]", "0", "null", "{}"}


def test_a_salesperson_of_the_department_enters_and_saves_an_order() -> None:
	as_user("sp")
	order = copy_of("IO-01", negotiated_unit=850000)
	order.insert()
	assert order.owner == "sp@review.localhost"
	assert order.review_price == 855978
	order.qty = 11
	order.save()
	assert order.total == 11 * 850000


@pytest.mark.parametrize("user", ["oa", "pl", "ca", "tr"])
def test_who_only_reviews_does_not_write(user: str) -> None:
	order = order_of("IO-01")
	as_user(user)
	order.qty = 11
	with pytest.raises((frappe.PermissionError, OrderReviewError)):
		order.save()
