"""One answer for several identical orders: found by what a department judges, answered one by one, locked in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from order_review.constants import INTENT_ORDER, REVIEW_TASK
from order_review.engine.opinions import OPEN
from order_review.services import review_tasks

_SAME = ("configuration_hash", "model", "grade", "use")


def find(name: str) -> list[dict[str, Any]]:
	"""Open tasks of the same department on orders that are identical in what it judges.

	Identical are orders of the same configuration, model, grade and use, with the same hash of what the department
	judges; only those the user may read.

	Args:
		name: the review task that is looked at.
	"""
	task = frappe.get_doc(REVIEW_TASK, name)
	task.check_permission("read")
	if task.reference_doctype != INTENT_ORDER or task.status != OPEN:
		return []
	tasks = frappe.get_list(
		REVIEW_TASK,
		filters={
			"name": ["!=", task.name],
			"reference_doctype": INTENT_ORDER,
			"department": task.department,
			"role": task.role,
			"status": OPEN,
			"scope_hash": task.scope_hash,
		},
		fields=["name", "reference_name", "review_round", "due_at"],
		order_by="due_at",
		limit=0,
	)
	orders = _orders(task, [row.reference_name for row in tasks])
	return [{**row, **orders[row.reference_name]} for row in tasks if row.reference_name in orders]


def _orders(task: Document, names: Sequence[str]) -> dict[str, dict[str, Any]]:
	"""Those of the orders that are like the task's own."""
	like = frappe.db.get_value(INTENT_ORDER, task.reference_name, _SAME, as_dict=True)
	if not like or not like.configuration_hash or not names:
		return {}
	rows = frappe.get_all(
		INTENT_ORDER,
		filters={**like, "name": ["in", list(names)]},
		fields=["name", "title", "customer", "qty"],
	)
	return {row.pop("name"): row for row in rows}


def answer(name: str, others: Sequence[str], values: Mapping[str, Any]) -> dict[str, Any]:
	"""Give one opinion on a task and on others of identical orders.

	The first must succeed; of the others each succeeds as a whole or is left as it was, and the reason is told.

	Args:
		name: the review task that is answered.
		others: further tasks, as ``find`` offered them.
		values: the answer, as for one task.

	Returns:
		``status`` of the first order; ``answered``, names of tasks; ``refused``, rows of task, document and reason.
	"""
	offered = {row["name"]: row["reference_name"] for row in find(name)}
	chosen = sorted({other for other in others if other in offered}, key=offered.__getitem__)
	gone = [other for other in others if other not in offered]
	_lock([name, *chosen])
	status = review_tasks.answer(name, values)
	refused = [_refusal(other, _("No longer open, or no longer identical.")) for other in gone]
	answered = []
	for other in chosen:
		reason = _try(other, values)
		if reason is None:
			answered.append(other)
		else:
			refused.append(_refusal(other, reason))
	return {"status": status, "answered": [name, *answered], "refused": refused}


def _lock(tasks: Sequence[str]) -> None:
	"""Lock the orders of the tasks, always in the same order, so that two such answers never wait for each other."""
	references = frappe.get_all(
		REVIEW_TASK,
		filters={"name": ["in", list(tasks)]},
		fields=["reference_doctype", "reference_name"],
		as_list=True,
	)
	for doctype, name in sorted(set(references)):
		frappe.db.get_value(doctype, name, "name", for_update=True)


def _try(task: str, values: Mapping[str, Any]) -> str | None:
	"""Answer one task; why not, when that is refused, with nothing left of the attempt."""
	point = f"identical_{frappe.generate_hash(length=8)}"
	said = len(frappe.local.message_log)
	frappe.db.savepoint(point)
	try:
		review_tasks.answer(task, values)
	except (frappe.ValidationError, frappe.PermissionError) as refusal:
		frappe.db.rollback(save_point=point)
		frappe.local.message_log = frappe.local.message_log[:said]
		return str(refusal)
	return None


def _refusal(task: str, reason: str) -> dict[str, Any]:
	document = frappe.db.get_value(REVIEW_TASK, task, "reference_name")
	return {"task": task, "document": document, "reason": reason}
