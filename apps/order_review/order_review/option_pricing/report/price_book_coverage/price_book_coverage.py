"""Price-book Coverage: what of the offered options each book prices, and days without a book."""

from __future__ import annotations

from typing import Any

from frappe import _
from frappe.utils import cint

from order_review.services.price_coverage import coverage, gaps
from order_review.services.report_columns import column, link, worded


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
	"""Columns, one row for each book and model, a note on days without a book, a chart, and counts."""
	filters = filters or {}
	rows = coverage(filters.get("price_book"), filters.get("model"), bool(cint(filters.get("only_gaps"))))
	return (
		_columns(),
		worded(rows, status="Price Book"),
		gaps(filters.get("from_date"), filters.get("to_date")),
		_chart(rows),
		_summary(rows),
	)


def _columns() -> list[dict[str, Any]]:
	return [
		link("price_book", _("Price Book"), "Price Book", 130),
		column("status", _("Status"), "Data", 90),
		column("valid_from", _("Valid From"), "Date", 100),
		column("valid_to", _("Valid To"), "Date", 100),
		link("model", _("Vehicle Model"), "Vehicle Model", 130),
		column("has_base", _("Base Price"), "Check", 80),
		column("offered", _("Offered Options"), "Int", 110),
		column("priced", _("Priced"), "Int", 80),
		column("coverage_pct", _("Coverage (%)"), "Float", 100, precision=1),
		column("without_floor", _("Without Floor"), "Int", 100),
		column("without_cost", _("Without Cost"), "Int", 100),
		column("in_the_air", _("Without Standard"), "Int", 120),
		column("missing", _("Missing Options"), "Data", 300),
	]


def _chart(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
	books = list(dict.fromkeys(row["price_book"] for row in rows))
	if not books:
		return None
	values = []
	for book in books:
		own = [row for row in rows if row["price_book"] == book]
		offered = sum(row["offered"] for row in own)
		values.append(round(sum(row["priced"] for row in own) / offered * 100, 1) if offered else 0)
	data = {"labels": books, "datasets": [{"name": _("Coverage (%)"), "values": values}]}
	return {"data": data, "type": "bar", "height": 180, "title": _("Coverage (%)"), "colors": ["#2f855a"]}


def _summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
	missing = sum(row["offered"] - row["priced"] for row in rows)
	counts = (
		(_("Price Books"), len({row["price_book"] for row in rows}), "Blue"),
		(_("Options Without Price"), missing, "Red" if missing else "Green"),
	)
	return [
		{"label": label, "value": value, "datatype": "Int", "indicator": colour}
		for label, value, colour in counts
	]
