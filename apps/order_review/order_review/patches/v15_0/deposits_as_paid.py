"""Deposits counted by the account they were booked on: each is what its payments are in the contract's currency."""

from __future__ import annotations

import frappe
from frappe.utils import flt

from order_review.constants import SALES_CONTRACT
from order_review.services.verify import money


def execute() -> None:
	"""Count the payments of each contract anew."""
	for name, received in money.paid().items():
		stored = frappe.db.get_value(SALES_CONTRACT, name, "deposit_received")
		if flt(stored, 2) != flt(received, 2):
			frappe.db.set_value(
				SALES_CONTRACT, name, "deposit_received", flt(received, 2), update_modified=False
			)
