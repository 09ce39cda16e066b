"""Workflow functions of Frappe that must not be reached by following a link."""

from __future__ import annotations

import frappe
from frappe.model import workflow


@frappe.whitelist(methods=["POST"])
def bulk_workflow_approval(docnames: str, doctype: str, action: str) -> None:
	"""Frappe's bulk approval, by POST alone: by GET one opened link would approve documents."""
	workflow.bulk_workflow_approval(docnames, doctype, action)
