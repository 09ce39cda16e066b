"""Workflow of Sales Contracts (销售合同签定)."""

from __future__ import annotations

from order_review.constants import SALES_CONTRACT

from .plan import State, Transition, WorkflowPlan

_OPEN = ("Submitted", "Received", "Under Opinions", "Approved for Signing", "Returned")

CONTRACT = WorkflowPlan(
	SALES_CONTRACT,
	(
		State("Draft", "SP", "Inverse"),
		State("Submitted", "OA OS", "Primary"),
		State("Received", "OA OS", "Primary"),
		State("Under Opinions", "OA OS", "Info"),
		State("Approved for Signing", "SP CA", "Warning"),
		State("Seal Pending", "AU", "Warning"),
		State("Signed", "FR", "Info"),
		State("Returned", "SP", "Warning"),
		State("Vetoed", "SM", "Danger"),
		State("Withdrawn", "SP", "Inverse"),
		State("Effective", "OA", "Success", docstatus=1),
		State("In Fulfilment", "OA", "Success", docstatus=1),
		State("Completed", "OA", "Success", docstatus=1),
		State("Cancelled", "OA", "Danger", docstatus=1),
	),
	(
		Transition("Draft", "Submit for Review", "Submitted", "SP"),
		Transition("Returned", "Submit for Review", "Submitted", "SP"),
		Transition("Submitted", "Receive", "Received", "OA OS"),
		Transition("Received", "Send to Opinions", "Under Opinions", "OA OS"),
		Transition("Under Opinions", "Approve for Signing", "Approved for Signing", "OA OS"),
		*(
			Transition(before, "Return", "Returned", "OA OS")
			for before in ("Received", "Under Opinions", "Approved for Signing")
		),
		Transition("Approved for Signing", "Hand In Signed Copy", "Seal Pending", "SP CA"),
		Transition("Seal Pending", "Refuse Signed Copy", "Approved for Signing", "AU"),
		Transition("Seal Pending", "Seal", "Signed", "AU"),
		*(Transition(before, "Veto", "Vetoed", "OA OS") for before in (*_OPEN, "Seal Pending")),
		*(Transition(before, "Withdraw", "Withdrawn", "SP") for before in ("Draft", *_OPEN)),
		Transition("Vetoed", "Lift Veto", "Received", "SM"),
	),
)
