"""Production Milestones (生产节点): each lot's freeze points, when they are planned and when they are reached."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, cint, formatdate, getdate, today

from order_review.constants import PRODUCTION_MILESTONE, REVIEW_SETTINGS, SALES_CONTRACT
from order_review.exceptions import FulfilmentError
from order_review.services import background, guard, notices
from order_review.services.fulfilment import livery, lots
from order_review.services.fulfilment.source import contract_values

REPORTED = frozenset({"reached_on", "note"})
"""What planning and production management write; the rest follows from contract and delivery date."""


# --- planning -----------------------------------------------------------------------------------------------


def plan(contract: Document, line: Document) -> None:
	"""Make or move the milestones of a line after its lots; what is reached stays."""
	wanted = {name: values for name, values in _wanted(contract, line)}
	there = frappe.get_all(
		PRODUCTION_MILESTONE,
		_line(contract.name, line.line_no),
		["name", "planned_on", "qty", "reached_on"],
	)
	for row in there:
		values = wanted.pop(row.name, None)
		if row.reached_on:
			continue
		if values is None:
			frappe.delete_doc(PRODUCTION_MILESTONE, row.name, force=True, ignore_permissions=True)
		elif (getdate(row.planned_on), row.qty) != (values["planned_on"], values["qty"]):
			milestone = frappe.get_doc(PRODUCTION_MILESTONE, row.name)
			guard.write(milestone, {"planned_on": values["planned_on"], "qty": values["qty"]})
	for values in wanted.values():
		guard.insert(frappe.get_doc({"doctype": PRODUCTION_MILESTONE, **values}))
	livery.follow(contract.name, cint(line.line_no))


def _wanted(contract: Document, line: Document) -> Iterator[tuple[str, dict[str, Any]]]:
	head = contract_values(contract, line.line_no)
	for number, lot in enumerate(lots.of_line(contract, line), 1):
		for position, point in enumerate(points(), 1):
			day = getdate(add_days(lot.day, -cint(point.days_before_offline)))
			values = {
				**head,
				"sales_contract": contract.name,
				"contract_line": cint(line.line_no),
				"lot": number,
				"qty": lot.qty,
				"freeze_point": point.code,
				"point_no": position,
				"planned_on": day,
				"first_planned_on": day,
			}
			yield f"{contract.name}-{line.line_no}-{number}-{point.code}", values


def points() -> list[Document]:
	"""The freeze points of Order Review Settings, in their order: code, names, days before off line."""
	return frappe.get_cached_doc(REVIEW_SETTINGS).freeze_points


# --- the document -------------------------------------------------------------------------------------------


def check(milestone: Document) -> None:
	"""Raise FulfilmentError unless the report is one that can be."""
	stored = milestone.get_doc_before_save()
	if not guard.is_system_save(milestone):
		_refuse_others(milestone, stored)
	before = getdate(stored.reached_on) if stored and stored.reached_on else None
	reached = getdate(milestone.reached_on) if milestone.reached_on else None
	if before == reached:
		return
	milestone.reached_by = frappe.session.user if reached else None
	if reached is None:
		_refuse_taking_back(milestone)
		return
	_check_day(milestone, reached)
	if milestone.freeze_point == livery.PAINT:
		_check_livery(milestone)


def _refuse_others(milestone: Document, stored: Document | None) -> None:
	if stored is None:
		_refuse(_("Milestones are made from the delivery date of a contract line, not by hand."))
	locked = [name for name in guard.changes(milestone, stored) if name not in REPORTED]
	if locked:
		_refuse(
			_(
				"{0}: follows from contract and delivery date; only the day it was reached is reported."
			).format(
				", ".join(_(milestone.meta.get_label(name), context=milestone.doctype) for name in locked)
			)
		)


def _check_day(milestone: Document, reached: date) -> None:
	if reached > getdate(today()):
		_refuse(_("{0} is to come; a milestone is reported when it is reached.").format(formatdate(reached)))
	for row in _others(milestone):
		if row.point_no < milestone.point_no and not row.reached_on:
			_refuse(
				_("{0} comes before {1}. Report it first.").format(row.freeze_point, milestone.freeze_point)
			)
		if row.point_no < milestone.point_no and getdate(row.reached_on) > reached:
			_refuse(
				_("{0} was reached on {1}; {2} cannot be earlier.").format(
					row.freeze_point, formatdate(row.reached_on), milestone.freeze_point
				)
			)


def _refuse_taking_back(milestone: Document) -> None:
	later = [
		row.freeze_point for row in _others(milestone) if row.point_no > milestone.point_no and row.reached_on
	]
	if later:
		_refuse(_("{0} is reached already; {1} cannot be open.").format(later[0], milestone.freeze_point))


def _check_livery(milestone: Document) -> None:
	if not livery.is_confirmed(milestone.sales_contract, milestone.contract_line):
		_refuse(
			_(
				"The customer has not confirmed the livery of {0}, line {1}. It is not painted before that."
			).format(milestone.sales_contract, milestone.contract_line)
		)


def _others(milestone: Document) -> list[Any]:
	return frappe.get_all(
		PRODUCTION_MILESTONE,
		{
			**_line(milestone.sales_contract, milestone.contract_line),
			"lot": milestone.lot,
			"name": ["!=", milestone.name],
		},
		["freeze_point", "point_no", "reached_on"],
		order_by="point_no",
	)


def after_report(milestone: Document) -> None:
	"""What is painted is frozen; sales and office hear that vehicles are off line."""
	stored = milestone.get_doc_before_save()
	if not milestone.reached_on or (stored and stored.reached_on):
		return
	if milestone.freeze_point == livery.PAINT:
		livery.freeze(milestone.sales_contract, milestone.contract_line)
	if milestone.point_no == len(points()):
		subject = _("{0}, line {1}: lot {2} ({3} vehicles) is off line.").format(
			milestone.sales_contract, milestone.contract_line, milestone.lot, milestone.qty
		)
		notices.tell(milestone, _office(milestone.sales_contract), subject)


# --- for others ---------------------------------------------------------------------------------------------


def is_planned(contract: str, line: int) -> bool:
	"""Whether a line has milestones."""
	return bool(frappe.db.exists(PRODUCTION_MILESTONE, _line(contract, line)))


def reached(contract: str, line: int, lot: int | None = None) -> str | None:
	"""Code of the furthest freeze point a line has reached, of all its lots or of one; None before the first."""
	filters = {**_line(contract, line), "reached_on": ["is", "set"]} | ({"lot": lot} if lot else {})
	found = frappe.get_all(
		PRODUCTION_MILESTONE, filters, pluck="freeze_point", order_by="point_no desc", limit=1
	)
	return found[0] if found else None


def tell_overdue() -> int:
	"""Tell once of milestones whose planned day is over and that are not reported; gives their number."""
	late = frappe.get_all(
		PRODUCTION_MILESTONE,
		{"planned_on": ["<", today()], "reached_on": ["is", "not set"]},
		["name", "planned_on", "told_overdue_on"],
	)
	# One that was planned anew after it was told of is told of again.
	untold = [row.name for row in late if not row.told_overdue_on or row.told_overdue_on <= row.planned_on]
	return background.each(untold, _tell_overdue, "Overdue milestones are told of")


def _tell_overdue(name: str) -> None:
	milestone = frappe.get_doc(PRODUCTION_MILESTONE, name)
	subject = _("{0}, line {1}, lot {2}: {3} is overdue since {4}.").format(
		milestone.sales_contract,
		milestone.contract_line,
		milestone.lot,
		milestone.freeze_point,
		formatdate(milestone.planned_on),
	)
	planners = notices.users_with("Production Management Reviewer") + notices.users_with("Planning Reviewer")
	notices.tell(milestone, [*planners, *_office(milestone.sales_contract)], subject)
	frappe.db.set_value(PRODUCTION_MILESTONE, name, "told_overdue_on", today(), update_modified=False)


def _office(contract: str) -> list[str]:
	return list(frappe.db.get_value(SALES_CONTRACT, contract, ["owner", "owner_oa"]) or ())


def _line(contract: str, line: Any) -> dict[str, Any]:
	return {"sales_contract": contract, "contract_line": cint(line)}


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Production Milestone"), exc=FulfilmentError)
