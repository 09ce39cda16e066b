"""Stock Order Age: vehicles ordered for stock that no contract has taken yet, oldest first."""

from __future__ import annotations

from typing import Any

from frappe import _

from order_review.services.report_columns import column, link, worded
from order_review.services.stock_orders import BRACKETS, stock_orders


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
	"""Columns, rows, no message, a chart of vehicles by age, and counts."""
	rows = stock_orders(filters or {})
	shown = [
		{**row, "bracket": _("{0} days").format(row["bracket"])}
		for row in worded(rows, status="Intent Order")
	]
	return _columns(), shown, None, _chart(rows), _summary(rows)


def _columns() -> list[dict[str, Any]]:
	return [
		link("name", _("Intent Order"), "Intent Order", 150),
		link("model", _("Vehicle Model"), "Vehicle Model", 140),
		column("market_department", _("Market Department"), "Data", 140),
		column("sales_plan", _("Sales Plan"), "Data", 160),
		column("status", _("Status"), "Data", 110),
		column("order_date", _("Order Date"), "Date", 100),
		column("qty", _("Quantity"), "Int", 80),
		column("remaining", _("Remaining Quantity"), "Int", 100),
		column("age_days", _("Age (Days)", context="Order Review"), "Int", 90),
		column("bracket", _("Age", context="Order Review"), "Data", 120),
		column("approved_by", _("Approved By"), "Data", 160),
	]


def _chart(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
	if not rows:
		return None
	values = [sum(row["remaining"] for row in rows if row["bracket"] == bracket) for bracket in BRACKETS]
	data = {
		"labels": [_("{0} days").format(bracket) for bracket in BRACKETS],
		"datasets": [{"name": _("Vehicles"), "values": values}],
	}
	return {"data": data, "type": "bar", "height": 180, "title": _("Vehicles by Age"), "colors": ["#2b6cb0"]}


def _summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
	old = sum(row["remaining"] for row in rows if row["bracket"] == BRACKETS[-1])
	counts = (
		(_("Stock Orders"), len(rows), "Blue"),
		(_("Vehicles Not Sold"), sum(row["remaining"] for row in rows), "Orange"),
		(_("Older Than {0} Days").format(180), old, "Red"),
	)
	return [
		{"label": label, "value": value, "datatype": "Int", "indicator": colour}
		for label, value, colour in counts
	]
