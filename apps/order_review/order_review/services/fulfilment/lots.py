"""The lots a contract line is delivered in: those of the delivery date commitment, else everything on one day."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, getdate

from order_review.engine.delivery import Lot
from order_review.exceptions import OrderEntryError
from order_review.services import delivery_commitment

__all__ = ["Lot", "of_line"]


def of_line(contract: Document, line: Document) -> list[Lot]:
	"""Quantity and day of each lot of a line, earliest first.

	A commitment that was made for another quantity (a part of an intent order, several lines) gives its day alone.

	Raises:
		OrderEntryError: no day is promised and none is in the contract.
	"""
	found = _known(contract, line)
	if not found:
		frappe.throw(
			_("Line {0} of {1} has no delivery date. Planning commits to one first.").format(
				line.line_no, contract.name
			),
			title=_("Delivery Date", context="Order Review"),
			exc=OrderEntryError,
		)
	return found


def has_day(contract: Document, line: Document) -> bool:
	"""Whether it is known when a line is delivered."""
	return bool(_known(contract, line))


def _known(contract: Document, line: Document) -> list[Lot]:
	commitment = delivery_commitment.standing_for_line(contract, cint(line.line_no))
	promised = delivery_commitment.lots(commitment) if commitment else []
	if promised and sum(lot.qty for lot in promised) == cint(line.qty):
		return promised
	day = promised[-1].day if promised else line.get("delivery_date")
	return [Lot(cint(line.qty), getdate(day))] if day else []
