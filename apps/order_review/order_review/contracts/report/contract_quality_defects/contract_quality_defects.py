"""Contract Quality Defects: which defects make most of the trouble (Pareto)."""

from __future__ import annotations

from typing import Any

from frappe import _

from order_review.services.quality import reports
from order_review.services.report_columns import column

NAME = "Contract Quality Defects"


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
	"""Columns, rows by occurrences, and the Pareto chart."""
	reports.checked(NAME)
	rows = reports.defect_rows(dict(filters or {}))
	return _columns(), rows, None, _chart(rows)


def _columns() -> list[dict[str, Any]]:
	return [
		column("defect", _("Defect"), "Data", 90),
		column("defect_name", _("Name"), "Data", 320),
		column("defect_group", _("Group"), "Data", 70),
		column("occurrences", _("Occurrences"), "Int", 130),
		column("contracts", _("Contracts"), "Int", 90),
		column("points", _("Points", context="Order Review"), "Float", 90, precision=1),
		column("share", _("Share of All"), "Percent", 130, precision=1),
		column("cumulated", _("Cumulated"), "Percent", 110, precision=1),
	]


def _chart(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
	if not rows:
		return None
	datasets = [
		{"name": _("Share of All"), "chartType": "bar", "values": [row["share"] for row in rows]},
		{"name": _("Cumulated (%)"), "chartType": "line", "values": [row["cumulated"] for row in rows]},
	]
	data = {"labels": [row["defect"] for row in rows], "datasets": datasets}
	return {"data": data, "type": "axis-mixed", "height": 240, "colors": ["#2b6cb0", "#c05621"]}
