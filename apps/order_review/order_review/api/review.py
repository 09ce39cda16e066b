"""Reviews for the Desk."""

from __future__ import annotations

from typing import Any

import frappe

from order_review.constants import INTENT_ORDER
from order_review.services.order_panel import panel_of


@frappe.whitelist()
def get_panel(name: str) -> dict[str, Any] | None:
	"""The review of an intent order as the user may see it, in the user's language; None when there is none yet."""
	order = frappe.get_doc(INTENT_ORDER, name)
	order.check_permission("read")
	return panel_of(order)
