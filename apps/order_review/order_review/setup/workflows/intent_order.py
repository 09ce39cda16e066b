"""Workflow of Intent Orders (意向订单评审)."""

from __future__ import annotations

from order_review.constants import INTENT_ORDER

from .plan import State, Transition, WorkflowPlan

INTENT = WorkflowPlan(
	INTENT_ORDER,
	(
		State("Draft", "SP IC", "Inverse"),
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
