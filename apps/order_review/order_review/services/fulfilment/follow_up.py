"""What deliveries, invoices and payments mean for the contract they are for: it goes on when they are booked."""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from order_review.constants import INTENT_ORDER, PRODUCTION_CONFIGURATION, SALES_CONTRACT
from order_review.exceptions import FulfilmentError
from order_review.services import conditions
from order_review.services.contracts import steps


def check_conditions(note: Document, method: str | None = None) -> None:
	"""No vehicle leaves while a condition that is due before its delivery is open.

	Raises:
		FulfilmentError: names the conditions. What comes back is no delivery.
	"""
	if cint(note.get("is_return")):
		return
	left = conditions.open_before(_promised_to(row.against_sales_order for row in note.items), "Delivery")
	if left:
		frappe.throw(
			_("Conditions before the delivery are open: {0}. Have them met or waived, then deliver.").format(
				"; ".join(f"{row['name']} {row['condition_text']}" for row in left)
			),
			title=_("Condition"),
			exc=FulfilmentError,
		)


def _promised_to(orders: Iterable[str | None]) -> list[tuple[str, str]]:
	"""Documents on whose conditions the vehicles of Sales Orders depend."""
	bound = frappe.get_all(
		"Sales Order",
		{"name": ["in", sorted({name for name in orders if name}) or [""]], "sales_contract": ["is", "set"]},
		["sales_contract", "production_configuration"],
	)
	contracts = sorted({row.sales_contract for row in bound})
	intents = frappe.get_all(
		"Sales Contract Line",
		{"parent": ["in", contracts or [""]], "parenttype": SALES_CONTRACT, "intent_order": ["is", "set"]},
		pluck="intent_order",
	)
	return [
		*(
			(PRODUCTION_CONFIGURATION, row.production_configuration)
			for row in bound
			if row.production_configuration
		),
		*((SALES_CONTRACT, name) for name in contracts),
		*((INTENT_ORDER, name) for name in sorted(set(intents))),
	]


def after_delivery(note: Document, method: str | None = None) -> None:
	"""A Delivery Note was submitted or cancelled."""
	_go_on(row.against_sales_order for row in note.items)


def after_invoice(invoice: Document, method: str | None = None) -> None:
	"""A Sales Invoice was submitted or cancelled."""
	_go_on(row.sales_order for row in invoice.items)


def after_payment(payment: Document, method: str | None = None) -> None:
	"""A Payment Entry was submitted or cancelled."""
	named = {
		doctype: [row.reference_name for row in payment.references if row.reference_doctype == doctype]
		for doctype in ("Sales Order", "Sales Invoice")
	}
	billed = frappe.get_all(
		"Sales Invoice Item", {"parent": ["in", named["Sales Invoice"] or [""]]}, pluck="sales_order"
	)
	_go_on([*named["Sales Order"], *billed])


def _go_on(orders: Iterable[str | None]) -> None:
	names = sorted({name for name in orders if name})
	contracts = frappe.get_all(
		"Sales Order",
		{"name": ["in", names or [""]], "sales_contract": ["is", "set"]},
		pluck="sales_contract",
	)
	for contract in sorted(set(contracts)):
		steps.progress(contract)
