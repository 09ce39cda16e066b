"""Special options: what they were estimated to cost and what they did cost; for those who may know costs."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from order_review.constants import COST_READERS
from order_review.permissions import require_role
from order_review.services import special_option_costs
from order_review.services.report_columns import column, link, money, worded


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
	"""Columns, rows, no note, no chart, and a summary."""
	require_role(COST_READERS)
	rows = special_option_costs.rows(frappe._dict(filters or {}))
	return _columns(), worded(rows, status="Special Option Request"), None, None, _summary(rows)


def _columns() -> list[dict[str, Any]]:
	return [
		link("request_no", _("Special Option Request"), "Special Option Request", 140),
		column("option_name", _("Special Option"), "Data", 200),
		link("model", _("Vehicle Model"), "Vehicle Model", 130),
		column("status", _("Status"), "Data", 90),
		column("request_date", _("Request Date"), "Date", 100),
		column("qty", _("Quantity"), "Int", 80),
		money("unit_cost", _("Unit Cost")),
		money("dev_cost", _("Development Cost")),
		money("cost", _("Cost")),
		column("markup_pct", _("Markup"), "Percent", 80),
		money("list_price", _("List Price")),
		money("floor_price", _("Floor Price")),
		money("actual_cost", _("Real Cost per Vehicle")),
		column("variance_pct", _("Against the Estimate"), "Percent", 110),
		column("actual_margin_pct", _("Real Margin on the List Price"), "Percent", 110),
		column("actual_source", _("Where the Figures Come From"), "Data", 160),
		column("actual_on", _("Stated On"), "Date", 100),
	]


def _summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
	sums = special_option_costs.sums(rows)
	over = sums.real - sums.comparable
	return [
		{"label": _("Requests"), "value": len(rows), "datatype": "Int"},
		{"label": _("Estimated Cost of All Vehicles"), "value": sums.estimated, "datatype": "Currency"},
		{"label": _("With Real Cost"), "value": sums.known, "datatype": "Int"},
		{"label": _("Estimated Cost of These Vehicles"), "value": sums.comparable, "datatype": "Currency"},
		{"label": _("Real Cost of These Vehicles"), "value": sums.real, "datatype": "Currency"},
		{
			"label": _("More Than Estimated"),
			"value": over,
			"datatype": "Currency",
			"indicator": "Red" if over > 0 else "Green",
		},
	]
