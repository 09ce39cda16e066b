"""Training Completion: who of a role has passed which course of the training plan, and who is qualified."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, get_fullname

from order_review.constants import TRAINING_SESSION
from order_review.services import qualifications, trainings
from order_review.services.report_columns import column, worded
from order_review.services.trainings import Progress

USUAL_ROLE = "Order Administrator"


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
	"""Columns, rows, a message where there is no plan, no chart, and counts."""
	given = filters or {}
	role = given.get("role") or USUAL_ROLE
	courses = trainings.plan().get(role, ())
	if not courses:
		return (
			[],
			[],
			_("The training plan in Order Review Settings has no course for the role {0}.").format(_(role)),
		)
	rows = [_row(one, role) for one in trainings.completion(role)]
	shown = [row for row in rows if not (cint(given.get("open_only")) and row["state"] == "Qualified")]
	return _columns(courses), worded(shown, state="Order Review"), None, None, _summary(rows)


def _row(one: Progress, role: str) -> dict[str, Any]:
	cells = {f"course_{at}": one.passed.get(course) for at, course in enumerate(one.courses)}
	is_qualified = qualifications.holds(one.user, role)
	return {
		"user": one.user,
		"full_name": get_fullname(one.user),
		**{name: f"{frappe.format(cell.held_on, 'Date')} · {cell.score:g}" if cell else "" for name, cell in cells.items()},
		"done": f"{len(one.passed)} / {len(one.courses)}",
		"has_role": int(role in frappe.get_roles(one.user)),
		"state": "Qualified" if is_qualified else "To Be Qualified" if one.is_complete else "In Training",
		"role": role,
	}  # fmt: skip


def _columns(courses: tuple[str, ...]) -> list[dict[str, Any]]:
	return [
		column("full_name", _("Name"), "Data", 220),
		*(
			column(f"course_{at}", _(course, context=TRAINING_SESSION), "Data", 170)
			for at, course in enumerate(courses)
		),
		column("done", _("Courses Passed"), "Data", 140),
		column("has_role", _("Has the Role"), "Check", 125),
		column("state", _("Qualification", context="Order Review"), "Data", 210),
	]


def _summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
	states = (
		("In Training", _("In Training"), "Orange"),
		("To Be Qualified", _("To Be Qualified"), "Blue"),
		("Qualified", _("Qualified", context="Order Review"), "Green"),
	)
	return [
		{
			"label": label,
			"value": sum(row["state"] == state for row in rows),
			"datatype": "Int",
			"indicator": colour,
		}
		for state, label, colour in states
	]
