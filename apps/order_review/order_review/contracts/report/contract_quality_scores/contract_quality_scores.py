"""Contract Quality Scores: the monthly score sheet and ranking."""

from __future__ import annotations

from typing import Any

from frappe import _

from order_review.services.quality import reports
from order_review.services.report_columns import column

NAME = "Contract Quality Scores"


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
	"""Columns, rows, and a chart of the ranking."""
	reports.checked(NAME)
	rows = reports.score_rows(dict(filters or {}))
	return _columns(), rows, None, _chart(rows)


def _columns() -> list[dict[str, Any]]:
	return [
		column("quality_month", _("Month", context="Order Review"), "Data", 90),
		column("place", _("Place"), "Int", 70),
		column("title", _("Name"), "Data", 160),
		column("market_department", _("Market Department"), "Data", 150),
		column("score", _("Score", context="Order Review"), "Float", 80, precision=1),
		column("grade", _("Grade", context="Order Review"), "Data", 70),
		column("contracts", _("Contracts"), "Int", 90),
		column("vehicles", _("Vehicles"), "Int", 90),
		column("first_pass_rate", _("First-Pass Rate"), "Percent", 110, precision=1),
		column("return_rate", _("Return Rate"), "Percent", 100, precision=1),
		column("group_a", _("Configuration", context="Order Review"), "Int", 100),
		column("group_b", _("Price"), "Int", 80),
		column("group_c", _("Commercial Terms"), "Int", 80),
		column("group_d", _("Contract Documents"), "Int", 90),
		column("group_e", _("Process"), "Int", 80),
		column("price_error_amount", _("Amount of Price Errors"), "Currency", 150),
		column("late_changes", _("Late Changes"), "Int", 100),
		column("vetoes", _("Vetoed Contracts"), "Int", 120),
		column("appeals", _("Appeals"), "Int", 80),
		column("appeals_granted", _("Appeals Granted"), "Int", 120),
	]


def _chart(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
	if not rows:
		return None
	several = len({row["quality_month"] for row in rows}) > 1
	labels = [f"{row['title']} {row['quality_month']}" if several else row["title"] for row in rows]
	data = {
		"labels": labels,
		"datasets": [{"name": _("Score", context="Order Review"), "values": [row["score"] for row in rows]}],
	}
	return {"data": data, "type": "bar", "height": 220, "colors": ["#2b6cb0"]}
