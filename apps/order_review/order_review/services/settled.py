"""What became of errors that a review found and that did not stop the document: conditions, approvals, answers."""

from __future__ import annotations

from collections.abc import Sequence

from frappe import _
from frappe.model.document import Document
from frappe.utils import formatdate

from order_review.constants import INTENT_ORDER, REVIEW_CONDITION, SALES_CONTRACT
from order_review.services import conditions, intent_steps, review_tasks
from order_review.services.contracts import steps as contract_steps

_CERTIFICATE, _DELIVERY, _AUTHORITY = "CCC_MISSING", "DELIVERY_TOO_SHORT", "AUTHORITY_EXCEEDED"


def of_order(order: Document) -> dict[str, str]:
	"""Code of an error of an intent order → what covers it."""
	references = [(INTENT_ORDER, order.name)]
	found = {
		code: _let_pass(order, references, departments)
		for code, departments in intent_steps.SETTLED_BY_CONDITION.items()
	}
	return {code: text for code, text in found.items() if text}


def _let_pass(order: Document, references: Sequence[tuple[str, str]], departments: Sequence[str]) -> str:
	"""The condition under which one of the departments lets an error pass."""
	for department in departments:
		if review_tasks.lets_pass(order, department):
			return _condition(references, department) or _("{0} agreed under a condition.").format(
				_named(department)
			)
	return ""


def of_contract(contract: Document) -> dict[str, str]:
	"""Code of an error of a contract → what covers it; conditions of its intent orders go on with it."""
	orders = dict.fromkeys(row.intent_order for row in contract.lines)
	references = [(SALES_CONTRACT, contract.name), *((INTENT_ORDER, name) for name in orders)]
	found = {
		_CERTIFICATE: _condition(references, *intent_steps.SETTLED_BY_CONDITION[_CERTIFICATE]),
		_AUTHORITY: _("The price was approved.") if contract.price_approval == "Approved" else "",
		**{code: _looked_at(code, departments) for code, departments in _answered(contract).items()},
	}
	if contract.effective_on:
		found[_CERTIFICATE] = _("Certification was in force when the contract became effective.")
	return {code: text for code, text in found.items() if text}


def _answered(contract: Document) -> dict[str, list[str]]:
	"""Error → the departments that decide about it and gave their opinion."""
	return {
		code: [one for one in departments if review_tasks.has_answered(contract, one)]
		for code, departments in contract_steps.SETTLED_BY_OPINION.items()
	}


def _looked_at(code: str, departments: Sequence[str]) -> str:
	if not departments:
		return ""
	if code == _DELIVERY:
		return _("Planning looked at the date and let it stand.")
	return _("{0} looked at it and let it stand.").format(", ".join(map(_named, departments)))


def _named(department: str) -> str:
	return str(review_tasks.department_names().get(department, department))


def _condition(references: Sequence[tuple[str, str]], department: str) -> str:
	"""The condition of a department that stands, in a sentence."""
	for row in conditions.of_documents(references):
		if row["department"] == department and row["review_task"]:
			return _("Covered by a condition of {0}: {1} ({2}, due {3})").format(
				_named(department),
				row["condition_text"],
				_(row["status"], context=REVIEW_CONDITION),
				formatdate(row["due_date"]) if row["due_date"] else "–",
			)
	return ""
