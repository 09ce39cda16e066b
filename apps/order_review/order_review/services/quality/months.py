"""Months of quality scores (月度质量考核): they open by themselves, close on the third working day, and are handed over."""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_months, get_last_day, getdate, now_datetime, today

from order_review.constants import QUALITY_ASSESSMENT, QUALITY_MONTH
from order_review.exceptions import QualityError
from order_review.services import background, deadlines, guard, notices
from order_review.services.quality import scores

CLOSING_DAY = 3
"""Working day of the following month with whose end a month closes."""

FINAL = ("Confirmed", "Decided", "Reopened")
"""States in which an assessment can be closed."""

COMPUTED = frozenset("month closes_after closed_on confirmed_by confirmed_on carried_over".split())


# --- opening ------------------------------------------------------------------------------------------------


def open_month(day: date) -> str:
	"""The month an assessment of that day counts in: its own, or the next one that is not closed."""
	month = getdate(day).replace(day=1)
	while True:
		name = f"{month:%Y-%m}"
		status = frappe.db.get_value(QUALITY_MONTH, name, "status")
		if status is None:
			_make(month)
		if status in (None, "Open"):
			return name
		month = getdate(add_months(month, 1))


def _make(month: date) -> None:
	document = frappe.new_doc(QUALITY_MONTH)
	last = deadlines.working_time().working_days_after(getdate(get_last_day(month)), CLOSING_DAY)
	document.update({"month": f"{month:%Y-%m}", "closes_after": last})
	guard.insert(document)


def forget_empty(name: str) -> None:
	"""Take away an open month in which nothing counts."""
	if frappe.db.get_value(QUALITY_MONTH, name, "status") != "Open":
		return
	if not frappe.db.exists(QUALITY_ASSESSMENT, {"quality_month": name}):
		frappe.delete_doc(QUALITY_MONTH, name, force=True, ignore_permissions=True)


# --- steps --------------------------------------------------------------------------------------------------


def check_closed(month: Document) -> None:
	"""The third working day is over; of a month that was reopened, no appeal is open."""
	if month.get_doc_before_save().status == "Reopened":
		waiting = _assessments(month.name, ["Appealed"])
		if waiting:
			_refuse(_("Appeals are not decided yet: {0}.").format(", ".join(waiting)))
	elif getdate(today()) <= getdate(month.closes_after):
		_refuse(
			_("{0} closes when {1} is over.").format(month.month, frappe.format(month.closes_after, "Date"))
		)


def closed(month: Document) -> None:
	"""Name the assessments that are not final and go on in the next month."""
	month.closed_on = now_datetime()
	left = [name for name, status in _statuses(month.name) if not _is_final(name, status)]
	if left:
		month.carried_over = ", ".join(filter(None, [month.carried_over, *left]))


def confirmed(month: Document) -> None:
	"""Market Management took the scores over; of a month without any, nobody has to."""
	by = None if guard.is_system_save(month) else frappe.session.user
	month.update({"confirmed_by": by, "confirmed_on": now_datetime()})


def reopened(month: Document) -> None:
	"""The hand-over does not count any more."""
	month.update({"confirmed_by": None, "confirmed_on": None})


PROCESS = guard.Process(
	first="Open",
	writable={},
	computed=COMPUTED,
	requirements={"Closed": check_closed},
	entering={"Closed": closed, "Confirmed": confirmed, "Reopened": reopened},
	reasoned=frozenset({"Reopened"}),
	system_moves=frozenset({("Open", "Closed"), ("Closed", "Confirmed")}),
)


# --- what follows -------------------------------------------------------------------------------------------


def after_step(month: Document) -> None:
	"""Lock, hand over or open the month's assessments, and write its scores down."""
	if month.status == "Closed":
		_close_assessments(month)
		_ask_confirmation(month)
	elif month.status == "Confirmed":
		_move(month, ["Closed"], "Handed Over")
	elif month.status == "Reopened":
		_reopen_assessments(month)
	scores.write(month)


def _ask_confirmation(month: Document) -> None:
	"""Market Management takes the scores over; a month in which nothing counts is done with its closing."""
	if frappe.db.exists(QUALITY_ASSESSMENT, {"quality_month": month.name}):
		subject = _("Quality month {0} is closed: confirm its scores").format(month.month)
		notices.tell(month, notices.users_with("Market Management Officer"), subject)
	else:
		empty = frappe.get_doc(QUALITY_MONTH, month.name)
		guard.write(empty, {"status": "Confirmed"}, reason=_("Nothing is assessed in this month."))


def _reopen_assessments(month: Document) -> None:
	"""Open the assessments, and begin those anew that still say a veto that is lifted."""
	from order_review.services.quality import assessment

	for name in _move(month, ["Closed", "Handed Over"], "Reopened"):
		assessment.bring_up_to_date(name)


def left_by(name: str, assessment: Document) -> None:
	"""An assessment went out of a month: its scores are written anew, or, handed over already, who took them is told."""
	if not name or name == assessment.quality_month:
		return
	month = frappe.get_doc(QUALITY_MONTH, name)
	if month.status == "Confirmed":
		subject = _("{0} no longer counts in month {1}, which was handed over. Reopen it to count it anew.")
		people = notices.users_with("Market Management Officer")
		notices.tell(month, people, subject.format(assessment.sales_contract, month.month))
	elif month.status != "Open":
		scores.write(month)


def close_due() -> int:
	"""Close the months whose third working day is over, and open the present one; gives the number of those closed."""
	open_month(getdate(today()))
	due = frappe.get_all(
		QUALITY_MONTH,
		filters={"status": "Open", "closes_after": ["<", today()]},
		pluck="name",
		order_by="name",
	)
	return background.each(due, _close, "Quality months close")


def _close(name: str) -> None:
	month = frappe.get_doc(QUALITY_MONTH, name, for_update=True)
	if month.status == "Open":
		guard.write(month, {"status": "Closed"}, reason=_("The third working day is over."))


def _close_assessments(month: Document) -> None:
	onward: str | None = None
	for name, status in _statuses(month.name):
		assessment = frappe.get_doc(QUALITY_ASSESSMENT, name, for_update=True)
		if _is_final(name, status):
			guard.write(assessment, {"status": "Closed"}, reason=_("Month {0} closed.").format(month.month))
		elif status not in ("Closed", "Handed Over"):
			onward = onward or open_month(getdate(add_months(f"{month.month}-01", 1)))
			guard.write(assessment, {"quality_month": onward})


def _is_final(name: str, status: str) -> bool:
	"""Confirmed with the time for an appeal over, or decided."""
	if status == "Confirmed":
		until = frappe.db.get_value(QUALITY_ASSESSMENT, name, "appeal_until")
		return getdate(until) < getdate(today())
	return status in FINAL


def _move(month: Document, before: list[str], after: str) -> list[str]:
	names = _assessments(month.name, before)
	for name in names:
		assessment = frappe.get_doc(QUALITY_ASSESSMENT, name, for_update=True)
		guard.write(assessment, {"status": after}, reason=guard.reason())
	return names


def _assessments(month: str, statuses: list[str]) -> list[str]:
	filters = {"quality_month": month, "status": ["in", statuses]}
	return frappe.get_all(QUALITY_ASSESSMENT, filters=filters, pluck="name", order_by="name")


def _statuses(month: str) -> list[tuple[str, str]]:
	rows: list[Any] = frappe.get_all(
		QUALITY_ASSESSMENT, filters={"quality_month": month}, fields=["name", "status"], order_by="name"
	)
	return [(row.name, row.status) for row in rows]


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Quality Month"), exc=QualityError)
