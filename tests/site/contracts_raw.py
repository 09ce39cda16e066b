"""Sales contracts as they stand in the database, without the steps that lead there."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document

from order_review.constants import INTENT_ORDER, SALES_CONTRACT
from order_review.demo.people import address


def contract(intent_order: str | None = None, qty: int | None = None, **values: Any) -> Document:
	"""A stored contract of an intent order, by default effective and of the sample salesperson.

	Args:
		values: fields of the contract; ``steps`` are statuses it went through, each with its moment.
	"""
	order = frappe.get_doc(INTENT_ORDER, intent_order) if intent_order else None
	steps = values.pop("steps", [("Effective", frappe.utils.now_datetime())])
	document = frappe.new_doc(SALES_CONTRACT)
	document.update(
		{
			"status": steps[-1][0],
			"company": frappe.db.get_value("Company", {}, "name"),
			"customer": order.customer if order else frappe.db.get_value("Customer", {}, "name"),
			"sales_person": order.sales_person if order else None,
			"market_department": frappe.db.get_value("Department", {"department_code": "MARKET-S"}),
			"contract_date": frappe.utils.today(),
			"review_round": 1,
			**values,
		}
	)
	document.append(
		"lines",
		{
			"line_no": 1,
			"intent_order": intent_order,
			"model": order.model if order else None,
			"qty": qty if qty is not None else order.qty,
		},
	)
	before = ""
	for status, moment in steps:
		step = {"from_status": before, "to_status": status, "actor": address("OA"), "occurred_at": moment}
		document.append("events", step)
		before = status
	return _store(document)


def _store(document: Document) -> Document:
	document.name = free_number()
	document.owner = document.modified_by = address("SP")
	document.creation = document.modified = frappe.utils.now()
	document.set_parent_in_children()
	document.db_insert()
	for row in document.get_all_children():
		row.db_insert()
	frappe.db.set_value(SALES_CONTRACT, document.name, "owner", address("SP"), update_modified=False)
	return frappe.get_doc(SALES_CONTRACT, document.name)


def free_number() -> str:
	"""A number no real contract has."""
	return f"SC-TEST-{frappe.generate_hash(length=8)}"
