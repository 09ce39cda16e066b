"""Price Check, the authority log and the other reports on prices: right figures, and only for those who may know them."""

from __future__ import annotations

import json
from typing import Any

import frappe
import pytest
from frappe.desk.query_report import run

from order_review.api.price_check import export_all, get_choices
from order_review.services import price_approval
from order_review.services.price_check import PriceCheck
from order_review.services.table_export import csv_bytes, safe_cell
from tests.site.samples import as_user, order_of

pytestmark = pytest.mark.usefixtures("demo_site")

SECRET_COLUMNS = {"cost", "margin", "margin_pct"}
FLOOR_ROLES = ("oa", "os", "sm", "fr", "mp", "vp", "pc")
OTHERS = ("sp", "mm", "ic", "ca", "au", "ls", "tr", "pl", "su", "mg", "qa", "cs", "pm", "km")


def report(name: str = "Price Check", **filters: Any) -> dict[str, Any]:
	return run(name, filters=json.dumps(filters))


def rows(**filters: Any) -> dict[str, dict[str, Any]]:
	"""Rows of Price Check by intent order."""
	return {row["intent_order"]: row for row in report(**filters)["result"]}


def test_every_figure_of_the_worked_example() -> None:
	as_user("fr")
	row = rows()[order_of("IO-01").name]
	expected = {
		"base_list": 798000,
		"options_list": 88200,
		"specials_list": 0,
		"surcharges": 0,
		"configured_list": 886200,
		"discounts": 34022,
		"services_total": 3800,
		"review_price": 855978,
		"floor_price": 825200,
		"negotiated": 848000,
		"deviation_pct": -0.93,
		"approval_level": "L1",
		"headroom": 22800,
		"total": 8480000,
		"price_book": "PB-2026H2",
	}
	assert {name: row[name] for name in expected} == expected


def test_margin_is_what_is_paid_for_the_vehicle_less_its_cost() -> None:
	as_user("fr")
	row = rows()[order_of("IO-01").name]
	from order_review.services import catalogue_store

	catalogue = catalogue_store.current()
	book = catalogue.price_books["PB-2026H2"]
	order = order_of("IO-01")
	chosen = [entry.vehicle_option for entry in order.configuration]
	cost = book.base["XQK6128H"].cost + sum(book.options[option, "XQK6128H"].cost for option in chosen)
	assert row["cost"] == cost
	assert row["margin"] == 848000 - 3800 - float(cost)


