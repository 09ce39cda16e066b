"""Workflow of Exception Reports (异常上报)."""

from __future__ import annotations

from order_review.constants import EXCEPTION_REPORT

from .plan import State, Transition, WorkflowPlan

EXCEPTION = WorkflowPlan(
	EXCEPTION_REPORT,
	(
		State("Open", "OA OS SM VP CA AU LS TR FR PL SU MP MG QA CS PM", "Warning"),
		State("Settled", "OS SM VP", "Success"),
	),
	(
		Transition("Open", "Settle", "Settled", "OS SM VP"),
		Transition("Settled", "Open Again", "Open", "OS SM VP"),
	),
)
