"""A rehearsal of next half-year's prices, and a wish to change a policy."""

from __future__ import annotations

import frappe

from order_review.services import price_rehearsal

from . import ledger
from .people import address
from .places import company

NEXT_BOOK = "PB-2027H1"


def create_rehearsal() -> None:
	"""What the prices of the next half-year would do to the sample orders."""
	if frappe.db.exists("Price Rehearsal", {"reference_name": NEXT_BOOK}) or not frappe.db.exists(
		"Price Book", NEXT_BOOK
	):
		return
	name = price_rehearsal.make("Price Book", NEXT_BOOK).name
	price_rehearsal.run(name)
	ledger.note("Price Rehearsal", name)


def create_adjustment_request() -> None:
	"""A policy adjustment request in draft, by the marketing planner."""
	if not frappe.db.exists("User", address("MP")):
		return
	ledger.make(
		"Policy Adjustment Request",
		{"title": "四季度12米车批量优惠调整(示例)"},
		company=company(),
		reason="竞争车型四季度加大批量优惠,10台以上订单流失。",
		proposal="10台档由2%调至3%,20台档由3%调至4%;新版本自2026-12-01起执行。",
		owner=address("MP"),
	)
