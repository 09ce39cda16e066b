"""Contract Quality Appeals: what salespeople disputed, and how it was decided."""

from __future__ import annotations

from typing import Any

from frappe import _

from order_review.services.quality import reports
from order_review.services.report_columns import column

NAME = "Contract Quality Appeals"


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
	"""Columns and rows, newest appeal first."""
	reports.checked(NAME)
	return _columns(), reports.appeal_rows(dict(filters or {}))


def _columns() -> list[dict[str, Any]]:
	return [
		column(
			"assessment",
			_("Assessment", context="Order Review"),
			"Link",
			150,
			options="Contract Quality Assessment",
		),
		column("quality_month", _("Month", context="Order Review"), "Data", 90),
		column("sales_contract", _("Sales Contract"), "Link", 140, options="Sales Contract"),
		column("sales_person", _("Salesperson"), "Data", 110),
		column("market_department", _("Market Department"), "Data", 140),
		column("defect", _("Defect"), "Data", 80),
		column("defect_name", _("Name"), "Data", 200),
		column("count", _("Occurrences"), "Int", 90),
		column("points", _("Points", context="Order Review"), "Float", 80, precision=1),
		column("dispute", _("Grounds of the Appeal"), "Data", 240),
		column("disputed_on", _("Disputed On"), "Datetime", 150),
		column("decision", _("Decision"), "Data", 90),
		column("decision_note", _("Why Decided So"), "Data", 240),
		column("decided_by", _("Decided By"), "Link", 150, options="User"),
	]
