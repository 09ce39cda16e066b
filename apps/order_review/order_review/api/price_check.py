"""Price Check beyond the page on the screen."""

from __future__ import annotations

import frappe

from order_review.constants import INTENT_ORDER
from order_review.services.price_check import PriceCheck, require_price_reader
from order_review.services.price_check_columns import columns
from order_review.services.table_export import csv_bytes

_CHUNK = 5000


@frappe.whitelist()
def get_choices() -> dict[str, list[str]]:
	"""What the filters of the report offer: departments, dealers and salespersons that stand on orders."""
	require_price_reader()
	return {
		column: sorted(
			filter(None, frappe.get_list(INTENT_ORDER, pluck=column, distinct=True, order_by=column))
		)
		for column in ("market_department", "dealer", "sales_person")
	}


@frappe.whitelist(methods=["POST"])
def export_all(filters: str) -> None:
	"""Download every order the filters match as a CSV file.

	Args:
		filters: the report's filters as JSON.
	"""
	check = PriceCheck(frappe.parse_json(filters) or {})
	shown = columns(check.clearance)
	names = [column["fieldname"] for column in shown]
	total = check.totals().orders
	rows = (
		[row[name] for name in names]
		for offset in range(0, total, _CHUNK)
		for row in check.read(_CHUNK, offset)
	)
	frappe.response.filename = "price_check.csv"
	frappe.response.filecontent = csv_bytes([column["label"] for column in shown], rows)
	frappe.response.type = "download"
