"""Estimated and real costs of special options, for the report; its caller checks who asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import frappe

from order_review.constants import SPECIAL_COST, SPECIAL_REQUEST

_COST = (
	"request_no qty unit_cost dev_cost cost markup_pct list_price floor_price actual_cost actual_qty variance_pct "
	"actual_margin_pct actual_source actual_on"
).split()
_UNKNOWN_AT_NOUGHT = "cost list_price floor_price actual_cost".split()
_OF_THE_COST = "unit_cost dev_cost markup_pct".split()
_OF_THE_REAL_COST = "variance_pct actual_margin_pct".split()
_REQUEST = "option_name model status request_date company".split()


def rows(filters: Any) -> list[dict[str, Any]]:
	"""One row for each price sheet, newest request first.

	Args:
		filters: model, from_date, to_date and with_real_cost; others are ignored.
	"""
	sheet, request = frappe.qb.DocType(SPECIAL_COST), frappe.qb.DocType(SPECIAL_REQUEST)
	query = (
		frappe.qb.from_(sheet)
		.join(request)
		.on(sheet.request_no == request.name)
		.select(*(sheet[name] for name in _COST), *(request[name] for name in _REQUEST))
		.orderby(request.request_date, order=frappe.qb.desc)
		.orderby(request.name)
	)
	if filters.get("model"):
		query = query.where(request.model == filters["model"])
	if filters.get("from_date"):
		query = query.where(request.request_date >= filters["from_date"])
	if filters.get("to_date"):
		query = query.where(request.request_date <= filters["to_date"])
	if filters.get("with_real_cost"):
		query = query.where(sheet.actual_cost > 0)
	return [
		{**_blank_unknown(row), "vehicles": row.actual_qty or row.qty or 0} for row in query.run(as_dict=True)
	]


def _blank_unknown(row: dict[str, Any]) -> dict[str, Any]:
	"""What was not stated yet is blank, not a figure of nought; development that costs nothing is nought."""
	blank = [name for name in _UNKNOWN_AT_NOUGHT if not row[name]]
	blank += _OF_THE_COST if not row["cost"] else []
	blank += _OF_THE_REAL_COST if not row["actual_cost"] else []
	return {**row, **dict.fromkeys(blank)}


@dataclass(frozen=True)
class Sums:
	"""Cost of all vehicles together.

	Attributes:
		known: price sheets with a real cost.
		estimated: estimated cost of all vehicles.
		comparable: estimated cost of those whose real cost is known.
		real: their real cost.
	"""

	known: int
	estimated: float
	comparable: float
	real: float


def sums(rows: Iterable[Mapping[str, Any]]) -> Sums:
	"""The sums above the report: estimates of every row, and real costs against the estimates of the same rows."""
	rows = list(rows)
	known = [row for row in rows if row["actual_cost"]]
	return Sums(
		len(known),
		sum((row["cost"] or 0) * row["vehicles"] for row in rows),
		sum((row["cost"] or 0) * row["vehicles"] for row in known),
		sum(row["actual_cost"] * row["vehicles"] for row in known),
	)
