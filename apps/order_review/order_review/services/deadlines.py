"""Deadlines of the site: working time and hours for each step from Order Review Settings."""

from __future__ import annotations

from datetime import datetime, time

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_time, getdate

from order_review.constants import REVIEW_SETTINGS
from order_review.engine.working_time import WorkingTime
from order_review.exceptions import WorkingCalendarError

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_USUAL_DAY = ((time(8, 30), time(12)), (time(13), time(17, 30)))


def working_time() -> WorkingTime:
	"""The working time the settings state; what they leave open is Monday to Friday, half past eight to half past five."""
	settings = frappe.get_cached_doc(REVIEW_SETTINGS)
	return WorkingTime(
		spans_of(settings) or _USUAL_DAY,
		_weekdays(settings.working_days),
		_days_off(settings.holiday_list),
		frozenset(getdate(row.day) for row in settings.extra_working_days),
	)


def spans_of(settings: Document) -> tuple[tuple[time, time], ...]:
	"""When a working day is worked, in the order of the day."""
	return tuple(sorted((get_time(row.from_time), get_time(row.to_time)) for row in settings.working_spans))


def check_spans(settings: Document) -> None:
	"""Refuse spans that end before they begin, or overlap.

	Raises:
		WorkingCalendarError: naming the row.
	"""
	try:
		spans = spans_of(settings)
		if spans:
			WorkingTime(spans)
	except ValueError:
		frappe.throw(
			_("Working hours: each span ends after it begins, and before the next one begins."),
			title=_("Not Saved", context="Order Review"),
			exc=WorkingCalendarError,
		)


def due(process: str, stage: str, since: datetime) -> datetime | None:
	"""When a step entered at ``since`` is due; None where the settings give it no hours.

	Args:
		process: process name as in the table of stage deadlines.
		stage: name of the step.
	"""
	allowed = hours(process, stage)
	return working_time().after(since, allowed).replace(microsecond=0) if allowed else None


def hours(process: str, stage: str) -> float | None:
	"""Working hours the settings give a step; None where they give it none."""
	rows = frappe.get_cached_doc(REVIEW_SETTINGS).stage_deadlines
	found = [row.hours for row in rows if (row.process_name, row.stage) == (process, stage)]
	return found[0] or None if found else None


def _weekdays(text: str | None) -> frozenset[int]:
	named = {day.strip().lower()[:3] for day in (text or "").split(",")}
	return frozenset(index for index, day in enumerate(_WEEKDAYS) if day in named) or frozenset(range(5))


def _days_off(holiday_list: str | None) -> frozenset[object]:
	if not holiday_list:
		return frozenset()
	days = frappe.get_all("Holiday", filters={"parent": holiday_list}, pluck="holiday_date")
	return frozenset(getdate(day) for day in days)
