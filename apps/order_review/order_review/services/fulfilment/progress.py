"""How far a contract has come: what of it is released, delivered and paid."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import cint, flt

from order_review.constants import (
	COORDINATION_ITEM,
	EXPEDITE_REQUEST,
	LIVERY_DESIGN,
	PRODUCTION_MILESTONE,
)
from order_review.services import payment_worth
from order_review.services.fulfilment import livery, lots, milestones

_CENT = 0.01


def begin(contract: Document, line: Document) -> None:
	"""What a line that goes on to the plant needs: its milestones and its livery design; safe to call again."""
	if lots.has_day(contract, line):
		milestones.plan(contract, line)
	livery.open_for(contract, cint(line.line_no))


def forget(contract: str) -> None:
	"""Take away with a contract what was begun for it."""
	for doctype in (PRODUCTION_MILESTONE, LIVERY_DESIGN, EXPEDITE_REQUEST, COORDINATION_ITEM):
		for name in frappe.get_all(doctype, {"sales_contract": contract}, pluck="name"):
			frappe.delete_doc(doctype, name, force=True, ignore_permissions=True)


def of(contract: str) -> dict[str, Any]:
	"""How far each line and the whole contract have come.

	Returns:
		``lines``: for each line its number, qty, sales_order, delivered (vehicles), is_delivered, is_paid and reached
		(furthest freeze point); ``delivered`` and ``paid``: whether that holds for all lines.
	"""
	rows = frappe.get_all(
		"Sales Contract Line",
		{"parent": contract, "parenttype": "Sales Contract"},
		["line_no", "qty"],
		order_by="line_no",
	)
	orders = sales_orders([contract])
	lines = [_of_line(contract, row, orders.get((contract, cint(row.line_no)), [])) for row in rows]
	return {
		"lines": lines,
		"delivered": bool(lines) and all(line["is_delivered"] for line in lines),
		"paid": bool(lines) and all(line["is_paid"] for line in lines),
	}


def _of_line(contract: str, row: Any, orders: list[Any]) -> dict[str, Any]:
	delivered = cint(sum(order.delivered for order in orders))
	return {
		"line_no": row.line_no,
		"qty": row.qty,
		"sales_order": orders[-1].name if orders else None,
		"delivered": delivered,
		"is_delivered": bool(orders) and delivered >= cint(row.qty),
		"is_paid": bool(orders) and all(_is_paid(order) for order in orders),
		"reached": milestones.reached(contract, row.line_no),
	}


def sales_orders(contracts: list[str]) -> dict[tuple[str, int], list[Any]]:
	"""Submitted Sales Orders by contract and line, each with the vehicles delivered."""
	found: dict[tuple[str, int], list[Any]] = {}
	orders = frappe.get_all(
		"Sales Order",
		{"sales_contract": ["in", contracts or [""]], "docstatus": 1},
		[
			"name",
			"sales_contract",
			"contract_line",
			"status",
			"currency",
			"conversion_rate",
			"grand_total",
			"advance_paid",
			"party_account_currency",
			"per_billed",
			"delivery_date",
		],
		order_by="creation",
	)
	delivered = _delivered([order.name for order in orders])
	for order in orders:
		order.delivered = delivered.get(order.name, 0)
		found.setdefault((order.sales_contract, cint(order.contract_line)), []).append(order)
	return found


def _delivered(orders: list[str]) -> dict[str, float]:
	rows = frappe.get_all(
		"Sales Order Item",
		{"parent": ["in", orders or [""]]},
		["parent", "sum(delivered_qty) as qty"],
		group_by="parent",
	)
	return {row.parent: flt(row.qty) for row in rows}


def _is_paid(order: Any) -> bool:
	"""Paid in advance, or billed in full with nothing outstanding."""
	if _advance(order) + _CENT >= flt(order.grand_total):
		return True
	return flt(order.per_billed) >= 100 - _CENT and flt(_outstanding(order.name)) < _CENT


def _advance(order: Any) -> float:
	"""What was paid in advance in the order's currency; ERPNext counts it in that of the receivable account."""
	counted = flt(order.advance_paid)
	if order.currency == (order.party_account_currency or order.currency) or not counted:
		return counted
	worth = allocated = 0.0
	for row in frappe.get_all(
		"Payment Entry Reference",
		{"reference_doctype": "Sales Order", "reference_name": order.name, "docstatus": 1},
		["parent", "allocated_amount"],
	):
		payment = frappe.get_doc("Payment Entry", row.parent)
		whole = payment_worth.party_amount(payment)
		share = flt(row.allocated_amount) / whole if whole else 0.0
		worth += share * payment_worth.in_currency(payment, order.currency, flt(order.conversion_rate))
		allocated += flt(row.allocated_amount) * (-1 if payment.payment_type == payment_worth.PAY else 1)
	return flt(worth + (counted - allocated) / (flt(order.conversion_rate) or 1), 2)


def _outstanding(order: str) -> float:
	invoices = frappe.get_all("Sales Invoice Item", {"sales_order": order, "docstatus": 1}, pluck="parent")
	rows = frappe.get_all(
		"Sales Invoice", {"name": ["in", set(invoices) or [""]]}, pluck="outstanding_amount"
	)
	return sum(flt(amount) for amount in rows)
