"""What deliveries, invoices and payments mean for the contract they are for: it goes on when they are booked."""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe.model.document import Document

from order_review.services.contracts import steps


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
