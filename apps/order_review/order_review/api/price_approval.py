"""Price approvals for the Desk."""

from __future__ import annotations

import frappe

from order_review.services import price_approval


@frappe.whitelist(methods=["POST"])
def request(name: str) -> str:
	"""Ask for the approval of an intent order's price; tells its approval status."""
	return price_approval.request(name)


@frappe.whitelist(methods=["POST"])
def decide(name: str, decision: str, reason: str) -> str:
	"""Approve or reject an intent order's price with a reason; tells the name of the Price Approval."""
	return price_approval.decide(name, decision, reason)
