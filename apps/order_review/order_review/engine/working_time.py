"""Working hours: when a deadline falls, and how much of it is used. Pure arithmetic on naive local times."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise

LONGEST_SPAN_DAYS = 3_660
"""Days after which looking for working time is given up."""


@dataclass(frozen=True)
class WorkingTime:
	"""Working hours of a week, with breaks, days off and extra working days.

	Args:
		spans: when a working day is worked, as (from, to); what lies between two spans is a break.
		weekdays: working days of the week, Monday is 0.
		days_off: days nobody works (Holiday List).
		extra_days: days that are worked although they are weekend or day off (调休, overtime).
	"""

	spans: tuple[tuple[time, time], ...]
	weekdays: frozenset[int] = frozenset(range(5))
	days_off: Collection[date] = field(default_factory=frozenset)
	extra_days: Collection[date] = field(default_factory=frozenset)

	def __post_init__(self) -> None:
		if not self.spans:
			raise ValueError("a working day without spans has no hours")
		for begin, end in self.spans:
			if end <= begin:
				raise ValueError(f"a span from {begin} to {end} has no hours")
		for (_, end), (begin, _) in pairwise(self.spans):
			if begin < end:
				raise ValueError(f"a span begins at {begin}, before the one before it ends at {end}")

	def is_working_day(self, day: date) -> bool:
		"""Whether the day is worked."""
		return day in self.extra_days or (day.weekday() in self.weekdays and day not in self.days_off)

	def working_days_after(self, day: date, count: int) -> date:
		"""The ``count``-th working day after a day.

		Raises:
			ValueError: there are not so many within ten years.
		"""
		left = count
		for offset in range(1, LONGEST_SPAN_DAYS):
			later = day + timedelta(days=offset)
			left -= self.is_working_day(later)
			if left <= 0:
				return later
		raise ValueError(f"no {count} working days within {LONGEST_SPAN_DAYS} days after {day}")

	def after(self, start: datetime, hours: float) -> datetime:
		"""The moment at which so many working hours have passed since ``start``.

		Raises:
			ValueError: negative hours, or no working time within ten years.
		"""
		if hours < 0:
			raise ValueError(f"{hours} hours cannot pass")
		left = timedelta(hours=hours)
		for begin, end in self._spans(start):
			if left <= end - begin:
				return begin + left
			left -= end - begin
		raise ValueError(f"no {hours} working hours within {LONGEST_SPAN_DAYS} days after {start}")

	def hours_between(self, start: datetime, end: datetime) -> float:
		"""Working hours from ``start`` to ``end``; 0 when the end is not after the start."""
		passed = timedelta()
		for begin, finish in self._spans(start):
			if begin >= end:
				break
			passed += min(finish, end) - begin
		return passed / timedelta(hours=1)

	def _spans(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
		"""Working spans from ``start`` on."""
		for offset in range(LONGEST_SPAN_DAYS):
			day = start.date() + timedelta(days=offset)
			if self.is_working_day(day):
				for opens, closes in self.spans:
					begin, end = datetime.combine(day, opens), datetime.combine(day, closes)
					if end > start:
						yield max(begin, start), end
