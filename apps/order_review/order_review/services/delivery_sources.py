"""What a delivery date is promised for: an intent order, a contract or a line of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, getdate

from order_review.constants import INTENT_ORDER, SALES_CONTRACT
from order_review.exceptions import DeliveryCommitmentError
from order_review.services import order_rounds
from order_review.services.contracts.lines import salesperson_of

ENDED = frozenset({"Vetoed", "Withdrawn", "Expired", "Cancelled"})
"""States of a document in which nobody waits for its vehicles any more."""

_HEAD = ("company", "market_department", "sales_person", "customer", "dealer")


@dataclass(frozen=True)
class Promised:
	"""What stands in the document a date is promised for.

	Attributes:
		head: company, market department, salesperson, customer and dealer.
		model: code of the vehicle model; of several, the first.
		qty: vehicles.
		wish: the day the customer wants them.
		earliest: the first day that can be, as the review computed it.
	"""

	head: dict[str, Any]
	model: str
	qty: int
	wish: date | None
	earliest: date | None

	def values(self) -> dict[str, Any]:
		"""Fields of a Delivery Date Commitment."""
		own = {"model": self.model, "qty": self.qty, "wish": self.wish, "earliest": self.earliest}
		return {**self.head, **own}


def has_ended(document: Document) -> bool:
	"""Whether nobody waits for the document's vehicles: an expired intent order lives on in the contracts it has."""
	if document.get("status") == "Expired":
		return not cint(document.get("contracted_qty"))
	return document.get("status") in ENDED


def promised(document: Document, line: int = 0) -> Promised:
	"""What the document, or a line of it, asks for.

	Raises:
		DeliveryCommitmentError: no date is promised for such a document, or it has no such line.
	"""
	read = _SOURCES.get(document.doctype)
	if read is None:
		frappe.throw(
			_("No delivery date is promised for a {0}.").format(_(document.doctype)),
			exc=DeliveryCommitmentError,
		)
	return read(document, line)


def people(document: Document) -> list[str]:
	"""Users on the sales side who wrote the document."""
	if document.doctype == INTENT_ORDER:
		return sorted(order_rounds.authors(document))
	return [document.owner]


def doctypes() -> tuple[str, ...]:
	"""DocTypes a delivery date can be promised for."""
	return tuple(_SOURCES)


def _of_intent_order(order: Document, line: int) -> Promised:
	return Promised(
		_head(order),
		order.model,
		cint(order.contracted_qty) if order.status == "Expired" else cint(order.qty),
		_day(order.requested_delivery),
		_day(order.earliest_delivery),
	)


def _of_contract(contract: Document, line: int) -> Promised:
	rows = [row for row in contract.lines if not line or cint(row.line_no) == line]
	if not rows:
		frappe.throw(_("{0} has no line {1}.").format(contract.name, line or 1), exc=DeliveryCommitmentError)
	wishes = [_day(row.delivery_date) for row in rows if row.delivery_date]
	orders = [row.intent_order for row in rows if row.get("intent_order")]
	earliest = [_day(value) for value in _earliest(orders) if value]
	return Promised(
		_head(contract) | {"sales_person": salesperson_of(contract, rows[0])},
		rows[0].model,
		sum(cint(row.qty) for row in rows),
		max(filter(None, wishes), default=None),
		max(filter(None, earliest), default=None),
	)


def _earliest(orders: list[str]) -> list[Any]:
	if not orders:
		return []
	return frappe.get_all(INTENT_ORDER, {"name": ["in", orders]}, pluck="earliest_delivery")


def _head(document: Document) -> dict[str, Any]:
	return {name: document.get(name) for name in _HEAD}


def _day(value: Any) -> date | None:
	return getdate(value) if value else None


_SOURCES: dict[str, Callable[[Document, int], Promised]] = {
	INTENT_ORDER: _of_intent_order,
	SALES_CONTRACT: _of_contract,
}
