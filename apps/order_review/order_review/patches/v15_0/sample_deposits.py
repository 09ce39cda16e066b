"""Deposits of sample contracts were written down without a payment; each is one of its customer."""

from __future__ import annotations

import frappe

from order_review.constants import SALES_CONTRACT


def execute() -> None:
	"""Book the payment of each such contract of the sample data."""
	from order_review.demo import ledger, production

	for doctype, name in ledger.entries():
		if doctype == SALES_CONTRACT and _is_unpaid(name):
			frappe.db.set_value(SALES_CONTRACT, name, "deposit_received", 0, update_modified=False)
			production.pay_deposit(name)


def _is_unpaid(name: str) -> bool:
	received = frappe.db.get_value(SALES_CONTRACT, name, "deposit_received")
	return bool(received) and not frappe.db.exists("Payment Entry", {"sales_contract": name, "docstatus": 1})
