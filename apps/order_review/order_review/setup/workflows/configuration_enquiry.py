"""Workflow of Configuration Enquiries (配置咨询)."""

from __future__ import annotations

from order_review.constants import CONFIGURATION_ENQUIRY

from .plan import State, Transition, WorkflowPlan

ENQUIRY = WorkflowPlan(
	CONFIGURATION_ENQUIRY,
	(
		State("Open", "SP MM OA OS TR AU KM", "Warning"),
		State("Answered", "OA OS TR AU KM", "Success"),
	),
	(
		Transition("Open", "Answer", "Answered", "OA OS TR AU KM"),
		Transition("Answered", "Ask Again", "Open", "SP MM OA OS"),
	),
)
