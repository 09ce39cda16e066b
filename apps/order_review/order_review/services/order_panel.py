"""The review of an intent order as the user of the session may see it, in the user's language."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import frappe
from frappe.model.document import Document

from order_review.services import catalogue_store
from order_review.services.production import blind_check
from order_review.services.review_intent_order import kept_review, policy_outlook_of
from order_review.services.review_panel import panel
from order_review.services.review_views import EVERYTHING, Clearance, view


def panel_of(order: Document) -> dict[str, Any] | None:
	"""What the review panel shows of an order the user may read; None when there is no review yet."""
	whole = kept_review(order.name)
	if whole is None:
		return None
	user = frappe.session.user
	clearance = EVERYTHING if user == "Administrator" else Clearance.of_roles(frappe.get_roles(user))
	if blind_check.hides_order(order.name, user):
		clearance = replace(clearance, production=False)
	lang = "zh" if (frappe.local.lang or "").startswith("zh") else "en"
	internal = order.order_type == "Internal"
	policies = policy_outlook_of(order) if clearance.cost or not internal else []
	return panel(view(whole, internal, clearance), catalogue_store.current(), order.model, lang, policies)
