"""Workflows of the fulfilment: livery designs, coordination items, expedite requests."""

from __future__ import annotations

from order_review.constants import COORDINATION_ITEM, EXPEDITE_REQUEST, LIVERY_DESIGN

from .plan import State, Transition, WorkflowPlan

_DOERS = "SP MM OA CA AU LS OS SM TR FR PL SU QA CS PM VP"

LIVERY = WorkflowPlan(
	LIVERY_DESIGN,
	(
		State("To Design", "SP LS", "Warning"),
		State("Draft", "LS", "Inverse"),
		State("To Confirm", "SP LS", "Info"),
		State("Confirmed", "LS", "Success"),
		State("Frozen", "LS", "Inverse"),
	),
	(
		Transition("To Design", "Start Design", "Draft", "LS"),
		Transition("Draft", "Send to Customer", "To Confirm", "LS"),
		Transition("To Confirm", "Return to Design", "Draft", "SP LS"),
		Transition("To Confirm", "Accept Confirmation", "Confirmed", "LS"),
		Transition("Confirmed", "Change Design", "Draft", "LS"),
	),
)

COORDINATION = WorkflowPlan(
	COORDINATION_ITEM,
	(
		State("Open", _DOERS, "Primary"),
		State("In Progress", _DOERS, "Info"),
		State("Done", "OA", "Success"),
		State("Cancelled", "OA", "Inverse"),
	),
	(
		Transition("Open", "Start", "In Progress", _DOERS),
		Transition("Open", "Finish", "Done", _DOERS),
		Transition("In Progress", "Finish", "Done", _DOERS),
		Transition("Done", "Take Up Again", "In Progress", "OA OS"),
		*(Transition(before, "Call Off", "Cancelled", _DOERS) for before in ("Open", "In Progress")),
	),
)

EXPEDITE = WorkflowPlan(
	EXPEDITE_REQUEST,
	(
		State("Draft", "OA OS PL SU", "Inverse"),
		State("Sent", "SU", "Primary"),
		State("Promised", "SU", "Info"),
		State("Arrived", "SU", "Success"),
		State("Refused", "SU", "Danger"),
		State("Withdrawn", "OA", "Inverse"),
	),
	(
		Transition("Draft", "Send to Supplier", "Sent", "SU"),
		Transition("Sent", "Record Promise", "Promised", "SU"),
		Transition("Sent", "Record Refusal", "Refused", "SU"),
		Transition("Promised", "Record Arrival", "Arrived", "SU"),
		Transition("Refused", "Ask Supplier Again", "Sent", "SU"),
		*(
			Transition(before, "Withdraw", "Withdrawn", "OA OS PL")
			for before in ("Draft", "Sent", "Promised", "Refused")
		),
	),
)
