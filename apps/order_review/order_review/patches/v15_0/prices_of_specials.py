"""Prices of special options that were released before they were dated: each stands beside what it was made of."""

from __future__ import annotations

from typing import Any

import frappe

from order_review.constants import SPECIAL_COST, SPECIAL_PRICE, SPECIAL_RELEASED_COST, SPECIAL_REQUEST


def execute() -> None:
	"""Write the last released price of each request down, and its costs where the sheet still has them."""
	fields = ["name", "list_price", "valid_to", "lead_days", "notice_sent_on", "modified"]
	for request in frappe.get_all(
		SPECIAL_REQUEST, {"valid_to": ["is", "set"], "list_price": [">", 0]}, fields
	):
		released = {name: request[name] for name in ("list_price", "valid_to", "lead_days")}
		day = (request.notice_sent_on or request.modified).date()
		_add(SPECIAL_REQUEST, request.name, "prices", SPECIAL_PRICE, {**released, "released_on": day})
		sheet = frappe.db.get_value(
			SPECIAL_COST,
			{"request_no": request.name, "list_price": request.list_price, "valid_to": request.valid_to},
			["name", "valid_to", "list_price", "floor_price", "cost", "qty"],
			as_dict=True,
		)
		if sheet:
			_add(SPECIAL_COST, sheet.pop("name"), "releases", SPECIAL_RELEASED_COST, sheet)


def _add(parenttype: str, parent: str, table: str, doctype: str, values: dict[str, Any]) -> None:
	if frappe.db.exists(doctype, {"parenttype": parenttype, "parent": parent}):
		return
	place = {"parenttype": parenttype, "parent": parent, "parentfield": table, "idx": 1}
	row = frappe.get_doc({"doctype": doctype, **place, **values})
	row.set_new_name()
	row.db_insert()
