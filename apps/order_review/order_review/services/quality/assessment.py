"""Contract Quality Assessment (合同签订质量考核): drafted from what happened, completed and confirmed by people."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, now_datetime

from order_review.constants import CONFIDENTIAL_DEFECT, QUALITY_ASSESSMENT, SALES_CONTRACT
from order_review.engine import quality
from order_review.exceptions import QualityError
from order_review.services import guard, notices
from order_review.services.quality import confidential, months, points, records, sources
from order_review.services.quality.sources import Part

DRAFTERS = frozenset({"Order Administrator", "Order Supervisor"})
"""Roles that make the assessment of a contract."""

ASSESSABLE = frozenset({"Effective", "In Fulfilment", "Completed", "Vetoed", "Cancelled"})
"""States of a contract whose signing can be judged."""


def draft_for(contract_name: str) -> str:
	"""The draft assessments of a contract that became effective or was vetoed; gives the name of the first.

	Each salesperson of a contract has one assessment, over his own lines; the first is of whose contract it is.
	Another call gives the same ones. Those of a contract whose veto was lifted begin anew.
	"""
	contract = frappe.get_doc(SALES_CONTRACT, contract_name)
	found = {
		row.sales_person or None: row.name
		for row in frappe.db.get_values(
			QUALITY_ASSESSMENT,
			{"sales_contract": contract_name},
			["name", "sales_person"],
			as_dict=True,
			for_update=True,
		)
	}
	names = [
		_drafted(contract, person or None, found.get(person or None))
		for person in sources.people_of(contract)
	]
	return names[0]


def _drafted(contract: Document, person: str | None, found: str | None) -> str:
	if found:
		_renew(frappe.get_doc(QUALITY_ASSESSMENT, found, for_update=True), contract)
		return found
	parts = sources.parts_of(contract, person)
	assessment = frappe.new_doc(QUALITY_ASSESSMENT)
	assessment.update(_content(contract, person, parts))
	guard.insert(assessment)
	confidential.keep(assessment, parts)
	subject = _("{0}: the quality of contract {1} is to be assessed").format(assessment.name, contract.name)
	owner = contract.get("owner_oa")
	notices.tell(assessment, [owner] if owner else notices.users_with("Order Administrator"), subject)
	return str(assessment.name)


def forget(contract_name: str) -> None:
	"""Take the assessment away with its contract, and a month nothing is left of."""
	for name, month in frappe.get_all(
		QUALITY_ASSESSMENT, {"sales_contract": contract_name}, ["name", "quality_month"], as_list=True
	):
		frappe.db.delete(CONFIDENTIAL_DEFECT, {"assessment": name})
		frappe.delete_doc(QUALITY_ASSESSMENT, name, force=True, ignore_permissions=True)
		months.forget_empty(month)


def _content(contract: Document, person: str | None, parts: list[Part]) -> dict[str, Any]:
	settled = sources.settled_on(contract)
	own = parts[0].lines
	return {
		"title": f"{contract.name} · {person or ''}".strip(" ·"),
		"sales_contract": contract.name,
		"company": contract.company,
		"customer": contract.customer,
		"sales_person": person,
		"sales_user": sources.salesperson_user(person, parts),
		"market_department": contract.market_department,
		"assessed_on": settled,
		"quality_month": months.open_month(settled),
		"qty": sum(row.qty or 0 for row in contract.lines if cint(row.line_no) in own),
		"is_vetoed": int(contract.status == "Vetoed"),
		"returns": sum(part.returns for part in parts),
		"price_error_amount": float(sources.price_errors(parts)),
		"late_changes": 0,
		"defects": automatic_rows(parts),
	}


def automatic_rows(parts: list[Part]) -> list[dict[str, Any]]:
	"""A row for each defect that findings of first submissions and events raise, with where it was seen.

	Each document charges by the vehicles the contract takes of it.
	"""
	findings = sources.first_findings(parts)
	known = records.defects()
	counts = [(quality.raised(known, _codes(part, findings)), part.share) for part in parts]
	charged = {
		defect: [(found[defect.code], share) for found, share in counts if defect.code in found]
		for defect in known
	}
	rows = records.defect_rows()
	return [
		{
			**points.row_of(rows[defect.code]),
			"source": "Automatic",
			"count": sum(count for count, _share in found),
			"share": float(quality.share(defect, found) * 100),
			"evidence": _evidence(findings.get(defect.raised_by, {}), parts),
		}
		for defect, found in charged.items()
		if found
	]


def _codes(part: Part, findings: dict[str, dict[str, list[str]]]) -> list[str]:
	"""Codes of what a document's first submission was found to have, and of what happened to it."""
	name = part.document.name
	events = quality.events_of([part.returns], part.stays, now_datetime())
	return [*(code for code, places in findings.items() for _ref in places.get(name, ())), *events]


