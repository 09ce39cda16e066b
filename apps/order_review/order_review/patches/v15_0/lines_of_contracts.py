"""Lines of contracts made before each had its own: the exchange rate and the salesperson of their intent order."""

from __future__ import annotations

import frappe

from order_review.constants import INTENT_ORDER, SALES_CONTRACT


def execute() -> None:
	"""Fill in what is empty."""
	found = frappe.get_all(
		"Sales Contract Line",
		{"parenttype": SALES_CONTRACT, "intent_order": ["is", "set"]},
		["name", "intent_order", "sales_person", "fx_rate"],
	)
	orders = {
		row.name: row
		for row in frappe.get_all(
			INTENT_ORDER,
			{"name": ["in", sorted({line.intent_order for line in found}) or [""]]},
			["name", "sales_person", "fx_rate"],
		)
	}
	for line in found:
		order = orders.get(line.intent_order)
		empty = {name: order[name] for name in ("sales_person", "fx_rate") if order and not line[name]}
		if empty:
			frappe.db.set_value("Sales Contract Line", line.name, empty, update_modified=False)
