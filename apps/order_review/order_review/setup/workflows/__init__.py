"""Workflows: states, actions and transitions; made when missing, never overwritten.

An administrator may rename, add roles or conditions; what a step requires is enforced by the guard in any case. Each document with
a process has its plan in a file of its own here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import frappe

from order_review.constants import ROLES

from .configuration_enquiry import ENQUIRY
from .delivery_commitment import COMMITMENT
from .exception_report import EXCEPTION
from .fulfilment import COORDINATION, EXPEDITE, LIVERY
from .intent_order import INTENT
from .plan import WorkflowPlan
from .production_configuration import PRODUCTION
from .quality import ASSESSMENT, MONTH, WORK_RECORD
from .sales_contract import CONTRACT
from .special_option import SPECIAL_OPTION
from .technical_issue import TECHNICAL

FRAPPES_OWN_STATES = frozenset({"Pending", "Approved", "Rejected"})
FRAPPES_OWN_ACTIONS = frozenset({"Approve", "Reject", "Review"})

WORKFLOWS: tuple[WorkflowPlan, ...] = (
	SPECIAL_OPTION,
	INTENT,
	TECHNICAL,
	COMMITMENT,
	EXCEPTION,
	ENQUIRY,
	CONTRACT,
	ASSESSMENT,
	MONTH,
	WORK_RECORD,
	LIVERY,
	COORDINATION,
	EXPEDITE,
	PRODUCTION,
)


def sync_workflows() -> None:
	"""Make the workflows of DocTypes that have none."""
	for plan in WORKFLOWS:
		if frappe.db.exists("Workflow", {"document_type": plan.doctype}):
			continue
		_make_masters(plan)
		_make_workflow(plan)


def remove_workflows(is_shared: Callable[[str, str], bool]) -> None:
	"""Delete our workflows, and their states and actions where no other workflow uses them and the host has none such."""
	for plan in WORKFLOWS:
		for name in frappe.get_all("Workflow", filters={"document_type": plan.doctype}, pluck="name"):
			frappe.delete_doc("Workflow", name, force=True, ignore_permissions=True)
		frappe.db.delete("Workflow Action", {"reference_doctype": plan.doctype})
	for plan in WORKFLOWS:
		_remove_masters(plan, is_shared)


def _make_masters(plan: WorkflowPlan) -> None:
	for state in plan.states:
		if not frappe.db.exists("Workflow State", state.name):
			values = {"doctype": "Workflow State", "workflow_state_name": state.name, "style": state.style}
			frappe.get_doc(values).insert(ignore_permissions=True)
	for action in {transition.action for transition in plan.transitions}:
		if not frappe.db.exists("Workflow Action Master", action):
			values = {"doctype": "Workflow Action Master", "workflow_action_name": action}
			frappe.get_doc(values).insert(ignore_permissions=True)


def _make_workflow(plan: WorkflowPlan) -> None:
	workflow = frappe.new_doc("Workflow")
	workflow.update(
		{
			"workflow_name": plan.doctype,
			"document_type": plan.doctype,
			"workflow_state_field": "status",
			"is_active": 1,
			"send_email_alert": 0,
			"override_status": 1,
			"states": list(_states(plan)),
			"transitions": list(_transitions(plan)),
		}
	)
	workflow.insert(ignore_permissions=True)


def _states(plan: WorkflowPlan) -> Iterator[dict[str, str]]:
	for state in plan.states:
		for code in state.editors.split():
			yield {"state": state.name, "doc_status": str(state.docstatus), "allow_edit": ROLES[code][0]}


def _transitions(plan: WorkflowPlan) -> Iterator[dict[str, str | int]]:
	for transition in plan.transitions:
		for code in transition.takers.split():
			yield {
				"state": transition.before,
				"action": transition.action,
				"next_state": transition.after,
				"allowed": ROLES[code][0],
				"allow_self_approval": int(not transition.is_approval),
				"condition": transition.condition,
			}


def _remove_masters(plan: WorkflowPlan, is_shared: Callable[[str, str], bool]) -> None:
	for state in plan.states:
		used = frappe.db.exists("Workflow Document State", {"state": state.name})
		if not (used or state.name in FRAPPES_OWN_STATES or is_shared("Workflow State", state.name)):
			frappe.delete_doc(
				"Workflow State", state.name, force=True, ignore_permissions=True, ignore_missing=True
			)
	for action in {transition.action for transition in plan.transitions}:
		used = frappe.db.exists("Workflow Transition", {"action": action})
		if not (used or action in FRAPPES_OWN_ACTIONS or is_shared("Workflow Action Master", action)):
			frappe.delete_doc(
				"Workflow Action Master", action, force=True, ignore_permissions=True, ignore_missing=True
			)
