"""Figures of the report Review Time Split: hours of each side by order, medians over all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median, quantiles
from typing import Any

import frappe

from order_review.constants import INTENT_ORDER
from order_review.services import clocks
from order_review.services.intent_steps import OPEN

MOST_ROWS = 2_000
"""Orders the report looks at, the latest first."""

_SHOWN = ["name", "title", "status", "market_department", "owner_oa", "review_round"]


def rows_of(filters: Mapping[str, Any]) -> list[dict[str, Any]]:
	"""The orders the user sees that were sent for review, with the hours of each side.

	Args:
		filters: ``from_date``, ``to_date`` of the order date, ``market_department``, ``owner_oa``, ``is_open``.
	"""
	wanted: list[list[Any]] = [["review_round", ">", 0]]
	wanted += [[name, "=", filters[name]] for name in ("market_department", "owner_oa") if filters.get(name)]
	if filters.get("from_date"):
		wanted.append(["order_date", ">=", filters["from_date"]])
	if filters.get("to_date"):
		wanted.append(["order_date", "<=", filters["to_date"]])
	if filters.get("is_open"):
		wanted.append(["status", "in", OPEN])
	rows = frappe.get_list(
		INTENT_ORDER, filters=wanted, fields=_SHOWN, order_by="order_date desc", limit_page_length=MOST_ROWS
	)
	names = [row.name for row in rows]
	hours, balls = clocks.time_splits(INTENT_ORDER, names), clocks.ball_holders(INTENT_ORDER, names)
	return [
		{**row, **hours[row.name], "total": round(sum(hours[row.name].values()), 2), "ball": balls[row.name]}
		for row in rows
	]


def totals(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
	"""Hours of each side, and medians of our own and of all hours."""
	ours, whole = [row["ours"] for row in rows], [row["total"] for row in rows]
	return {
		**{side: sum(row[side] for row in rows) for side in ("ours", "dealer", "supplier")},
		"median_ours": median(ours) if ours else 0.0,
		"ninety_ours": quantiles(ours, n=10, method="inclusive")[-1] if len(ours) > 1 else sum(ours),
		"median_total": median(whole) if whole else 0.0,
	}
