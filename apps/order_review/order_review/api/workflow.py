"""Workflow functions of Frappe: none of them by following a link, and a broken-off step is tried again."""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe import _
from frappe.model import workflow

from order_review.exceptions import StatusChangeError
from order_review.services.retry import with_retry


@frappe.whitelist(methods=["POST"])
@with_retry
def apply_workflow(doc: str | dict[str, Any], action: str) -> Any:
	"""Frappe's step of a workflow, by POST alone; tried again when the database breaks it off for another one's sake.

	Args:
		doc: the document as the client sees it.
		action: name of the action.
	"""
	return workflow.apply_workflow(_read(doc), action)


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
