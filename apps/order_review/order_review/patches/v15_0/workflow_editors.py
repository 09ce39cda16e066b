"""Who writes in a state may edit its form: roles that the supplied workflows did not name stand beside their states."""

from __future__ import annotations

import frappe

from order_review.constants import EXCEPTION_REPORT, INTENT_ORDER
from order_review.setup.workflows.exception_report import EXCEPTION
from order_review.setup.workflows.intent_order import INTENT
from order_review.setup.workflows.plan import WorkflowPlan, editors

_MISSED = ((INTENT_ORDER, INTENT, "Draft"), (EXCEPTION_REPORT, EXCEPTION, "Open"))


def execute() -> None:
	"""The intent clerk corrects a draft he registered, and who reported something words his report."""
	for doctype, plan, status in _MISSED:
		name = frappe.db.get_value("Workflow", {"document_type": doctype})
		if name:
			_complete(name, plan, status)


def _complete(name: str, plan: WorkflowPlan, status: str) -> None:
	workflow = frappe.get_doc("Workflow", name)
	there = [row for row in workflow.states if row.state == status]
	missing = [role for role in editors(plan, status) if role not in {row.allow_edit for row in there}]
	for role in missing if there else ():
		workflow.append("states", {"state": status, "doc_status": there[0].doc_status, "allow_edit": role})
	workflow.flags.ignore_permissions = True
	workflow.save()
