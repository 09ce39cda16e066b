"""Workflow of Production Configurations (订单录入)."""

from __future__ import annotations

from order_review.constants import PRODUCTION_CONFIGURATION

from .plan import State, Transition, WorkflowPlan

PRODUCTION = WorkflowPlan(
	PRODUCTION_CONFIGURATION,
	(
		State("Draft", "OA CA", "Inverse"),
		State("Translating", "OA CA", "Primary"),
		State("Auditing", "AU", "Info"),
		State("Returned to Translator", "OA CA", "Warning"),
		State("Department Confirmation", "OA OS", "Info"),
		State("Released", "OA", "Success", docstatus=1),
		State("Superseded", "OA", "Inverse", docstatus=1),
		State("Withdrawn", "OS", "Inverse"),
	),
	(
		Transition("Draft", "Begin Translation", "Translating", "OA CA"),
		Transition("Returned to Translator", "Begin Translation", "Translating", "OA CA"),
		Transition("Translating", "Submit for Audit", "Auditing", "OA CA"),
		Transition("Auditing", "Return to Translator", "Returned to Translator", "AU"),
		Transition("Auditing", "Pass Audit", "Department Confirmation", "AU"),
		Transition("Department Confirmation", "Return to Translator", "Returned to Translator", "OA OS"),
		Transition("Department Confirmation", "Release", "Released", "OA OS"),
		*(
			Transition(before, "Withdraw", "Withdrawn", "OS")
			for before in (
				"Draft",
				"Translating",
				"Auditing",
				"Returned to Translator",
				"Department Confirmation",
			)
		),
	),
)
