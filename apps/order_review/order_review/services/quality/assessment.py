"""Contract Quality Assessment (合同签订质量考核): drafted from what happened, completed and confirmed by people."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from order_review.constants import CONFIDENTIAL_DEFECT, QUALITY_ASSESSMENT, SALES_CONTRACT
from order_review.engine import quality
from order_review.exceptions import QualityError
from order_review.services import guard, notices
from order_review.services.quality import confidential, months, points, records, sources

DRAFTERS = frozenset({"Order Administrator", "Order Supervisor"})
"""Roles that make the assessment of a contract."""

ASSESSABLE = frozenset({"Effective", "In Fulfilment", "Completed", "Vetoed", "Cancelled"})
"""States of a contract whose signing can be judged."""


def draft_for(contract_name: str) -> str:
	"""The draft assessment of a contract that became effective or was vetoed; gives its name.

	A contract has one assessment: another call gives the same one. One of a contract whose veto was lifted
	begins anew.
	"""
	contract = frappe.get_doc(SALES_CONTRACT, contract_name)
	found = frappe.db.get_value(
		QUALITY_ASSESSMENT, {"sales_contract": contract_name}, "name", for_update=True
	)
	if found:
		_renew(frappe.get_doc(QUALITY_ASSESSMENT, found, for_update=True), contract)
		return str(found)
	documents = sources.documents_of(contract)
	assessment = frappe.new_doc(QUALITY_ASSESSMENT)
	assessment.update(_content(contract, documents))
	guard.insert(assessment)
	confidential.keep(assessment, documents)
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


def _content(contract: Document, documents: list[Document]) -> dict[str, Any]:
	settled = sources.settled_on(contract)
	return {
		"title": f"{contract.name} · {contract.sales_person or ''}".strip(" ·"),
		"sales_contract": contract.name,
		"company": contract.company,
		"customer": contract.customer,
		"sales_person": contract.sales_person,
		"sales_user": sources.salesperson_user(documents),
		"market_department": contract.market_department,
		"assessed_on": settled,
		"quality_month": months.open_month(settled),
		"qty": sum(row.qty or 0 for row in contract.lines),
		"is_vetoed": int(contract.status == "Vetoed"),
		"returns": sum(sources.returns(document) for document in documents),
		"price_error_amount": float(sources.price_errors(documents)),
		"late_changes": 0,
		"defects": automatic_rows(documents),
	}


def automatic_rows(documents: list[Document]) -> list[dict[str, Any]]:
	"""A row for each defect that findings of first submissions and events raise, with where it was seen."""
	findings = sources.first_findings(documents)
	events = quality.events_of(
		[sources.returns(document) for document in documents],
		[stay for document in documents for stay in sources.stays(document)],
		now_datetime(),
	)
	codes = [code for code, places in findings.items() for refs in places.values() for _ref in refs]
	counts = quality.raised(records.defects(), [*codes, *events])
	rows = records.defect_rows()
	return [
		{
			**points.row_of(rows[code]),
			"source": "Automatic",
			"count": count,
			"evidence": _evidence(findings.get(rows[code].finding_code, {}), documents),
		}
		for code, count in counts.items()
	]


def _evidence(places: dict[str, list[str]], documents: list[Document]) -> str:
	if places:
		kinds = {document.name: document.doctype for document in documents}
		return "; ".join(
			f"{name}: {', '.join(_named(ref, kinds[name]) for ref in refs if ref)}".rstrip(": ")
			for name, refs in places.items()
		)
	returned = [(document.name, sources.returns(document)) for document in documents]
	return "; ".join(f"{name} × {count}" for name, count in returned if count)


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
	documents, left = sources.documents_of(contract), assessment.quality_month
	manual = [row.as_dict() for row in assessment.defects if row.source == "Manual"]
	content = _content(contract, documents)
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
	name = frappe.db.get_value(QUALITY_ASSESSMENT, {"sales_contract": contract.name})
	if not name:
		frappe.throw(_("The quality of this contract is not assessed yet."), exc=QualityError)
	frappe.get_doc(QUALITY_ASSESSMENT, name).check_permission("read")


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
