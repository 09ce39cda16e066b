"""Workflow of Delivery Date Commitments (交货期确认)."""

from __future__ import annotations

from order_review.constants import DELIVERY_COMMITMENT

from .plan import State, Transition, WorkflowPlan

COMMITMENT = WorkflowPlan(
	DELIVERY_COMMITMENT,
	(
		State("Requested", "PL OA OS", "Primary"),
		State("Proposed", "PL SP", "Info"),
		State("Accepted", "PL PM", "Info"),
		State("Confirmed", "PL PM", "Success"),
		State("Broken", "PL", "Danger"),
		State("Withdrawn", "PL", "Inverse"),
	),
	(
		Transition("Requested", "Propose", "Proposed", "PL"),
		Transition("Broken", "Propose", "Proposed", "PL"),
		Transition("Proposed", "Accept", "Accepted", "SP"),
		Transition("Proposed", "Decline", "Requested", "SP"),
		Transition("Proposed", "Take Back", "Requested", "PL"),
		Transition("Accepted", "Confirm", "Confirmed", "PL"),
		Transition("Accepted", "Mark as Broken", "Broken", "PL"),
		Transition("Confirmed", "Mark as Broken", "Broken", "PL"),
	),
)
