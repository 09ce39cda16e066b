"""Reminders and escalation (催办): every quarter of an hour, over every clock that runs.

Which share of the time allowed is told to whom stands in Order Review Settings. What was told is written on the row
itself under its lock, so a rung is told once, however many schedulers run and however often.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache
from itertools import islice
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, get_datetime, getdate, now_datetime

from order_review.constants import (
	INTENT_ORDER,
	REVIEW_CONDITION,
	REVIEW_SETTINGS,
	REVIEW_TASK,
	ROLES,
	SPECIAL_REQUEST,
	TECHNICAL_ISSUE,
)
from order_review.engine.reminders import OVERDUE_PCT, Rung, due_rungs, used_pct
from order_review.engine.working_time import WorkingTime
from order_review.exceptions import OrderReviewError
from order_review.services import (
	deadlines,
	delegations,
	notices,
	order_rounds,
	price_notice,
	reviewed,
	special_options,
	technical_issues,
)
from order_review.services.workplace import whose

ASSIGNEE = "assignee"

CHUNK = 500
"""Rows locked and written at once."""

Row = Mapping[str, Any]
UsersWith = Callable[[str], Iterable[str]]
"""Role → users who have it or act for somebody who has."""


@dataclass(frozen=True)
class Clock:
	"""How the clock of a DocType's documents is read.

	Attributes:
		running: filters of the documents whose clock runs.
		since: field with the moment the clock began.
		due: field with the moment it ends.
		assignees: users who have to act on a row.
		extra: further fields the reading needs.
		late: what else follows when the time is over.
	"""

	doctype: str
	running: Mapping[str, Any]
	assignees: Callable[[Row, UsersWith], Iterable[str | None]]
	since: str = "step_since"
	due: str = "due_at"
	extra: tuple[str, ...] = ()
	late: Callable[[Row], None] | None = None


# --- who has to act -----------------------------------------------------------------------------------------


def _of_task(row: Row, users_with: UsersWith) -> Iterable[str | None]:
	return [row["assigned_to"]] if row["assigned_to"] else users_with(row["role"])


def _of_order(row: Row, users_with: UsersWith) -> Iterable[str | None]:
	if row["status"] == "Submitted":
		return users_with("Order Administrator")
	if row["status"] == "Returned":
		return order_rounds.authors(frappe.get_doc(INTENT_ORDER, row["name"]))
	if row["status"] == "Price Approval":
		return _of_document(row, users_with)
	return [row["owner_oa"]]


def _of_request(row: Row, users_with: UsersWith) -> Iterable[str | None]:
	return users_with(price_notice.NEXT_TO_ACT[row["status"]])


def _of_issue(row: Row, users_with: UsersWith) -> Iterable[str | None]:
	return technical_issues.answerers(frappe._dict(row))


def _of_condition(row: Row, users_with: UsersWith) -> Iterable[str | None]:
	"""Who is responsible; where nobody of the house is named, the department that set the condition."""
	if row["responsible_user"]:
		return [row["responsible_user"]]
	return users_with(row["responsible_role"] or row["role"] or "Order Administrator")


def _of_document(row: Row, users_with: UsersWith) -> Iterable[str | None]:
	return whose.holders(frappe.get_doc(row["doctype"], row["name"]))


# --- what else follows from being late ----------------------------------------------------------------------


def _late_order(row: Row) -> None:
	"""An order administrator who let a step's time pass has it in the work-quality record."""
	from order_review.services.quality import work_quality

	if row["owner_oa"] and row["status"] in ("Received", "Consolidating"):
		work_quality.record_if_judged(row["owner_oa"], "WQ-03", INTENT_ORDER, row["name"], _(row["status"]))


def clocks() -> Iterator[Clock]:
	"""The clocks of the site."""
	yield Clock(
		REVIEW_TASK,
		{"status": "Open", "paused_since": ["is", "not set"]},
		_of_task,
		since="received_at",
		extra=("role", "assigned_to", "hours_allowed", "paused_hours", "title"),
	)
	yield Clock(INTENT_ORDER, {"docstatus": 0}, _of_order, extra=("owner_oa", "title"), late=_late_order)
	yield Clock(
		SPECIAL_REQUEST,
		{"status": ["in", special_options.OPEN]},
		_of_request,
		extra=("option_name as title",),
	)
	yield Clock(
		TECHNICAL_ISSUE,
		{"status": ["in", ("Open", "Reopened")]},
		_of_issue,
		extra=("reference_doctype", "reference_name", "title"),
	)
	yield Clock(
		REVIEW_CONDITION,
		{"status": "Open"},
		_of_condition,
		since="creation",
		due="due_date",
		extra=("responsible_user", "responsible_role", "role", "condition_text as title"),
	)
	for doctype in reviewed.REVIEWED:
		if doctype != INTENT_ORDER and _has_clock(doctype):
			yield Clock(doctype, {"docstatus": ["<", 2]}, _of_document, extra=("title",))


def _has_clock(doctype: str) -> bool:
	meta = frappe.get_meta(doctype)
	return all(meta.has_field(name) for name in ("step_since", "due_at", "reminded_pct", "is_overdue"))


# --- the job ------------------------------------------------------------------------------------------------


def run() -> int:
	"""Tell of every rung that has been reached since the last run; gives the number of rows told of."""
	rungs = ladder()
	now, working_time = now_datetime(), deadlines.working_time()
	users_with = cache(_users_with)
	letters: list[notices.Letter] = []
	told = 0
	for clock in clocks():
		reached = _reached(clock, rungs, now, working_time)
		for chunk in _chunks(reached):
			mine = _claim(clock, chunk)
			told += len(mine)
			letters += _letters(clock, mine, users_with)
	notices.tell_many(letters)
	return told


