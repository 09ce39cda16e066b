"""Deadlines count working hours of the calendar, nothing else."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_review.engine.working_time import WorkingTime

WEEK = WorkingTime(
	spans=((time(8, 30), time(17, 30)),),
	days_off=frozenset({date(2026, 10, 1), date(2026, 10, 2)}),
	extra_days=frozenset({date(2026, 10, 10)}),
)


@pytest.mark.parametrize(
	("start", "hours", "due"),
	[
		("2026-11-16 09:00", 4, "2026-11-16 13:00"),
		("2026-11-16 15:30", 4, "2026-11-17 10:30"),
		("2026-11-20 16:30", 8, "2026-11-23 15:30"),  # over a weekend
		("2026-11-21 12:00", 1, "2026-11-23 09:30"),  # asked on a Saturday
		("2026-11-16 03:00", 9, "2026-11-16 17:30"),  # the whole day, to its last minute
		("2026-11-16 17:30", 1, "2026-11-17 09:30"),
		("2026-09-30 16:30", 2, "2026-10-05 09:30"),  # two days off and a weekend
		("2026-10-09 17:00", 1, "2026-10-10 09:00"),  # a Saturday that is worked
		("2026-11-16 10:00", 0, "2026-11-16 10:00"),
	],
)
def test_due(start: str, hours: float, due: str) -> None:
	assert WEEK.after(datetime.fromisoformat(start), hours) == datetime.fromisoformat(due)


BREAK = WorkingTime(spans=((time(8, 30), time(12)), (time(13), time(17, 30))))


@pytest.mark.parametrize(
	("start", "hours", "due"),
	[
		("2026-11-16 09:00", 4, "2026-11-16 14:00"),  # over noon
		("2026-11-16 12:30", 1, "2026-11-16 14:00"),  # asked at table
		("2026-11-16 11:00", 1, "2026-11-16 12:00"),  # to the last minute before noon
		("2026-11-16 08:30", 8, "2026-11-16 17:30"),  # a whole day has eight hours
		("2026-11-16 16:30", 8, "2026-11-17 16:30"),
	],
)
def test_a_break_at_noon_does_not_count(start: str, hours: float, due: str) -> None:
	assert BREAK.after(datetime.fromisoformat(start), hours) == datetime.fromisoformat(due)


def test_hours_used_over_a_break() -> None:
	assert BREAK.hours_between(datetime(2026, 11, 16, 11, 30), datetime(2026, 11, 16, 13, 30)) == 1.0
	assert BREAK.hours_between(datetime(2026, 11, 16, 12, 5), datetime(2026, 11, 16, 12, 55)) == 0


def test_hours_used() -> None:
	friday, monday = datetime(2026, 11, 20, 16, 0), datetime(2026, 11, 23, 9, 0)
	assert WEEK.hours_between(friday, monday) == 2.0
	assert WEEK.hours_between(monday, friday) == 0


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)), st.integers(min_value=1, max_value=400))
def test_a_deadline_is_used_up_exactly_when_it_falls_due(start: datetime, quarters: int) -> None:
	due = WEEK.after(start, quarters / 4)
	assert WEEK.hours_between(start, due) == pytest.approx(quarters / 4)
	assert WEEK.is_working_day(due.date())


def test_a_day_without_hours_is_refused() -> None:
	with pytest.raises(ValueError, match="has no hours"):
		WorkingTime(((time(17), time(8)),))
	with pytest.raises(ValueError, match="has no hours"):
		WorkingTime(())
	with pytest.raises(ValueError, match="before the one before it ends"):
		WorkingTime(((time(8), time(12)), (time(11), time(17))))
	with pytest.raises(ValueError, match="no 1 working hours"):
		WorkingTime(((time(8), time(17)),), weekdays=frozenset()).after(datetime(2026, 11, 16), 1)


def test_the_third_working_day_after_a_day() -> None:
	assert WEEK.working_days_after(date(2026, 11, 30), 3) == date(2026, 12, 3)
	assert WEEK.working_days_after(date(2026, 9, 30), 3) == date(2026, 10, 7)  # two days off and a weekend
	assert WEEK.working_days_after(date(2026, 10, 9), 1) == date(2026, 10, 10)  # a Saturday that is worked
