"""Work Quality: the months of order and contract administrators."""

from __future__ import annotations

from typing import Any

from frappe import _

from order_review.services.quality import records, reports
from order_review.services.report_columns import column

NAME = "Work Quality"


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
	"""Columns, one for each type, and rows by month and points."""
	reports.checked(NAME)
	return _columns(), reports.work_rows(dict(filters or {}))


def _columns() -> list[dict[str, Any]]:
	types = [
		column(code, f"{code} {records.name_of(row)}", "Int", 170)
		for code, row in records.work_types().items()
	]
	return [
		column("month", _("Month", context="Order Review"), "Data", 90),
		column("user", _("User"), "Link", 180, options="User"),
		column("full_name", _("Name"), "Data", 140),
		column("records", _("Records"), "Int", 90),
		column("points", _("Points", context="Order Review"), "Float", 90, precision=1),
		*types,
	]
