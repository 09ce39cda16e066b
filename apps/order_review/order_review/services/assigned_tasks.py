"""Assigned Tasks (交办任务): Frappe's ToDo with an order, an assigner, a due date and a result."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, strip_html, today

from order_review.exceptions import SmallRecordError
from order_review.services import notices

ASSIGNERS = ("Order Supervisor", "Sales Operations Manager", "Market Department Manager", "Marketing VP")
"""Roles that hand out tasks."""


def assign(document: Document, user: str, text: str, due: date) -> str:
	"""Give somebody a task about a document; gives the ToDo's name.

	Raises:
		SmallRecordError: nothing is said, it is due in the past, or the user may not read the document.
	"""
	if not text.strip():
		_refuse(_("Say what is to be done."))
	if getdate(due) < getdate(today()):
		_refuse(_("The task is due in the past."))
	if not frappe.db.get_value("User", user, "enabled"):
		_refuse(_("{0} is no user who can be given a task.").format(user))
	if not frappe.has_permission(document.doctype, "read", doc=document, user=user):
		_refuse(_("{0} may not read {1}; give the task to somebody who may.").format(user, document.name))
	task = frappe.get_doc(
		{
			"doctype": "ToDo",
			"allocated_to": user,
			"assigned_by": frappe.session.user,
			"description": frappe.utils.escape_html(text.strip()),
			"date": getdate(due),
			"reference_type": document.doctype,
			"reference_name": document.name,
			"is_assigned_task": 1,
		}
	)
	task.insert(ignore_permissions=True)
	notices.tell(task, [user], _said(task, "new"))
	return str(task.name)


def check(task: Document, method: str | None = None) -> None:
	"""Raise SmallRecordError when an assigned task is closed without a result; tell who assigned it."""
	if not task.get("is_assigned_task"):
		return
	before = task.get_doc_before_save()
	if before is None or before.status == task.status or task.status != "Closed":
		return
	if not (task.get("task_result") or "").strip():
		_refuse(_("State the result before the task is closed."))
	notices.tell(task, [task.assigned_by], _said(task, "done"), task.task_result)


def _said(task: Document, what: str) -> Callable[[], str]:
	def said() -> str:
		text = strip_html(task.description or "")[:80]
		if what == "new":
			return _("Task on {0}: {1}").format(task.reference_name, text)
		return _("Task on {0} is done: {1}").format(task.reference_name, text)

	return said


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Assigned Task"), exc=SmallRecordError)
