"""Review Time Split: working hours of each order's review that were ours, the dealer's and the supplier's."""

from __future__ import annotations

from typing import Any

from frappe import _

from order_review.services.report_columns import column, link, worded
from order_review.services.time_report import rows_of, totals

HOURS = ("ours", "dealer", "supplier")


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
	"""Columns, rows, no message, a chart of all hours by side, and medians."""
	rows = rows_of(filters or {})
	names = _labels()
	shown = [
		{**row, "ball": names.get(row["ball"] or "", "–")} for row in worded(rows, status="Intent Order")
	]
	return _columns(), shown, None, _chart(rows), _summary(rows)


def _columns() -> list[dict[str, Any]]:
	return [
		link("name", _("Intent Order"), "Intent Order", 150),
		column("title", _("Title"), "Data", 220),
		column("status", _("Status"), "Data", 110),
		column("market_department", _("Market Department"), "Data", 140),
		column("owner_oa", _("Order Administrator"), "Data", 160),
		column("review_round", _("Round"), "Int", 70),
		*(column(side, label, "Float", 110, precision=1) for side, label in _labels().items()),
		column("total", _("All Hours"), "Float", 100, precision=1),
		column("ball", _("Has the Ball"), "Data", 120),
	]


def _labels() -> dict[str, str]:
	return {"ours": _("Ours"), "dealer": _("Salesperson and Dealer"), "supplier": _("Supplier")}


def _chart(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
	if not rows:
		return None
	sums = totals(rows)
	data = {
		"labels": list(_labels().values()),
		"datasets": [
			{
				"name": _("Working Hours", context="Order Review"),
				"values": [round(sums[side], 1) for side in HOURS],
			}
		],
	}
	return {
		"data": data,
		"type": "bar",
		"height": 180,
		"title": _("Working Hours by Side"),
		"colors": ["#2b6cb0"],
	}


def _summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
	sums = totals(rows)
	shown = (
		(_("Orders"), len(rows), "Int", "Blue"),
		(_("Median of Our Hours"), sums["median_ours"], "Float", "Blue"),
		(_("Nine of Ten Within (Our Hours)"), sums["ninety_ours"], "Float", "Orange"),
		(_("Median of All Hours"), sums["median_total"], "Float", "Green"),
	)
	return [
		{"label": label, "value": value, "datatype": kind, "precision": 1, "indicator": colour}
		for label, value, kind, colour in shown
	]
