"""Expected finish of opinions: from the present queues of the departments and their last answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import flt, get_datetime, now_datetime

from order_review.constants import REVIEW_TASK
from order_review.engine.forecast import Answer, Queue, expected, handling_hours
from order_review.engine.working_time import WorkingTime
from order_review.services import deadlines, delegations

LAST_ANSWERS = 50
"""Answers of a department its handling time is taken from."""


def expected_finish(asked: Mapping[str, tuple[str, float]]) -> dict[str, datetime | None]:
	"""Department → when it will have answered what is asked of it now; None when nobody can.

	Args:
		asked: department → role that answers, and working hours it is allowed.
	"""
	now, time = now_datetime(), deadlines.working_time()
	waiting = _waiting({role for role, _hours in asked.values()})
	return {
		department: _rounded(
			expected(
				Queue(
					waiting.get(role, 0),
					len(delegations.users_with(role)),
					_handling(department, hours, time),
				),
				now,
				time,
			)
		)
		for department, (role, hours) in asked.items()
	}


def of_document(document: Document) -> datetime | None:
	"""When the opinions still asked about a document will all be there; None when none are, or nobody can answer."""
	rows = frappe.get_all(
		REVIEW_TASK,
		filters={
			"reference_doctype": document.doctype,
			"reference_name": document.name,
			"status": "Open",
			"is_required": 1,
		},
		fields=["department", "role", "hours_allowed", "due_at"],
	)
	now, time = now_datetime(), deadlines.working_time()
	moments = []
	for row in rows:
		ahead = frappe.db.count(
			REVIEW_TASK,
			{
				"status": "Open",
				"role": row.role,
				"due_at": ["<", row.due_at],
				"paused_since": ["is", "not set"],
			},
		)
		handling = _handling(row.department, flt(row.hours_allowed), time)
		moments.append(expected(Queue(ahead, len(delegations.users_with(row.role)), handling), now, time))
	known = [moment for moment in moments if moment]
	return _rounded(max(known)) if known and len(known) == len(moments) else None


def _waiting(roles: Collection[str]) -> dict[str, int]:
	"""Role → opinions asked of it that are open and whose clock runs."""
	table = frappe.qb.DocType(REVIEW_TASK)
	count = frappe.query_builder.functions.Count("*")
	rows = (
		frappe.qb.from_(table)
		.select(table.role, count.as_("waiting"))
		.where((table.status == "Open") & table.role.isin(list(roles)) & table.paused_since.isnull())
		.groupby(table.role)
		.run(as_dict=True)
		if roles
		else []
	)
	return {row.role: row.waiting for row in rows}


def _handling(department: str, allowed: float, time: WorkingTime) -> float:
	"""Working hours an answer of a department takes; what it is allowed, as long as there are no answers."""
	rows: list[Any] = frappe.get_all(
		REVIEW_TASK,
		filters={
			"department": department,
			"status": "Answered",
			"carried_from": ["is", "not set"],
			"user": ["is", "set"],
		},
		fields=["user", "received_at", "answered_at"],
		order_by="answered_at desc",
		limit=LAST_ANSWERS,
	)
	answers = [Answer(row.user, get_datetime(row.received_at), get_datetime(row.answered_at)) for row in rows]
	hours = handling_hours(answers, time)
	return allowed if hours is None else hours


def _rounded(moment: datetime | None) -> datetime | None:
	return moment and moment.replace(microsecond=0)
