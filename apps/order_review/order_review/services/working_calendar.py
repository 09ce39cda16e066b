"""The working calendar: a published year taken in, and a warning before the days run out."""

from __future__ import annotations

from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import date_diff, getdate, today

from order_review.adapters.chinese import sentence
from order_review.constants import REVIEW_SETTINGS, role_names
from order_review.engine.errors import BadInput
from order_review.engine.holidays import SpecialDay, Year, read_years
from order_review.exceptions import WorkingCalendarError
from order_review.services import notices

HOLIDAYS = "Holiday List"
WARNING_DAYS = 60
"""Days before the end of the calendar from which on its keepers are warned."""
_AGAIN = (30, 14, 7, 3, 1, 0)
"""Days before the end on which they are warned once more."""


def take_in(content: bytes, name: str) -> list[Year]:
	"""Bring the years of a calendar file into the site's calendar; days of those years it had before give way.

	Days off go into the Holiday List of the settings, days worked instead into their extra working days.

	Raises:
		WorkingCalendarError: the file is no calendar, or holds no days.
	"""
	try:
		years = read_years(content, name)
	except BadInput as error:
		lang = "zh" if (frappe.local.lang or "").startswith("zh") else "en"
		frappe.throw(
			frappe.utils.escape_html(sentence(error, lang)),
			title=_("Calendar Not Imported"),
			exc=WorkingCalendarError,
		)
	settings = frappe.get_single(REVIEW_SETTINGS)
	holidays = _holiday_list(settings, years)
	for year in years:
		_replace(settings, holidays, year)
	holidays.flags.ignore_permissions = True
	holidays.save()
	settings.holiday_list = holidays.name
	settings.flags.ignore_mandatory = True
	settings.save(ignore_permissions=True)
	return years


def _holiday_list(settings: Document, years: list[Year]) -> Document:
	"""The Holiday List of the settings, reaching over the years; a new one where there is none."""
	first, last = date(years[0].number, 1, 1), date(years[-1].number, 12, 31)
	if not (settings.holiday_list and frappe.db.exists(HOLIDAYS, settings.holiday_list)):
		name = f"CN {years[0].number}"
		if frappe.db.exists(HOLIDAYS, name):
			holidays = frappe.get_doc(HOLIDAYS, name)
		else:
			holidays = frappe.get_doc(
				{"doctype": HOLIDAYS, "holiday_list_name": name, "from_date": first, "to_date": last}
			)
	else:
		holidays = frappe.get_doc(HOLIDAYS, settings.holiday_list)
	_refuse_gap(holidays, first)
	holidays.from_date = min(getdate(holidays.from_date), first)
	holidays.to_date = max(getdate(holidays.to_date), last)
	return holidays


def _refuse_gap(holidays: Document, first: date) -> None:
	"""A year left out between two would count as one without holidays."""
	if first.year > getdate(holidays.to_date).year + 1:
		frappe.throw(
			_("The calendar ends on {0}; import {1} before {2}.").format(
				getdate(holidays.to_date), getdate(holidays.to_date).year + 1, first.year
			),
			title=_("Calendar Not Imported"),
			exc=WorkingCalendarError,
		)


def _replace(settings: Document, holidays: Document, year: Year) -> None:
	"""Take the year's days in; weekends the list names and overtime somebody entered stay."""
	holidays.set(
		"holidays",
		[row for row in holidays.holidays if row.weekly_off or getdate(row.holiday_date).year != year.number],
	)
	weekends = {getdate(row.holiday_date) for row in holidays.holidays}
	for each in year.off:
		if each.day not in weekends:
			holidays.append(
				"holidays", {"holiday_date": each.day, "description": each.name or _("Public Holiday")}
			)
	holidays.holidays.sort(key=lambda row: getdate(row.holiday_date))
	for index, row in enumerate(holidays.holidays, 1):
		row.idx = index
	_replace_worked(settings, year.number, year.worked)


def _replace_worked(settings: Document, number: int, worked: tuple[SpecialDay, ...]) -> None:
	kept = [
		row
		for row in settings.extra_working_days
		if not (row.from_calendar and getdate(row.day).year == number)
	]
	settings.set("extra_working_days", kept)
	there = {getdate(row.day) for row in kept}
	for each in worked:
		if each.day not in there:
			settings.append("extra_working_days", {"day": each.day, "note": each.name, "from_calendar": 1})


def ends_on() -> date | None:
	"""The last day the calendar knows; None where the settings name none."""
	name = frappe.db.get_single_value(REVIEW_SETTINGS, "holiday_list")
	last = frappe.db.get_value(HOLIDAYS, name, "to_date") if name else None
	return getdate(last) if last else None


def warning() -> str | None:
	"""What is said to the keepers of a calendar that ends soon or has ended; None while it reaches far enough."""
	last = ends_on()
	if last is None:
		return _("No holiday calendar is set: deadlines count every weekday.")
	left = date_diff(last, today())
	if left > WARNING_DAYS:
		return None
	if left < 0:
		return _("The holiday calendar ended on {0}: deadlines count every weekday. Import {1}.").format(
			last, last.year + 1
		)
	return _("The holiday calendar ends on {0}, in {1} days. Import {2} when it is published.").format(
		last, left, last.year + 1
	)


def watch() -> int:
	"""Daily: warn those who keep the settings, when the end comes near and on some days after; gives their number."""
	last = ends_on()
	if last is None:
		return 0
	left = date_diff(last, today())
	told = (
		getdate(kept)
		if (kept := frappe.db.get_single_value(REVIEW_SETTINGS, "calendar_warned_for"))
		else None
	)
	if left > WARNING_DAYS or (told == last and left not in _AGAIN):
		return 0
	frappe.db.set_single_value(REVIEW_SETTINGS, "calendar_warned_for", last, update_modified=False)
	keepers = sorted({user for role in role_names("OS SM") for user in notices.users_with(role)})
	notices.tell(frappe.get_single(REVIEW_SETTINGS), keepers, lambda: warning() or "")
	return len(keepers)
