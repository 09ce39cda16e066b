"""Every vehicle under contract has a lot with one date: in the commitment, the milestones and the Sales Order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, cint, getdate

from order_review.constants import DELIVERY_COMMITMENT, PRODUCTION_MILESTONE, SALES_CONTRACT
from order_review.engine import delivery
from order_review.engine.delivery import Lot
from order_review.services import delivery_commitment, delivery_sources
from order_review.services.fulfilment import dates, lots, milestones
from order_review.services.verify.finding import Finding


def lots_add_up_to_what_is_promised() -> Iterator[Finding]:
	"""The lots of a date that stands have its vehicles, and the last of them has its date."""
	remedy = _("Planning marks the date as broken and proposes it anew with its lots.")
	for name in frappe.get_all(
		DELIVERY_COMMITMENT, {"status": ["in", delivery_commitment.STANDING]}, pluck="name"
	):
		commitment = frappe.get_doc(DELIVERY_COMMITMENT, name)
		if not commitment.lots:
			continue
		rows = [Lot(cint(row.qty), getdate(row.delivery_date)) for row in commitment.lots]
		last = max(lot.day for lot in rows)
		if delivery.fault(rows, cint(commitment.qty)) or last != getdate(commitment.committed_date):
			wrong = _("Its lots ({0}) are not the {1} vehicles of {2}.").format(
				delivery.told(rows), commitment.qty, commitment.committed_date
			)
			yield Finding(DELIVERY_COMMITMENT, name, wrong, remedy)


def dates_are_promised_for_what_goes_on() -> Iterator[Finding]:
	"""A document, or a line of one, has one date, and none once it has ended."""
	live = frappe.get_all(
		DELIVERY_COMMITMENT,
		{"status": ["in", delivery_commitment.LIVE]},
		["name", "reference_doctype", "reference_name", "reference_line"],
		order_by="creation",
	)
	counted = Counter((row.reference_doctype, row.reference_name, cint(row.reference_line)) for row in live)
	for row in live:
		if counted[row.reference_doctype, row.reference_name, cint(row.reference_line)] > 1:
			wrong = _("There is another date for {0}.").format(row.reference_name)
			yield Finding(
				DELIVERY_COMMITMENT, row.name, wrong, _("Keep one; the administrator withdraws the other.")
			)
		document = frappe.db.get_value(row.reference_doctype, row.reference_name, "*", as_dict=True)
		if document and delivery_sources.has_ended(document):
			wrong = _("It takes capacity for {0}, which is {1}.").format(
				document.name, _(document.status, context=row.reference_doctype)
			)
			yield Finding(DELIVERY_COMMITMENT, row.name, wrong, _("Withdraw it, so that its week is free."))


def milestones_follow_the_lots() -> Iterator[Finding]:
	"""What is not reached yet is planned back from the day of its lot."""
	remedy = _("Let Planning propose the date again: the milestones are planned anew with that.")
	for contract, line, wanted in _promised_lines():
		if not milestones.is_planned(contract.name, line.line_no):
			wrong = _("Line {0} has no milestones.").format(line.line_no)
			yield Finding(SALES_CONTRACT, contract.name, wrong, remedy)
			continue
		there = _planned(contract.name, line.line_no)
		for number, lot in enumerate(wanted, 1):
			yield from _lot_findings(contract.name, line.line_no, number, lot, there)
		for lot_no, _point in sorted(key for key in there if key[0] > len(wanted)):
			if not there[lot_no, _point].reached_on:
				wrong = _("There is no lot {0} any more.").format(lot_no)
				yield Finding(PRODUCTION_MILESTONE, there[lot_no, _point].name, wrong, remedy)


def _lot_findings(
	contract: str, line: int, number: int, lot: Lot, there: dict[Any, Any]
) -> Iterator[Finding]:
	remedy = _("Let Planning propose the date again: the milestones are planned anew with that.")
	for point in milestones.points():
		row = there.get((number, point.code))
		if row is None:
			wrong = _("Line {0}, lot {1} has no milestone {2}.").format(line, number, point.code)
			yield Finding(SALES_CONTRACT, contract, wrong, remedy)
		elif not row.reached_on and (getdate(row.planned_on), cint(row.qty)) != (
			getdate(add_days(lot.day, -cint(point.days_before_offline))),
			lot.qty,
		):
			wrong = _("It is planned for {0} ({1} vehicles); its lot is {2} × {3}.").format(
				row.planned_on, row.qty, lot.qty, lot.day
			)
			yield Finding(PRODUCTION_MILESTONE, row.name, wrong, remedy)


def sales_orders_follow_the_lots() -> Iterator[Finding]:
	"""The rows of a line's Sales Order are its lots, and so is the week on its production configuration."""
	remedy = _("Let Planning propose the date again: the Sales Order follows it.")
	for contract, line, wanted in _promised_lines():
		order = frappe.db.get_value(
			"Sales Order", {"sales_contract": contract.name, "contract_line": line.line_no, "docstatus": 1}
		)
		if not order:
			continue
		rows = frappe.get_all(
			"Sales Order Item", {"parent": order}, ["qty", "delivery_date"], order_by="delivery_date, idx"
		)
		said = [Lot(cint(row.qty), getdate(row.delivery_date)) for row in rows]
		if said != wanted:
			wrong = _("It delivers {0}; promised are {1}.").format(delivery.told(said), delivery.told(wanted))
			yield Finding("Sales Order", order, wrong, remedy)


def _promised_lines() -> Iterator[tuple[Document, Document, list[Lot]]]:
	"""Lines of running contracts whose date stands, with their lots."""
	for name in frappe.get_all(SALES_CONTRACT, {"status": ["in", dates.RUNNING]}, pluck="name"):
		contract = frappe.get_doc(SALES_CONTRACT, name)
		for line in contract.lines:
			if delivery_commitment.standing_for_line(contract, cint(line.line_no)):
				yield contract, line, lots.of_line(contract, line)


def _planned(contract: str, line: int) -> dict[tuple[int, str], Any]:
	rows = frappe.get_all(
		PRODUCTION_MILESTONE,
		{"sales_contract": contract, "contract_line": cint(line)},
		["name", "lot", "freeze_point", "planned_on", "qty", "reached_on"],
	)
	return {(cint(row.lot), row.freeze_point): row for row in rows}
