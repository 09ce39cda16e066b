"""What became of errors that a review found and that did not stop the document: conditions, approvals, answers."""

from __future__ import annotations

from collections.abc import Sequence

from frappe import _
from frappe.model.document import Document
from frappe.utils import formatdate

from order_review.constants import INTENT_ORDER, REVIEW_CONDITION, SALES_CONTRACT
from order_review.services import conditions, intent_steps, review_tasks

_CERTIFICATE, _DELIVERY, _AUTHORITY = "CCC_MISSING", "DELIVERY_TOO_SHORT", "AUTHORITY_EXCEEDED"


def of_order(order: Document) -> dict[str, str]:
	"""Code of an error of an intent order → what covers it."""
	references = [(INTENT_ORDER, order.name)]
	return {
		code: _condition(references, department)
		or _("{0} agreed under a condition.").format(
			review_tasks.department_names().get(department, department)
		)
		for code, department in intent_steps.SETTLED_BY_CONDITION.items()
		if review_tasks.lets_pass(order, department)
	}


def of_contract(contract: Document) -> dict[str, str]:
	"""Code of an error of a contract → what covers it; conditions of its intent orders go on with it."""
	orders = dict.fromkeys(row.intent_order for row in contract.lines)
	references = [(SALES_CONTRACT, contract.name), *((INTENT_ORDER, name) for name in orders)]
	found = {
		_CERTIFICATE: _condition(references, intent_steps.SETTLED_BY_CONDITION[_CERTIFICATE]),
		_AUTHORITY: _("The price was approved.") if contract.price_approval == "Approved" else "",
		_DELIVERY: _("Planning looked at the date and let it stand.")
		if review_tasks.has_answered(contract, intent_steps.SETTLED_BY_CONDITION[_DELIVERY])
		else "",
	}
	if contract.effective_on:
		found[_CERTIFICATE] = _("Certification was in force when the contract became effective.")
	return {code: text for code, text in found.items() if text}


def _condition(references: Sequence[tuple[str, str]], department: str) -> str:
	"""The condition of a department that stands, in a sentence."""
	for row in conditions.of_documents(references):
		if row["department"] == department and row["review_task"]:
			return _("Covered by a condition of {0}: {1} ({2}, due {3})").format(
				review_tasks.department_names().get(department, department),
				row["condition_text"],
				_(row["status"], context=REVIEW_CONDITION),
				formatdate(row["due_date"]) if row["due_date"] else "–",
			)
	return ""