def _evidence(places: dict[str, list[str]], parts: list[Part]) -> str:
	if places:
		kinds = {part.document.name: part.document.doctype for part in parts}
		return "; ".join(
			f"{name}: {', '.join(_named(ref, kinds[name]) for ref in refs if ref)}".rstrip(": ")
			for name, refs in places.items()
		)
	return "; ".join(f"{part.document.name} × {part.returns}" for part in parts if part.returns)


def _named(ref: str, doctype: str) -> str:
	"""What a finding is about; a field by its name in both languages, since the text is kept for readers of both."""
	field = frappe.get_meta(doctype).get_field(ref)
	return f"{_(field.label, 'zh')} {_(field.label, 'en')}" if field else ref


def _renew(assessment: Document, contract: Document) -> None:
	"""Begin anew when the contract's veto was lifted or came later; else leave everything as it is.

	One that was closed or handed over leaves its month with that, and counts in the next one that is open.
	"""
	is_settled = contract.status in ASSESSABLE
	if bool(assessment.is_vetoed) == (contract.status == "Vetoed") and (
		assessment.assessed_on or not is_settled
	):
		return
	person, left = assessment.sales_person or None, assessment.quality_month
	manual = [row.as_dict() for row in assessment.defects if row.source == "Manual"]
	content = _content(contract, person, sources.parts_of(contract, person))
	content["defects"] += manual
	if not is_settled:
		content["assessed_on"] = None
	if assessment.status != "Draft":
		content |= {"status": "Draft", "confirmed_on": None, "appeal_until": None, "assessor": None}
	guard.write(
		assessment,
		content,
		reason=_("{0} is {1} now.").format(contract.name, _(contract.status, context=SALES_CONTRACT)),
	)
	months.left_by(left, assessment)


def veto_lifted(contract: Document) -> None:
	"""The zero of a vetoed contract is gone with the veto; what it scores is drawn up once it is effective."""
	for name in frappe.get_all(QUALITY_ASSESSMENT, {"sales_contract": contract.name}, pluck="name"):
		bring_up_to_date(name, contract)


def bring_up_to_date(name: str, contract: Document | None = None) -> None:
	"""Begin an assessment anew that no longer says whether its contract is vetoed."""
	assessment = frappe.get_doc(QUALITY_ASSESSMENT, name, for_update=True)
	_renew(assessment, contract or frappe.get_doc(SALES_CONTRACT, assessment.sales_contract))


def forget_unsettled(contract_name: str) -> None:
	"""Take away the draft of a contract that is withdrawn after a lifted veto: it was never settled."""
	unsettled = {"sales_contract": contract_name, "status": "Draft", "assessed_on": ["is", "not set"]}
	if frappe.db.exists(QUALITY_ASSESSMENT, unsettled):
		forget(contract_name)


def draft_by_hand(contract_name: str) -> str:
	"""The assessment of a contract an order administrator looks at.

	Raises:
		QualityError: the contract is neither effective nor vetoed.
	"""
	status = frappe.db.get_value(SALES_CONTRACT, contract_name, "status", for_update=True)
	_check_assessable(contract_name, status)
	return draft_for(contract_name)


def check_look(contract: Document) -> None:
	"""There is an assessment of the contract for the user, or he makes it."""
	frappe.has_permission(QUALITY_ASSESSMENT, "read", throw=True)
	_check_assessable(contract.name, contract.status)
	if not DRAFTERS.isdisjoint(frappe.get_roles()):
		return
	names = frappe.get_all(QUALITY_ASSESSMENT, {"sales_contract": contract.name}, pluck="name")
	if not names:
		frappe.throw(_("The quality of this contract is not assessed yet."), exc=QualityError)
	if not frappe.get_list(QUALITY_ASSESSMENT, {"name": ["in", names]}, limit=1):
		frappe.get_doc(QUALITY_ASSESSMENT, names[0]).check_permission("read")


def check_settled(assessment: Document) -> None:
	"""Raise QualityError while the contract is neither effective nor vetoed, as after a lifted veto."""
	contract = assessment.sales_contract
	_check_assessable(contract, frappe.db.get_value(SALES_CONTRACT, contract, "status"))


def _check_assessable(contract_name: str, status: str) -> None:
	if status not in ASSESSABLE:
		frappe.throw(
			_("{0} is {1}; its quality is assessed once it is effective or vetoed.").format(
				contract_name, _(status, context=SALES_CONTRACT)
			),
			title=_("Quality Assessment"),
			exc=QualityError,
		)
