"""Workflows of contract quality: assessments (合同质量考核), months (考核月) and work-quality records (工作质量记录)."""

from __future__ import annotations

from order_review.constants import QUALITY_ASSESSMENT, QUALITY_MONTH, WORK_QUALITY

from .plan import State, Transition, WorkflowPlan

ASSESSMENT = WorkflowPlan(
	QUALITY_ASSESSMENT,
	(
		State("Draft", "OA AU", "Primary"),
		State("Confirmed", "SP OS", "Info"),
		State("Appealed", "OS", "Warning"),
		State("Decided", "OS", "Info"),
		State("Closed", "OS", "Success"),
		State("Handed Over", "OS", "Success"),
		State("Reopened", "SP OS", "Warning"),
	),
	(
		Transition("Draft", "Confirm Assessment", "Confirmed", "OA"),
		Transition("Confirmed", "Appeal", "Appealed", "SP"),
		Transition("Decided", "Appeal", "Appealed", "SP"),
		Transition("Reopened", "Appeal", "Appealed", "SP"),
		Transition("Appealed", "Decide Appeal", "Decided", "OS"),
	),
)

MONTH = WorkflowPlan(
	QUALITY_MONTH,
	(
		State("Open", "OS", "Primary"),
		State("Closed", "MG", "Info"),
		State("Confirmed", "MG", "Success"),
		State("Reopened", "MG", "Warning"),
	),
	(
		Transition("Open", "Close Month", "Closed", "OS"),
		Transition("Reopened", "Close Month", "Closed", "OS MG"),
		Transition("Closed", "Confirm Scores", "Confirmed", "MG"),
		Transition("Closed", "Reopen Month", "Reopened", "MG"),
		Transition("Confirmed", "Reopen Month", "Reopened", "MG"),
	),
)

WORK_RECORD = WorkflowPlan(
	WORK_QUALITY,
	(State("Recorded", "OS", "Info"), State("Void", "OS", "Inverse")),
	(Transition("Recorded", "Make Void", "Void", "OS"),),
)
