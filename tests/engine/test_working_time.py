"""Deadlines count working hours."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_review.engine.errors import BadInput
from order_review.engine.working_time import WorkingTime

WEEK = WorkingTime(
	frozenset(range(5)), time(8, 30), time(17, 30), frozenset({date(2026, 10, 1), date(2026, 10, 2)})
)


@pytest.mark.parametrize(
	("since", "hours", "due"),
	[
		pytest.param("2026-11-23 09:00", 4, "2026-11-23 13:00", id="the same day"),
		pytest.param("2026-11-23 15:30", 4, "2026-11-24 10:30", id="over the night"),
		pytest.param(
			"2026-11-23 22:08", 8, "2026-11-24 16:30", id="asked in the night, begun in the morning"
		),
		pytest.param("2026-11-27 17:00", 1, "2026-11-30 09:00", id="over the weekend"),
		pytest.param("2026-11-28 10:00", 9, "2026-11-30 17:30", id="a whole Monday, and no Tuesday morning"),
		pytest.param(
			"2026-09-30 16:30", 2, "2026-10-05 09:30", id="over the national holidays and a weekend"
		),
		pytest.param("2026-11-23 09:00", 0, "2026-11-23 09:00", id="at once"),
	],
)
def test_the_clock_runs_in_working_hours(since: str, hours: float, due: str) -> None:
	assert WEEK.add(datetime.fromisoformat(since), hours) == datetime.fromisoformat(due)


@given(
	st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(
		lambda moment: moment.replace(microsecond=0)
	),
	st.integers(0, 4000),
)
def test_as_many_hours_lie_before_the_deadline_as_were_given(since: datetime, minutes: int) -> None:
	assert WEEK.between(since, WEEK.add(since, minutes / 60)) == pytest.approx(minutes / 60)


def test_a_moment_that_lies_back_has_used_no_hours() -> None:
	assert WEEK.between(datetime(2026, 11, 24, 9), datetime(2026, 11, 23, 9)) == 0


def test_settings_in_which_nobody_works_are_refused() -> None:
	with pytest.raises(BadInput):
		WorkingTime(frozenset(), time(8), time(17))
	with pytest.raises(BadInput):
		WorkingTime(frozenset({0}), time(17), time(8))