def test_totals_cover_all_orders_whatever_the_page_shows() -> None:
	as_user("fr")
	whole = report()
	page = report(page_size=2)
	assert len(page["result"]) == 2
	assert page["report_summary"] == whole["report_summary"]
	assert "2 of" in page["message"]
	pages = range(1, len(whole["result"]) // 2 + 2)
	names = [row["intent_order"] for number in pages for row in report(page_size=2, page=number)["result"]]
	assert sorted(names) == sorted(row["intent_order"] for row in whole["result"])


def test_sums_are_those_of_the_rows() -> None:
	as_user("fr")
	found = PriceCheck({})
	totals, listed = found.totals(), found.rows()
	priced = [row for row in listed if row["review_price"]]
	assert totals.orders == len(listed)
	assert totals.review_value == sum(row["review_price"] * row["qty"] for row in priced)
	assert totals.negotiated_value == sum(row["negotiated"] * row["qty"] for row in priced)
	assert sum(totals.by_level.values()) == totals.orders


def test_filters_leave_what_they_say() -> None:
	as_user("fr")
	first = order_of("IO-01")
	assert set(rows(policy="POL-26-GIFTADS")) >= {first.name}
	assert all(row["model"] == "XQK6128H" for row in rows(model="XQK6128H").values())
	assert all(row["deviation_pct"] <= -0.5 for row in rows(deviation_below=-0.5).values())
	assert set(rows(customer=first.customer[:4])) >= {first.name}
	assert not rows(from_date="2030-01-01")
	assert {row["approval_level"] for row in rows(approval_level="L1").values()} == {"L1"}


@pytest.mark.parametrize(
	"attack",
	["' or 1=1 --", "x`; drop table `tabUser`; --", '" union select password from __Auth', "%", "\x00"],
)
def test_filters_are_values_never_sql(attack: str) -> None:
	as_user("fr")
	for name in ("model", "customer", "approval_level", "policy", "sorting", "dealer", "status"):
		found = report(**{name: attack})["result"]
		assert len(found) in (0, len(rows())), name
	assert frappe.db.exists("User", "Administrator")


@pytest.mark.parametrize("code", OTHERS)
def test_others_are_refused_every_report_on_floors(code: str) -> None:
	as_user(code)
	for name in ("Price Check", "Authority Log"):
		with pytest.raises(frappe.PermissionError):
			report(name)
	with pytest.raises(frappe.PermissionError):
		PriceCheck({})  # the list of roles on the Report is not the only lock
	with pytest.raises(frappe.PermissionError):
		export_all("{}")
	with pytest.raises(frappe.PermissionError):
		get_choices()


@pytest.mark.parametrize("code", FLOOR_ROLES)
def test_cost_and_margin_are_columns_of_cost_readers_only(code: str) -> None:
	as_user(code)
	found = report()
	columns = {column["fieldname"] for column in found["columns"]}
	known = code in ("fr", "mp", "vp", "pc")
	assert (SECRET_COLUMNS <= columns) is known
	assert any(SECRET_COLUMNS & row.keys() for row in found["result"]) is known
	assert ("Margin" in [card["label"] for card in found["report_summary"]]) is known
	internal = order_of("IO-05").name
	assert (internal in {row["intent_order"] for row in found["result"]}) is known
	export_all("{}")
	text = frappe.response.filecontent.decode("utf-8-sig")
	assert ("Margin" in text.splitlines()[0]) is known
	assert (internal in text) is known


def test_the_export_holds_every_row_and_no_formula() -> None:
	as_user("fr")
	export_all(json.dumps({"page_size": 1}))
	assert len(frappe.response.filecontent.decode("utf-8-sig").splitlines()) == len(rows()) + 1
	assert safe_cell("=cmd|' /C calc'!A0") == "'=cmd|' /C calc'!A0"
	assert safe_cell(-0.93) == -0.93
	assert csv_bytes(["a"], [["+1"]]).decode("utf-8-sig").splitlines()[1] == "'+1"


def test_who_approved_stands_in_price_check_and_in_the_log() -> None:
	order = order_of("IO-01").name
	as_user("mm")
	price_approval.decide(order, "Approved", "长期客户")
	as_user("fr")
	assert rows()[order]["approver"] == "mm@review.localhost"
	logged = report("Authority Log", intent_order=order)["result"]
	assert [(row["decision"], row["approval_level"], row["reason"], row["is_void"]) for row in logged] == [
		("Approved", "L1", "长期客户", 0)
	]


def test_an_approval_that_is_void_is_not_shown_as_approval() -> None:
	order = order_of("IO-01")
	as_user("mm")
	price_approval.decide(order.name, "Approved", "长期客户")
	frappe.set_user("Administrator")
	order.reload()
	order.negotiated_unit = 840000
	order.save()
	as_user("fr")
	assert rows()[order.name]["approver"] is None
	assert [row["is_void"] for row in report("Authority Log", intent_order=order.name)["result"]] == [1]
	assert report("Authority Log", intent_order=order.name, only_valid=1)["result"] == []


# --- the other reports -------------------------------------------------------------------------------------


def test_coverage_tells_complete_books_and_days_without_one() -> None:
	as_user("fr")
	found = report("Price Book Coverage", from_date="2026-01-01", to_date="2027-12-31")
	assert {row["coverage_pct"] for row in found["result"]} == {100.0}
	assert "2027-07-01 – 2027-12-31" in found["message"]
	assert report("Price Book Coverage", only_gaps=1)["result"] == []


def test_coverage_counts_what_a_book_lacks() -> None:
	frappe.db.delete("Price Book Option", {"price_book": "PB-2026H2", "vehicle_option": "ENG-D247"})
	from order_review.services import catalogue_store

	catalogue_store.touch()
	as_user("fr")
	(row,) = report("Price Book Coverage", price_book="PB-2026H2", only_gaps=1)["result"]
	assert (row["model"], row["missing"], row["offered"] - row["priced"]) == ("XQK6128H", "ENG-D247", 1)


def test_price_history_keeps_floor_and_cost_from_sales() -> None:
	asked = {"model": "XQK6128H", "option": "ENG-D247"}
	as_user("sp")
	found = report("Price History", **asked)
	assert [row["list"] for row in found["result"]] == [16000, 16000, 16300]
	assert not {"floor", "cost"} & {key for row in found["result"] for key in row}
	assert len(found["chart"]["data"]["datasets"]) == 1
	as_user("fr")
	assert report("Price History", **asked)["result"][0]["cost"] == 11800


def test_policies_in_force_are_the_annual_policy_of_the_day() -> None:
	as_user("sp")

	def on_day(day: str) -> set[str]:
		return {row["policy"] for row in report("Policies in Force", on=day)["result"]}

	assert {"POL-26-VOLC", "POL-26-Q4C10", "POL-26-BATSUR"} <= on_day("2026-11-16")
	assert "POL-26-DEMO" not in on_day("2026-11-16")  # suspended
	assert "POL-26-Q4C10" not in on_day("2026-09-30")
	assert on_day("2027-06-01") == set()
