"""Vehicles of an intent order that contracts take up, counted on the intent order under the lock of its row."""

from __future__ import annotations

from collections import Counter

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from order_review.constants import INTENT_ORDER
from order_review.exceptions import ContractError
from order_review.services import intent_steps

RELEASING = frozenset({"Withdrawn", "Vetoed", "Cancelled"})
"""Statuses of contracts that take up no vehicles."""


def taken(contract: Document | None) -> Counter[str]:
	"""Intent order → vehicles a contract takes up."""
	found: Counter[str] = Counter()
	if contract is not None and contract.status not in RELEASING:
		for row in contract.lines:
			found[row.intent_order] += cint(row.qty)
	return found


_WITH_VEHICLES = ("Valid", "Converted", "Expired")
"""Statuses of an intent order whose vehicles a contract may have taken."""


def book(before: Counter[str], after: Counter[str], *, comes_back: bool = False) -> None:
	"""Count what a contract takes up more or less than before; the intent orders' rows stay locked until the end.

	Args:
		before: intent order → vehicles, as the contract stood.
		after: the same as it stands now.
		comes_back: the contract's veto is lifted; the vehicles were its own while their order was in date.

	Raises:
		ContractError: an intent order has fewer vehicles left.
		IntentOrderStepError: an intent order is no longer open for contracting.
	"""
	for name in sorted({*before, *after}):  # one order for everybody, so that nobody waits in a circle
		more = after[name] - before[name]
		if more:
			_count(frappe.get_doc(INTENT_ORDER, name, for_update=True), more, before[name], comes_back)


def _count(order: Document, more: int, had: int, comes_back: bool) -> None:
	if more > 0:
		if not (comes_back and order.status in _WITH_VEHICLES):
			intent_steps.check_contractable(order)
		left = intent_steps.remaining(order)
		if more > left:
			frappe.throw(
				_("{0}: {1} vehicles are wanted; this contract can have {2} of the {3} at most.").format(
					order.name, had + more, had + left, order.qty
				),
				title=_("Vehicles to Contract"),
				exc=ContractError,
			)
	intent_steps.note_contracted(order.name, max(0, cint(order.contracted_qty) + more))
