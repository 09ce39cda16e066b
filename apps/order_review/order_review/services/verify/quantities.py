"""Vehicles add up: what is ordered, what contracts take of it, what is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import frappe
from frappe import _
from frappe.utils import cint

from order_review.constants import INTENT_ORDER, SALES_CONTRACT
from order_review.services.contracts import quantities
from order_review.services.verify.finding import Finding

_COUNTED = ("Valid", "Converted", "Expired")


def contracted_and_remaining_are_what_was_ordered() -> Iterator[Finding]:
	"""Contracted and remaining vehicles are those that were ordered; with none remaining an order is converted."""
	remedy = _("Count its contracts and put both figures right; nobody changes them by hand.")
	for order in _orders():
		contracted, remaining = cint(order.contracted_qty), cint(order.remaining_qty)
		if contracted + remaining != cint(order.qty):
			wrong = _("{0} vehicles are contracted and {1} remain; {2} were ordered.").format(
				contracted, remaining, order.qty
			)
			yield Finding(INTENT_ORDER, order.name, wrong, remedy)
		elif order.status != "Expired" and (order.status == "Converted") != (not remaining):
			wrong = _("It is {0}, and {1} vehicles remain.").format(
				_(order.status, context=INTENT_ORDER), remaining
			)
			yield Finding(INTENT_ORDER, order.name, wrong, remedy)


def contracts_take_what_their_orders_count() -> Iterator[Finding]:
	"""The vehicles an order counts as contracted stand in contracts that count."""
	remedy = _("See which contract took or gave back vehicles, and put the order's figure right.")
	taken = _taken()
	for order in _orders():
		if taken[order.name] != cint(order.contracted_qty):
			wrong = _("{0} vehicles are counted as contracted; its contracts have {1}.").format(
				cint(order.contracted_qty), taken[order.name]
			)
			yield Finding(INTENT_ORDER, order.name, wrong, remedy)


def _orders() -> list[frappe._dict]:
	fields = ["name", "status", "qty", "contracted_qty", "remaining_qty"]
	return list(frappe.get_all(INTENT_ORDER, {"status": ["in", _COUNTED]}, fields))


def _taken() -> Counter[str]:
	counting = frappe.get_all(
		SALES_CONTRACT, {"status": ["not in", list(quantities.RELEASING)]}, pluck="name"
	)
	rows = frappe.get_all(
		"Sales Contract Line",
		{"parenttype": SALES_CONTRACT, "parent": ["in", counting or [""]]},
		["intent_order", "qty"],
	)
	taken: Counter[str] = Counter()
	for row in rows:
		taken[row.intent_order] += cint(row.qty)
	return taken
