"""Workflows: states, actions and transitions; made when missing, never overwritten.

An administrator may rename, add roles or conditions; what a step requires is enforced by the guard in any case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import frappe

from order_review.constants import INTENT_ORDER, ROLES, SPECIAL_REQUEST

_FRAPPES_OWN_STATES = frozenset({"Pending", "Approved", "Rejected"})
_FRAPPES_OWN_ACTIONS = frozenset({"Approve", "Reject", "Review"})


@dataclass(frozen=True)
class State:
	"""A state: who may edit in it (role codes), its colour in Frappe's words, its docstatus."""

	name: str
	editors: str
	style: str = ""
	docstatus: int = 0


@dataclass(frozen=True)
class Transition:
	"""A transition and who takes it (role codes); an approval is refused to those who had a hand in the document."""

	before: str
	action: str
	after: str
	takers: str
	is_approval: bool = False
	condition: str = ""


@dataclass(frozen=True)
class WorkflowPlan:
	"""A Workflow as it is made on a site that has none for the DocType."""

	doctype: str
	states: tuple[State, ...]
	transitions: tuple[Transition, ...]


SPECIAL_OPTION = WorkflowPlan(
	SPECIAL_REQUEST,
	(
		State("Requested", "SP OA", "Primary"),
		State("Technical", "TR", "Info"),
		State("Costing", "SU", "Info"),
		State("Pricing", "MP", "Info"),
		State("Finance Check", "FR", "Warning"),
		State("Priced", "OA", "Success"),
		State("Refused", "OA", "Danger"),
		State("Expired", "OA", "Inverse"),
		State("Catalogued", "OA", "Success"),
	),
	(
		Transition("Requested", "Send to Technical", "Technical", "OA OS"),
		Transition("Requested", "Refuse", "Refused", "OA OS SM"),
		Transition("Technical", "Finish Technical Check", "Costing", "TR"),
		Transition("Technical", "Return", "Requested", "TR"),
		Transition("Technical", "Refuse", "Refused", "TR OS SM VP"),
		Transition("Costing", "Finish Costing", "Pricing", "SU"),
		Transition("Costing", "Return", "Technical", "SU"),
		Transition("Costing", "Refuse", "Refused", "OS SM VP"),
		Transition("Pricing", "Send to Finance", "Finance Check", "MP"),
		Transition("Pricing", "Return", "Costing", "MP"),
		Transition("Pricing", "Refuse", "Refused", "MP SM VP PC"),
		Transition("Finance Check", "Release Price", "Priced", "FR VP PC", is_approval=True),
		Transition("Finance Check", "Return", "Pricing", "FR VP PC"),
		Transition("Finance Check", "Refuse", "Refused", "VP PC"),
		Transition("Expired", "Renew", "Costing", "OA"),
	),
)

INTENT = WorkflowPlan(
	INTENT_ORDER,
	(
		State("Draft", "SP", "Inverse"),
		State("Submitted", "OA OS", "Primary"),
		State("Received", "OA OS", "Primary"),
		State("Under Opinions", "OA OS", "Info"),
		State("Consolidating", "OA OS", "Info"),
		State("Price Approval", "OA OS", "Warning"),
		State("Returned", "SP", "Warning"),
		State("Vetoed", "SM", "Danger"),
		State("Withdrawn", "SP", "Inverse"),
		State("Valid", "OA", "Success", docstatus=1),
		State("Converted", "OA", "Success", docstatus=1),
		State("Expired", "OA", "Inverse", docstatus=1),
	),
	(
		Transition("Draft", "Submit for Review", "Submitted", "SP"),
		Transition("Returned", "Submit for Review", "Submitted", "SP"),
		Transition("Submitted", "Receive", "Received", "OA OS"),
		Transition("Received", "Send to Opinions", "Under Opinions", "OA OS"),
		Transition("Consolidating", "Send to Price Approval", "Price Approval", "OA OS"),
		Transition("Consolidating", "Make Valid", "Valid", "OA OS"),
		Transition("Price Approval", "Make Valid", "Valid", "OA OS"),
		*(
			Transition(before, "Return", "Returned", "OA OS")
			for before in ("Received", "Under Opinions", "Consolidating", "Price Approval")
		),
		*(
			Transition(before, "Veto", "Vetoed", "OA OS")
			for before in (
				"Submitted",
				"Received",
				"Under Opinions",
				"Consolidating",
				"Price Approval",
				"Returned",
			)
		),
		*(
			Transition(before, "Withdraw", "Withdrawn", "SP")
			for before in ("Draft", "Submitted", "Received", "Under Opinions", "Consolidating", "Returned")
		),
		Transition("Vetoed", "Lift Veto", "Received", "SM"),
	),
)

WORKFLOWS = (SPECIAL_OPTION, INTENT)


def sync_workflows() -> None:
	"""Make the workflows of DocTypes that have none."""
	for plan in WORKFLOWS:
		if frappe.db.exists("Workflow", {"document_type": plan.doctype}):
			continue
		_make_masters(plan)
		_make_workflow(plan)


def remove_workflows() -> None:
	"""Delete our workflows, and their states and actions where no other workflow uses them."""
	for plan in WORKFLOWS:
		for name in frappe.get_all("Workflow", filters={"document_type": plan.doctype}, pluck="name"):
			frappe.delete_doc("Workflow", name, force=True, ignore_permissions=True)
		frappe.db.delete("Workflow Action", {"reference_doctype": plan.doctype})
	for plan in WORKFLOWS:
		_remove_masters(plan)


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


def _remove_masters(plan: WorkflowPlan) -> None:
	for state in plan.states:
		used = frappe.db.exists("Workflow Document State", {"state": state.name})
		if not used and state.name not in _FRAPPES_OWN_STATES:
			frappe.delete_doc(
				"Workflow State", state.name, force=True, ignore_permissions=True, ignore_missing=True
			)
	for action in {transition.action for transition in plan.transitions}:
		used = frappe.db.exists("Workflow Transition", {"action": action})
		if not used and action not in _FRAPPES_OWN_ACTIONS:
			frappe.delete_doc(
				"Workflow Action Master", action, force=True, ignore_permissions=True, ignore_missing=True
			)
