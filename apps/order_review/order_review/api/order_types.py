"""What the order types ask of others, for the Desk."""

from __future__ import annotations

import frappe

from order_review.constants import INTENT_ORDER
from order_review.services import order_types


@frappe.whitelist(methods=["POST"])
def verify_customer(name: str) -> None:
	"""Write down that the data of an intent order's new customer were checked; for Market Management."""
	order = frappe.get_doc(INTENT_ORDER, name)
	order_types.check_verify(order)
	order_types.verify_customer(order)
