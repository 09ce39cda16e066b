"""Workflow of Technical Issues and questions (技术问题)."""

from __future__ import annotations

from order_review.constants import TECHNICAL_ISSUE

from .plan import State, Transition, WorkflowPlan

_ASKERS = "OA TR QA PM"

TECHNICAL = WorkflowPlan(
	TECHNICAL_ISSUE,
	(
		State("Open", f"SP {_ASKERS}", "Warning"),
		State("Reopened", "SP", "Warning"),
		State("Answered", f"{_ASKERS} OS", "Info"),
		State("Closed", "OA", "Success"),
	),
	(
		Transition("Open", "Answer", "Answered", "SP"),
		Transition("Reopened", "Answer", "Answered", "SP"),
		Transition("Answered", "Reopen", "Reopened", f"{_ASKERS} OS"),
		*(
			Transition(before, "Close", "Closed", f"{_ASKERS} OS")
			for before in ("Answered", "Open", "Reopened")
		),
	),
)
