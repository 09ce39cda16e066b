"""Configuration help for the entry form."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import cint, getdate

from order_review.services import order_entry


@frappe.whitelist()
def get_defaults(model: str, order_date: str | None = None) -> dict[str, Any]:
	"""What a new order for the model starts with."""
	frappe.has_permission("Vehicle Model", "read", throw=True)
	return order_entry.defaults_for(model, getdate(order_date) if order_date else None)


@frappe.whitelist()
@frappe.validate_and_sanitize_search_inputs
def search_options(
	doctype: str, txt: str, searchfield: str, start: int, page_len: int, filters: dict[str, Any]
) -> list[tuple[str, str]]:
	"""Link search for options that the order's model offers."""
	frappe.has_permission("Vehicle Option", "read", throw=True)
	filters = frappe.parse_json(filters) or {}
	return order_entry.offered_options(
		str(filters.get("model") or ""),
		filters.get("family"),
		txt or "",
		cint(start),
		min(cint(page_len) or 20, 100),
	)
