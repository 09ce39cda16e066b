"""Clocks of documents under review: whose ball it was, and opinions whose time waits for an answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import flt, get_datetime, now_datetime

from order_review.constants import REVIEW_TASK, SPECIAL_REQUEST, TECHNICAL_ISSUE
from order_review.engine.clocks import (
	DEALER,
	OURS,
	SIDES,
	SUPPLIER,
	Span,
	holder,
	hours_used,
	split,
	waiting_spans,
)
from order_review.services import deadlines

ASKING = frozenset({"Open", "Reopened"})
"""States of a technical issue in which the other side has the ball."""

_THEIRS = frozenset({"Returned", "Approved for Signing", "Signed", "Fee Confirmation"})
"""States in which the customer or the salesperson has to act: to change, to sign, to pay."""

_NOBODYS = frozenset(
	(
		"Draft|Valid|Converted|Vetoed|Expired|Withdrawn|Effective|In Fulfilment|Completed|Closed|Released|Superseded|"
		"Cancelled|Rejected"
	).split("|")
)
"""States in which nobody is waited for; all others are ours."""

_Steps = list[tuple[datetime, str]]


def time_split(document: Document) -> dict[str, float]:
	"""Working hours of a document that were ours, the dealer's and the supplier's."""
	return time_splits(document.doctype, [document.name])[document.name]


def time_splits(doctype: str, names: Collection[str]) -> dict[str, dict[str, float]]:
	"""Name → working hours of each side, of several documents at once."""
	now, time = now_datetime(), deadlines.working_time()
	steps, waits = _steps(doctype, names), _waits(doctype, names)
	found = {}
	for name in names:
		hours = split(steps[name], _sides(steps[name]), waits[name], now, time)
		found[name] = {side: round(hours[side], 2) for side in SIDES}
	return found


def ball_holder(document: Document) -> str | None:
	"""The side that holds the ball now; None when nobody does."""
	return ball_holders(document.doctype, [document.name])[document.name]


def ball_holders(doctype: str, names: Collection[str]) -> dict[str, str | None]:
	"""Name → the side that holds the ball now, of several documents at once."""
	now, waits = now_datetime(), _waits(doctype, names)
	rows = frappe.get_all(doctype, filters={"name": ["in", list(names)]}, fields=["name", "status"])
	sides = {row.name: _side(row.status) for row in rows}
	return {name: side and holder(side, waits[name], now) for name, side in sides.items()}


def _side(state: str) -> str | None:
	if state in _NOBODYS:
		return None
	return DEALER if state in _THEIRS else OURS


def _sides(steps: _Steps) -> dict[str, str]:
	return {state: side for _moment, state in steps if (side := _side(state))}


def _waits(doctype: str, names: Collection[str]) -> Mapping[str, list[Span]]:
	waits: dict[str, list[Span]] = defaultdict(list)
	issues = _issues(doctype, names)
	asked = _steps(TECHNICAL_ISSUE, issues)
	for issue, reference in issues.items():
		waits[reference] += waiting_spans(asked[issue], ASKING, DEALER)
	specials = _specials(doctype, names)
	steps = _steps(SPECIAL_REQUEST, {request for _parent, request in specials})
	for parent, request in specials:
		waits[parent] += waiting_spans(steps[request], frozenset({"Costing"}), SUPPLIER)
	return waits


def _issues(doctype: str, names: Collection[str]) -> dict[str, str]:
	"""Blocking issue → its document."""
	filters = {"reference_doctype": doctype, "reference_name": ["in", list(names)], "blocking": 1}
	rows = frappe.get_all(TECHNICAL_ISSUE, filters=filters, fields=["name", "reference_name"])
	return {row.name: row.reference_name for row in rows}


def _specials(doctype: str, names: Collection[str]) -> list[tuple[str, str]]:
	"""Document and special option request, of documents that have a table of them."""
	table = frappe.get_meta(doctype).get_field("specials")
	if table is None or not frappe.get_meta(table.options).has_field("request_no"):
		return []
	filters = {"parenttype": doctype, "parent": ["in", list(names)], "request_no": ["is", "set"]}
	rows = frappe.get_all(table.options, filters=filters, fields=["parent", "request_no"])
	return [(row.parent, row.request_no) for row in rows]


def _steps(doctype: str, names: Iterable[str]) -> Mapping[str, _Steps]:
	"""Name → when which state was entered, in order of time."""
	steps: dict[str, _Steps] = defaultdict(list)
	names = list(names)
	if not names:
		return steps
	rows = frappe.get_all(
		"Document Event",
		filters={"parenttype": doctype, "parent": ["in", names]},
		fields=["parent", "to_status", "occurred_at"],
		order_by="parent, idx",
	)
	for row in rows:
		steps[row.parent].append((get_datetime(row.occurred_at), row.to_status))
	return steps


# --- opinions that wait for an answer -----------------------------------------------------------------------


def pause(doctype: str, name: str) -> None:
	"""Stop the clocks of the opinions still open on a document; the caller holds the document's row."""
	tasks = _open_tasks(doctype, name, is_paused=False)
	if tasks:
		_set(tasks, {"paused_since": now_datetime()})


def resume(doctype: str, name: str) -> None:
	"""Let the clocks run on: each deadline moves by the working hours that passed meanwhile."""
	now, time = now_datetime(), deadlines.working_time()
	for task in _open_tasks(doctype, name, is_paused=True):
		hours = time.hours_between(get_datetime(task.paused_since), now)
		due = time.after(get_datetime(task.due_at), hours).replace(microsecond=0) if task.due_at else None
		_set([task], {"paused_since": None, "paused_hours": flt(task.paused_hours) + hours, "due_at": due})


def used(task: Any, now: datetime | None = None) -> float:
	"""Working hours a review task has used, without those it was paused."""
	since = get_datetime(task.paused_since) if task.paused_since else None
	received, until = get_datetime(task.received_at), now or now_datetime()
	return round(hours_used(received, until, flt(task.paused_hours), since, deadlines.working_time()), 2)


def _open_tasks(doctype: str, name: str, *, is_paused: bool) -> list[Any]:
	return frappe.db.get_values(
		REVIEW_TASK,
		{
			"reference_doctype": doctype,
			"reference_name": name,
			"status": "Open",
			"paused_since": ["is", "set" if is_paused else "not set"],
		},
		["name", "due_at", "paused_since", "paused_hours"],
		as_dict=True,
		for_update=True,
	)


def _set(tasks: Iterable[Any], values: Mapping[str, Any]) -> None:
	"""Clocks are no part of what is decided, so they are written past the guard and touch nobody's look at the task."""
	for task in tasks:
		frappe.db.set_value(REVIEW_TASK, task.name, dict(values), update_modified=False)
