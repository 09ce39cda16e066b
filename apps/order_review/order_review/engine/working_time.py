"""A clock that runs in working hours only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from .errors import BadInput

_LONGEST = 3660
"""Days looked ahead; a calendar without a working day in ten years is a mistake in the settings."""


@dataclass(frozen=True)
class WorkingTime:
	"""Working days and hours.

	Attributes:
		days: weekdays worked, Monday is 0.
		start: when work begins.
		end: when work ends, later than ``start``.
		holidays: days off whatever their weekday.
	"""

	days: frozenset[int]
	start: time
	end: time
	holidays: frozenset[date] = frozenset()

	def __post_init__(self) -> None:
		if not self.days:
			raise BadInput("no working day", expected="at least one weekday", path=("working_days",))
		if self.end <= self.start:
			raise BadInput(f"work ends at {self.end}", expected=f"later than {self.start}", path=("work_to",))

	def add(self, since: datetime, hours: float) -> datetime:
		"""The moment when ``hours`` working hours have passed since ``since``.

		Raises:
			BadInput: the calendar has no working day in the next ten years.
		"""
		left = timedelta(hours=hours)
		for begin, end in self._spans(since):
			if left <= end - begin:
				return begin + left
			left -= end - begin
		raise BadInput("no working day in ten years", expected="working days", path=("holiday_list",))

	def between(self, since: datetime, until: datetime) -> float:
		"""Working hours from ``since`` to ``until``; 0 when ``until`` is not later."""
		passed = timedelta()
		for begin, end in self._spans(since):
			if begin >= until:
				break
			passed += min(end, until) - begin
		return passed / timedelta(hours=1)

	def _spans(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
		"""The stretches of work from ``since`` on."""
		for offset in range(_LONGEST):
			day = since.date() + timedelta(days=offset)
			if day.weekday() not in self.days or day in self.holidays:
				continue
			begin = max(since, datetime.combine(day, self.start))
			end = datetime.combine(day, self.end)
			if begin < end:
				yield begin, end
