"""Orders built for stock (库存订单): how long their vehicles have been waiting for a buyer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
from frappe.utils import cint, date_diff, today

from order_review.constants import INTENT_ORDER, REVIEW_TASK

BRACKETS = ("0–30", "31–90", "91–180", "> 180")
"""Age in days."""

_LIMITS = (30, 90, 180)
_ENDED = ("Vetoed", "Withdrawn", "Converted")


def stock_orders(filters: Mapping[str, Any]) -> list[dict[str, Any]]:
	"""Stock orders the user may see with vehicles nobody has bought yet, oldest first.

	Args:
		filters: model, market_department, older_than (days).
	"""
	wanted: dict[str, Any] = {"order_type": "Stock", "status": ["not in", _ENDED]}
	wanted |= {name: filters[name] for name in ("model", "market_department") if filters.get(name)}
	fields = (
		"name model market_department sales_plan status order_date qty contracted_qty review_round".split()
	)
	found = frappe.get_list(INTENT_ORDER, wanted, fields, order_by="order_date asc", limit=0)
	approved = _approvals([row.name for row in found])
	rows = [_row(row, approved) for row in found]
	return [
		row for row in rows if row["remaining"] > 0 and row["age_days"] >= cint(filters.get("older_than"))
	]


def bracket(days: int) -> str:
	"""The age bracket of so many days."""
	return BRACKETS[sum(days > limit for limit in _LIMITS)]


def _row(row: Mapping[str, Any], approved: Mapping[tuple[str, int], str]) -> dict[str, Any]:
	days = date_diff(today(), row["order_date"])
	return {
		**row,
		"remaining": cint(row["qty"]) - cint(row["contracted_qty"]),
		"age_days": days,
		"bracket": bracket(days),
		"approved_by": approved.get((row["name"], cint(row["review_round"]))),
	}


def _approvals(names: list[str]) -> dict[tuple[str, int], str]:
	"""Order and round → who of Market Management agreed."""
	if not names:
		return {}
	agreed = {
		"reference_doctype": INTENT_ORDER,
		"reference_name": ["in", names],
		"department": "MKTMGT",
		"status": "Answered",
		"opinion": ["like", "Agree%"],
	}
	rows = frappe.get_all(REVIEW_TASK, agreed, ["reference_name", "review_round", "user"])
	return {(row.reference_name, cint(row.review_round)): row.user for row in rows}
