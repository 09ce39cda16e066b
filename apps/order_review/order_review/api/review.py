"""Reviews for the Desk."""

from __future__ import annotations

from typing import Any

import frappe

from order_review.constants import INTENT_ORDER
from order_review.services import catalogue_store
from order_review.services.review_intent_order import kept_review, policy_outlook_of
from order_review.services.review_panel import panel
from order_review.services.review_views import EVERYTHING, Clearance, view


@frappe.whitelist()
def get_panel(name: str) -> dict[str, Any] | None:
	"""The review of an intent order as the user may see it, in the user's language; None when there is none yet."""
	order = frappe.get_doc(INTENT_ORDER, name)
	order.check_permission("read")
	whole = kept_review(name)
	if whole is None:
		return None
	user = frappe.session.user
	clearance = EVERYTHING if user == "Administrator" else Clearance.of_roles(frappe.get_roles(user))
	lang = "zh" if (frappe.local.lang or "").startswith("zh") else "en"
	internal = order.order_type == "Internal"
	policies = policy_outlook_of(order) if clearance.cost or not internal else []
	return panel(view(whole, internal, clearance), catalogue_store.current(), order.model, lang, policies)
