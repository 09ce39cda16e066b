"""What a Workflow of ours is made from: states, actions and who takes them."""

from __future__ import annotations

from dataclasses import dataclass

from order_review.constants import ROLES


@dataclass(frozen=True)
class State:
	"""A state: who may edit in it (role codes), its colour in Frappe's words, its docstatus."""

	name: str
	editors: str
	style: str = ""
	docstatus: int = 0


@dataclass(frozen=True)
class Transition:
	"""A transition and who takes it (role codes); an approval is refused to those who had a hand in the document."""

	before: str
	action: str
	after: str
	takers: str
	is_approval: bool = False
	condition: str = ""


@dataclass(frozen=True)
class WorkflowPlan:
	"""A Workflow as it is made on a site that has none for the DocType."""

	doctype: str
	states: tuple[State, ...]
	transitions: tuple[Transition, ...]


def editors(plan: WorkflowPlan, status: str) -> list[str]:
	"""Roles that may edit in a state."""
	return [ROLES[code][0] for state in plan.states if state.name == status for code in state.editors.split()]
