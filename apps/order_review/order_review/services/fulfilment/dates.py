"""One date for each lot: what a delivery date commitment promises is what milestones, Sales Order and sheet say.

The commitment is the truth. Whenever it changes, what was made from it moves along: the freeze points and the day the
livery is needed, the rows of the Sales Order with the payments counted from them, the week on the production sheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import cint, getdate

from order_review.constants import INTENT_ORDER, PRODUCTION_CONFIGURATION, SALES_CONTRACT
from order_review.engine import delivery
from order_review.services import delivery_commitment
from order_review.services.fulfilment import lots, milestones

RUNNING = ("Effective", "In Fulfilment")
"""States of a contract whose vehicles are on their way."""

_PLANNED = ("Department Confirmation", "Released")
"""States of a production configuration that carries Planning's date."""


def follow(commitment: Document) -> None:
	"""Move what was made from a commitment to its dates; where another one stands nearer to a line, to that one's."""
	for contract, line in lines_of(commitment):
		if delivery_commitment.standing_for_line(contract, cint(line.line_no)):
			follow_line(contract, line)


def follow_line(contract: Document, line: Document) -> None:
	"""Move milestones, livery, Sales Order and production configuration of a line to its lots."""
	from order_review.services.production import entry_sales_order

	if milestones.is_planned(contract.name, line.line_no):
		milestones.plan(contract, line)
	entry_sales_order.follow(contract, line)
	_follow_configuration(contract, line)


def lines_of(commitment: Document) -> Iterator[tuple[Document, Document]]:
	"""The lines of running contracts that may be delivered by a commitment, each with its contract."""
	for name in _contracts_of(commitment):
		# Under its lock: a release that is under way has written its Sales Order before this goes on.
		contract = frappe.get_doc(SALES_CONTRACT, name, for_update=True)
		for line in contract.lines:
			if _concerns(commitment, line):
				yield contract, line


def _contracts_of(commitment: Document) -> list[str]:
	names = [commitment.reference_name]
	if commitment.reference_doctype == INTENT_ORDER:
		lines = {"intent_order": commitment.reference_name, "parenttype": SALES_CONTRACT}
		names = frappe.get_all("Sales Contract Line", lines, pluck="parent", distinct=True)
	running = {"name": ["in", names or [""]], "status": ["in", RUNNING]}
	return list(frappe.get_all(SALES_CONTRACT, running, pluck="name", order_by="name"))


def _concerns(commitment: Document, line: Document) -> bool:
	if commitment.reference_doctype == INTENT_ORDER:
		return bool(line.get("intent_order") == commitment.reference_name)
	return cint(commitment.reference_line) in (0, cint(line.line_no))


def week_of(day: Any) -> dict[str, Any]:
	"""Fields of a production configuration that say when its vehicles are planned."""
	return {"committed_date": getdate(day), "planned_week": delivery.week_label(getdate(day))}


def _follow_configuration(contract: Document, line: Document) -> None:
	day = lots.of_line(contract, line)[-1].day
	versions = {
		"sales_contract": contract.name,
		"line_no": line.line_no,
		"status": ["in", _PLANNED],
		"committed_date": ["is", "set"],
	}
	for name in frappe.get_all(PRODUCTION_CONFIGURATION, versions, pluck="name"):
		frappe.db.set_value(PRODUCTION_CONFIGURATION, name, week_of(day), update_modified=False)
