"""The sample orders as documents of the site, and handy ways to make others."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document

from order_review.constants import INTENT_ORDER
from order_review.demo.orders import sample_orders

SAMPLES = {order["id"]: order for order in sample_orders()}


def order_of(sample: str) -> Document:
	"""The Intent Order made from a sample order."""
	return frappe.get_doc(INTENT_ORDER, frappe.db.get_value(INTENT_ORDER, {"external_id": sample}, "name"))


def copy_of(sample: str, **changes: Any) -> Document:
	"""A new, unsaved Intent Order like a sample order."""
	copy = frappe.copy_doc(order_of(sample))
	copy.update(changes)
	return copy


def choose(order: Document, option: str) -> None:
	"""Put an option in the place of the one its family has."""
	family = frappe.db.get_value("Vehicle Option", option, "family")
	row = next(row for row in order.configuration if row.family == family)
	row.vehicle_option, row.claimed_price, row.is_claimed = option, 0, 0


def codes(order: Document) -> list[tuple[str, str]]:
	"""Code and reference of the findings on an order."""
	return [(row.code, row.ref) for row in order.findings]


def as_user(user: str) -> str:
	"""Go on as this demo user."""
	login = f"{user}@review.localhost"
	frappe.set_user(login)
	return login
