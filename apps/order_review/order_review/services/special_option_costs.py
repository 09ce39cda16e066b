"""Estimated and real costs of special options, for the report; its caller checks who asks."""

from __future__ import annotations

from typing import Any

import frappe

from order_review.constants import SPECIAL_COST, SPECIAL_REQUEST

_COST = (
	"request_no qty unit_cost dev_cost cost markup_pct list_price floor_price actual_cost actual_qty variance_pct "
	"actual_margin_pct actual_source actual_on"
).split()
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
	return [{**row, "vehicles": row.actual_qty or row.qty or 0} for row in query.run(as_dict=True)]
