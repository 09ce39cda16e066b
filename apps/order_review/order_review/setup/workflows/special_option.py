"""Workflow of Special Option Requests (特殊配置申请)."""

from __future__ import annotations

from order_review.constants import SPECIAL_REQUEST

from .plan import State, Transition, WorkflowPlan

SPECIAL_OPTION = WorkflowPlan(
	SPECIAL_REQUEST,
	(
		State("Requested", "SP OA", "Primary"),
		State("Technical", "TR", "Info"),
		State("Costing", "SU", "Info"),
		State("Pricing", "MP", "Info"),
		State("Finance Check", "FR", "Warning"),
		State("Priced", "OA", "Success"),
		State("Refused", "OA", "Danger"),
		State("Expired", "OA", "Inverse"),
		State("Catalogued", "OA", "Success"),
	),
	(
		Transition("Requested", "Send to Technical", "Technical", "OA OS"),
		Transition("Requested", "Refuse", "Refused", "OA OS SM"),
		Transition("Technical", "Finish Technical Check", "Costing", "TR"),
		Transition("Technical", "Return", "Requested", "TR"),
		Transition("Technical", "Refuse", "Refused", "TR OS SM VP"),
		Transition("Costing", "Finish Costing", "Pricing", "SU"),
		Transition("Costing", "Return", "Technical", "SU"),
		Transition("Costing", "Refuse", "Refused", "OS SM VP"),
		Transition("Pricing", "Send to Finance", "Finance Check", "MP"),
		Transition("Pricing", "Return", "Costing", "MP"),
		Transition("Pricing", "Refuse", "Refused", "MP SM VP PC"),
		Transition("Finance Check", "Release Price", "Priced", "FR VP PC", is_approval=True),
		Transition("Finance Check", "Return", "Pricing", "FR VP PC"),
		Transition("Finance Check", "Refuse", "Refused", "VP PC"),
		Transition("Expired", "Renew", "Costing", "OA"),
	),
)
