"""The outbox for the Desk."""

from __future__ import annotations

import frappe

from order_review.constants import OUTBOX_MESSAGE
from order_review.permissions import require_role
from order_review.services import outbox


@frappe.whitelist(methods=["POST"])
def send_again(name: str) -> None:
	"""Put a message that was given up back into the queue."""
	require_role({"Order Supervisor", "System Manager"})
	frappe.has_permission(OUTBOX_MESSAGE, "read", doc=name, throw=True)
	outbox.send_again(name)