def _users_with(role: str) -> tuple[str, ...]:
	return tuple(delegations.users_with(role)) if role else ()


def ladder() -> list[Rung]:
	"""The rungs of Order Review Settings; who has to act is told of everything overdue in any case."""
	rows = frappe.get_cached_doc(REVIEW_SETTINGS).escalation
	rungs = [Rung(flt(row.at_pct), row.recipient) for row in rows if flt(row.at_pct) > 0]
	return [*rungs, Rung(OVERDUE_PCT, ASSIGNEE)]


def check_ladder(settings: Document) -> None:
	"""Raise OrderReviewError when a rung names nobody who could be told."""
	known = {ASSIGNEE, *_roles()}
	for row in settings.escalation:
		if row.recipient not in known or flt(row.at_pct) <= 0:
			frappe.throw(
				_("Escalation, row {0}: {1} % to “{2}” cannot be told. Above 0 %, to one of: {3}.").format(
					row.idx, flt(row.at_pct), row.recipient or "", ", ".join(sorted(known))
				),
				exc=OrderReviewError,
				title=_("Escalation"),
			)


def _roles() -> dict[str, str]:
	"""Name of a recipient in the settings → role."""
	return {frappe.scrub(name): name for name, _zh in ROLES.values()}


def _reached(
	clock: Clock, rungs: list[Rung], now: datetime, working_time: WorkingTime
) -> list[tuple[Row, list[Rung]]]:
	highest = max(rung.at_pct for rung in rungs)
	fields = ["name", "reminded_pct", clock.since, clock.due, *clock.extra]
	rows = frappe.get_all(
		clock.doctype,
		filters={**clock.running, clock.due: ["is", "set"], "reminded_pct": ["<", highest]},
		fields=list(dict.fromkeys([*fields, "status"])),
	)
	spans = cache(working_time.hours_between)
	reached = []
	for row in rows:
		row["doctype"] = clock.doctype
		row["used"] = _used(clock, row, now, spans)
		new = due_rungs(rungs, row["used"], flt(row["reminded_pct"]))
		if new:
			reached.append((row, new))
	return reached


def _used(clock: Clock, row: Row, now: datetime, hours: Callable[[datetime, datetime], float]) -> float:
	"""Share of the time allowed that a row has used, in percent; pauses left out."""
	since, due, paused = get_datetime(row[clock.since]), _moment(row[clock.due]), flt(row.get("paused_hours"))
	allowed = flt(row.get("hours_allowed")) or hours(since, due) - paused
	return used_pct(max(0.0, hours(since, now) - paused), allowed)


def _moment(due: Any) -> datetime:
	"""A deadline that is a day ends with it."""
	return due if isinstance(due, datetime) else datetime.combine(getdate(due), time.max)


def _claim(clock: Clock, reached: list[tuple[Row, list[Rung]]]) -> list[tuple[Row, list[Rung]]]:
	"""Write the rungs on the rows that nobody else has told of, or is at, meanwhile; gives those."""
	stored = frappe.db.get_values(
		clock.doctype,
		{"name": ["in", [row["name"] for row, _rungs in reached]]},
		["name", "status", "reminded_pct", clock.due],
		as_dict=True,
		for_update=True,
		skip_locked=True,
	)
	now = {row.name: (row.status, flt(row.reminded_pct), row[clock.due]) for row in stored}
	mine = [
		(row, rungs)
		for row, rungs in reached
		if now.get(row["name"]) == (row["status"], flt(row["reminded_pct"]), row[clock.due])
	]
	by_rung: dict[float, list[str]] = defaultdict(list)
	for row, rungs in mine:
		by_rung[rungs[-1].at_pct].append(row["name"])
	table = frappe.qb.DocType(clock.doctype)
	for pct, names in by_rung.items():
		query = frappe.qb.update(table).set(table.reminded_pct, pct).where(table.name.isin(names))
		(query.set(table.is_overdue, 1) if pct >= OVERDUE_PCT else query).run()
	return mine


def _letters(
	clock: Clock, told: list[tuple[Row, list[Rung]]], users_with: UsersWith
) -> Iterator[notices.Letter]:
	roles = _roles()
	for row, rungs in told:
		is_late = any(rung.at_pct >= OVERDUE_PCT for rung in rungs)
		users: set[str | None] = set()
		if any(rung.recipient == ASSIGNEE for rung in rungs):
			users.update(clock.assignees(row, users_with))
		users.update(user for rung in rungs for user in users_with(roles.get(rung.recipient, "")))
		if is_late and clock.late:
			clock.late(row)
		for user in sorted(filter(None, users)):
			yield notices.Letter(
				user, clock.doctype, row["name"], _subject(row, is_late=is_late), due_at=row[clock.due]
			)


def _subject(row: Row, *, is_late: bool) -> Callable[[], str]:
	def said() -> str:
		what = f"{row['name']} {row.get('title') or ''}".strip()
		status = _(row["status"], context=row["doctype"])
		if is_late:
			return _("{0} is overdue: {1}").format(what, status)
		return _("{0} is due soon ({1} % of the time is used): {2}").format(what, int(row["used"]), status)

	return said


def _chunks(rows: list[tuple[Row, list[Rung]]]) -> Iterator[list[tuple[Row, list[Rung]]]]:
	left = iter(rows)
	while chunk := list(islice(left, CHUNK)):
		yield chunk
