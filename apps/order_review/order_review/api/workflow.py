"""Workflow functions of Frappe: none of them by following a link, and a broken-off step is tried again."""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe import _
from frappe.model import workflow
from frappe.model.base_document import get_controller
from frappe.utils import cint

from order_review.exceptions import StatusChangeError
from order_review.services import guard
from order_review.services.retry import with_retry


@frappe.whitelist(methods=["POST"])
@with_retry
def apply_workflow(doc: str | dict[str, Any], action: str) -> Any:
	"""Frappe's step of a workflow, by POST alone; tried again when the database breaks it off for another one's sake.

	Args:
		doc: the document as the client sees it.
		action: name of the action.
	"""
	document = workflow.apply_workflow(_read(doc), action)
	if isinstance(document, guard.GuardedDocument):
		document.run_method("onload")  # the form is drawn from this answer: what is open to the user now
	return document


@frappe.whitelist()
def get_transitions(doc: str | dict[str, Any], raise_exception: bool = False) -> list[dict[str, Any]]:
	"""Steps the menu of a form offers: of a guarded document only those the guard lets the user take, each once.

	Args:
		doc: the document as the client sees it; what is stored counts.
	"""
	document = frappe.get_doc(_read(doc))
	document.load_from_db()
	document.check_permission("read")
	if isinstance(document, guard.GuardedDocument):
		return offered(document)
	return list(workflow.get_transitions(document, raise_exception=bool(cint(raise_exception))))


@frappe.whitelist()
def get_common_transition_actions(docs: str | list[dict[str, Any]], doctype: str) -> list[str]:
	"""Steps a list offers for the marked documents: those that are open on each of them and ask for nothing more."""
	marked = _read(docs)
	if not issubclass(get_controller(doctype), guard.GuardedDocument):
		return list(workflow.get_common_transition_actions(marked, doctype))
	frappe.has_permission(doctype, "read", throw=True)
	common: set[str] | None = None
	for row in marked:
		document = frappe.get_doc(doctype, row["name"])
		document.check_permission("read")
		asked = guard.reasoned_actions(document)
		actions = {step["action"] for step in offered(document)} - asked
		common = actions if common is None else common & actions
	return sorted(common or ())


def offered(document: guard.GuardedDocument) -> list[dict[str, Any]]:
	"""Transitions of a document as it is stored that the user is offered."""
	if document.is_new() or not frappe.has_permission(document.doctype, "write", doc=document):
		return []
	found = workflow.get_transitions(document)
	actions = guard.open_actions(document) - document.process.asking
	by_action = {
		row["action"]: row for row in sorted(found, key=lambda row: cint(row["allow_self_approval"]))
	}
	return [row for action, row in by_action.items() if action in actions]


@frappe.whitelist(methods=["POST"])
def bulk_workflow_approval(docnames: str, doctype: str, action: str) -> None:
	"""Frappe's bulk approval, by POST alone: by GET one opened link would approve documents."""
	workflow.bulk_workflow_approval(json.dumps(_read(docnames)), doctype, action)


def _read(sent: Any) -> Any:
	"""What a client sent as JSON.

	Raises:
		StatusChangeError: it is none.
	"""
	try:
		return frappe.parse_json(sent)
	except ValueError:
		frappe.throw(
			_("The request cannot be read. Reload the page and try again."),
			title=_("Step Not Taken"),
			exc=StatusChangeError,
		)
