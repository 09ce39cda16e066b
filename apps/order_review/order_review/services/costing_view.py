"""What of a special option's costs a user may see in the request's form."""

from __future__ import annotations

from typing import Any

import frappe

from order_review.constants import SPECIAL_COST, SPECIAL_DEVELOPMENT, SPECIAL_FLOOR, SPECIAL_QUOTATION

_QUOTATION = [
	"name", "supplier", "quotation_no", "unit_cost", "moq", "lead_days", "valid_to", "is_chosen", "is_withdrawn"
]  # fmt: skip
_SHEET = [
	"name", "qty", "unit_cost", "dev_cost", "cost", "markup_pct", "list_price", "floor_price", "valid_to",
	"quotation_valid_to", "actual_cost", "variance_pct", "actual_margin_pct",
]  # fmt: skip


def sees_costing(user: str) -> bool:
	"""Whether there is anything to see for the user."""
	kinds = (SPECIAL_QUOTATION, SPECIAL_DEVELOPMENT, SPECIAL_COST, SPECIAL_FLOOR)
	return any(frappe.has_permission(doctype, "read", user=user) for doctype in kinds)


def costing(request: str) -> dict[str, Any]:
	"""Quotations, development cost, price sheet and floor, each as far as the user's permissions go."""
	return {
		"quotations": _rows(SPECIAL_QUOTATION, request, _QUOTATION, "unit_cost"),
		"development": _row(SPECIAL_DEVELOPMENT, request, ["name", "dev_cost", "note"]),
		"sheet": _row(SPECIAL_COST, request, _SHEET),
		"floor": _row(SPECIAL_FLOOR, request, ["name", "floor_price"]),
		"may": {
			"quote": bool(frappe.has_permission(SPECIAL_QUOTATION, "create")),
			"develop": bool(frappe.has_permission(SPECIAL_DEVELOPMENT, "create")),
			"price": bool(frappe.has_permission(SPECIAL_COST, "write")),
		},
	}


def _rows(doctype: str, request: str, fields: list[str], order_by: str) -> list[Any] | None:
	if not frappe.has_permission(doctype, "read"):
		return None
	return frappe.get_list(doctype, filters={"request_no": request}, fields=fields, order_by=order_by)


def _row(doctype: str, request: str, fields: list[str]) -> Any:
	rows = _rows(doctype, request, fields, "name")
	return rows[0] if rows else None
