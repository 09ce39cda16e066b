"""The working calendar of a site: a published year taken in, its end foreseen, breaks left out of the count."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import frappe
import pytest
from frappe.utils import getdate

from order_review.api import working_calendar as api
from order_review.constants import REVIEW_SETTINGS
from order_review.demo import places
from order_review.demo.people import address
from order_review.exceptions import FractionError, WorkingCalendarError
from order_review.patches.v15_0 import working_calendar as patch
from order_review.services import deadlines, working_calendar
from tests.site.clock import clock_at
from tests.site.samples import as_user, copy_of

pytestmark = pytest.mark.usefixtures("demo_site")

NEXT = {
	"year": 2027,
	"days": [
		{"name": "元旦", "date": "2027-01-01", "isOffDay": True},
		{"name": "春节", "date": "2027-02-05", "isOffDay": True},
		{"name": "春节", "date": "2027-02-20", "isOffDay": False},
	],
}


def uploaded(content: Any, name: str = "2027.json") -> str:
	text = content if isinstance(content, str) else json.dumps(content)
	file = frappe.get_doc({"doctype": "File", "file_name": name, "is_private": 1, "content": text})
	return str(file.insert(ignore_permissions=True).name)


def settings() -> Any:
	return frappe.get_single(REVIEW_SETTINGS)


def test_the_sample_works_by_the_official_calendar_of_2026() -> None:
	time = deadlines.working_time()
	off = ("01-02", "02-20", "02-23", "05-04", "05-05")
	worked = ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")
	assert not [day for day in off if time.is_working_day(date.fromisoformat(f"2026-{day}"))]
	assert [day for day in worked if time.is_working_day(date.fromisoformat(f"2026-{day}"))] == list(worked)
	assert time.after(datetime(2026, 11, 30, 11), 2) == datetime(2026, 11, 30, 14)  # over noon


def test_the_supervisor_takes_in_the_next_year_and_deadlines_follow_it() -> None:
	as_user("os")
	assert api.import_calendar(uploaded(NEXT))["years"] == [2027]
	assert working_calendar.ends_on() == date(2027, 12, 31)
	time = deadlines.working_time()
	assert not time.is_working_day(date(2027, 2, 5))
	assert time.is_working_day(date(2027, 2, 20))
	assert not time.is_working_day(date(2026, 10, 1))  # the year before stays
	assert not frappe.db.exists("File", {"file_name": ["like", "2027%"]})


def test_a_year_taken_in_again_gives_way_to_its_correction_and_overtime_stays() -> None:
	as_user("os")
	mine = settings()
	mine.append("extra_working_days", {"day": "2027-03-06", "note": "overtime"})
	mine.save()
	api.import_calendar(uploaded(NEXT))
	moved = {"name": "春节", "date": "2027-02-21", "isOffDay": False}
	corrected = {"year": 2027, "days": [*list(NEXT["days"])[:2], moved]}  # type: ignore[call-overload]
	api.import_calendar(uploaded(corrected))
	days = {str(getdate(row.day)) for row in settings().extra_working_days}
	assert {"2027-02-21", "2027-03-06", "2026-10-10"} <= days
	assert "2027-02-20" not in days
	rows = frappe.get_all("Holiday", {"parent": settings().holiday_list}, pluck="holiday_date")
	assert len(rows) == len(set(rows))


@pytest.mark.parametrize(
	("content", "said"),
	[
		({"year": 2027, "days": []}, "holds no days"),
		("no calendar at all", "this is no calendar"),
		({"days": [{"name": "元旦", "date": "2030-01-01", "isOffDay": True}]}, "import 2027 before 2030"),
	],
)
def test_what_is_no_calendar_changes_nothing(content: Any, said: str) -> None:
	as_user("os")
	with pytest.raises(WorkingCalendarError, match=said):
		api.import_calendar(uploaded(content))
	assert working_calendar.ends_on() == date(2026, 12, 31)


def test_only_who_keeps_the_settings_takes_a_calendar_in() -> None:
	as_user("oa")
	with pytest.raises(frappe.PermissionError):
		api.import_calendar(uploaded(NEXT))


def test_the_keepers_are_warned_sixty_days_before_the_end_and_not_every_day() -> None:
	def notices() -> int:
		return frappe.db.count(
			"Notification Log", {"for_user": address("OS"), "document_name": REVIEW_SETTINGS}
		)

	frappe.db.set_value("User", address("OS"), "language", "en")
	with clock_at("2026-11-01 08:00") as clock:  # sixty days before
		assert working_calendar.watch() > 0
		assert notices() == 1
		clock.set("2026-11-02 08:00")
		assert working_calendar.watch() == 0
		clock.set("2026-12-01 08:00")  # thirty days before
		assert working_calendar.watch() > 0
		assert notices() == 2
	with clock_at("2026-10-31 08:00"):
		assert working_calendar.warning() is None
		assert working_calendar.watch() == 0
	with clock_at("2027-01-05 08:00"):
		assert "ended on 2026-12-31" in (working_calendar.warning() or "")
	as_user("os")
	working_calendar.take_in(json.dumps(NEXT).encode(), "2027.json")
	with clock_at("2026-12-15 08:00"):
		assert working_calendar.warning() is None


def test_spans_that_overlap_or_end_before_they_begin_are_refused() -> None:
	as_user("os")
	for spans in ([("12:00", "08:30")], [("08:30", "12:00"), ("11:00", "17:30")]):
		mine = settings()
		mine.set("working_spans", [{"from_time": begin, "to_time": end} for begin, end in spans])
		with pytest.raises(WorkingCalendarError, match="Working hours"):
			mine.save()


def test_an_older_site_keeps_its_hours_or_works_as_the_sample_does() -> None:
	mine = settings()
	mine.set("working_spans", [])
	mine.set("extra_working_days", [])
	mine.save(ignore_permissions=True)
	frappe.db.delete("Singles", {"doctype": REVIEW_SETTINGS, "field": ["in", ("work_from", "work_to")]})
	for field, value in (("work_from", "09:00:00"), ("work_to", "18:00:00")):
		row = (REVIEW_SETTINGS, field, value)
		frappe.db.sql("insert into tabSingles (doctype, field, value) values (%s, %s, %s)", row)
	patch.execute()
	assert deadlines.working_time().spans == (
		(datetime(2026, 1, 1, 9).time(), datetime(2026, 1, 1, 18).time()),
	)
	assert len(settings().extra_working_days) == 6
	frappe.db.delete("Singles", {"doctype": REVIEW_SETTINGS, "field": ["in", ("work_from", "work_to")]})
	mine = settings()
	mine.set("working_spans", [])
	mine.save(ignore_permissions=True)
	patch.execute()
	assert len(deadlines.working_time().spans) == 2
	assert places.HOLIDAYS.exists()


@pytest.mark.parametrize("qty", [2.7, "2.7", "two"])
def test_a_fraction_of_a_vehicle_is_refused_and_not_cut_off(qty: Any) -> None:
	as_user("sp")
	order = copy_of("IO-01", qty=qty)
	with pytest.raises(FractionError, match="Quantity is counted in whole numbers"):
		order.insert()
	order.qty = 3.0
	order.insert()
	assert order.qty == 3
