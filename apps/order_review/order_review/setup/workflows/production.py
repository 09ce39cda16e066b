"""Workflows of order entry: Production Configuration (生产配置) and Blind Translation (盲复核)."""

from __future__ import annotations

from order_review.constants import BLIND_TRANSLATION, PRODUCTION_CONFIGURATION

from .plan import State, Transition, WorkflowPlan

CONFIGURATION = WorkflowPlan(
	PRODUCTION_CONFIGURATION,
	(
		State("Draft", "OA CA", "Inverse"),
		State("Translating", "OA CA", "Primary"),
		State("Auditing", "AU", "Info"),
		State("Returned to Translator", "OA CA", "Warning"),
		State("Department Confirmation", "OA OS", "Info"),
		State("Released", "OA", "Success", docstatus=1),
		State("Superseded", "OA", "Inverse", docstatus=1),
		State("Withdrawn", "OA", "Inverse"),
	),
	(
		Transition("Draft", "Begin Translation", "Translating", "OA CA"),
		Transition("Translating", "Submit for Audit", "Auditing", "OA CA"),
		Transition("Returned to Translator", "Submit for Audit", "Auditing", "OA CA"),
		Transition("Auditing", "Return to Translator", "Returned to Translator", "AU"),
		Transition("Auditing", "Pass Audit", "Department Confirmation", "AU", is_approval=True),
		Transition("Department Confirmation", "Return to Translator", "Returned to Translator", "OA OS AU"),
		Transition("Department Confirmation", "Release", "Released", "OA OS"),
	),
)

BLIND = WorkflowPlan(
	BLIND_TRANSLATION,
	(
		State("Open", "AU", "Warning"),
		State("Drawn", "AU", "Primary"),
		State("Handed In", "AU", "Success"),
		State("Cancelled", "OS", "Inverse"),
	),
	(
		Transition("Open", "Draw", "Drawn", "AU", is_approval=True),
		Transition("Drawn", "Hand In", "Handed In", "AU"),
		Transition("Drawn", "Give Back", "Open", "OS"),
	),
)
