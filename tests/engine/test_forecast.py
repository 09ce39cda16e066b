"""The expected finish follows from queue, users and how long answers really take."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from order_review.engine.forecast import Answer, Queue, expected, handling_hours
from order_review.engine.working_time import WorkingTime

TIME = WorkingTime(((time(8, 30), time(17, 30)),))
MONDAY = datetime(2026, 11, 23, 8, 30)


def at(day: int, hour: int) -> datetime:
	return datetime(2026, 11, day, hour, 30)


@pytest.mark.parametrize(
	("waiting", "users", "handling", "finish"),
	[
		(0, 1, 2, "2026-11-23 10:30"),
		(3, 1, 2, "2026-11-23 16:30"),
		(4, 1, 2, "2026-11-24 09:30"),
		(4, 2, 2, "2026-11-23 14:30"),
		(5, 3, 9, "2026-11-24 17:30"),
	],
)
def test_the_queue_goes_first_shared_among_the_users(
	waiting: int, users: int, handling: float, finish: str
) -> None:
	assert expected(Queue(waiting, users, handling), MONDAY, TIME) == datetime.fromisoformat(finish)


def test_nobody_who_answers_means_no_finish() -> None:
	assert expected(Queue(0, 0, 2), MONDAY, TIME) is None


def test_waiting_for_earlier_answers_is_no_handling_time() -> None:
	monday = [Answer("a", at(23, 8), at(23, hour)) for hour in (10, 12, 14)]
	assert handling_hours(monday, TIME) == 2, "three at once, two hours each"
	assert handling_hours([Answer("a", at(23, 8), at(23, 10)), Answer("b", at(23, 8), at(23, 12))], TIME) == 3


def test_nights_are_no_handling_time() -> None:
	assert handling_hours([Answer("a", at(23, 16), at(24, 8))], TIME) == 1


def test_without_answers_nothing_is_known() -> None:
	assert handling_hours([], TIME) is None
