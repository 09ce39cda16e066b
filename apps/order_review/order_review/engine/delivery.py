"""Delivery dates (交货期): lots of a promise, weeks they fall into, and what each week still has free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Lot:
	"""Vehicles delivered together.

	Attributes:
		qty: vehicles.
		day: the day they are delivered.
	"""

	qty: int
	day: date


@dataclass(frozen=True)
class Week:
	"""A week of production: what it can build, what others and this promise take of it, vehicles each."""

	begins_on: date
	capacity: int
	taken: int
	own: int

	@property
	def label(self) -> str:
		"""ISO year and week, as 2027-W10."""
		return week_label(self.begins_on)

	@property
	def free(self) -> int:
		"""What is left; below zero when more is promised than can be built."""
		return self.capacity - self.taken - self.own

	@property
	def is_over(self) -> bool:
		"""Whether this promise takes what is not there."""
		return self.own > 0 and self.free < 0


@dataclass(frozen=True)
class CapacityRow:
	"""Vehicles a week for a model, for a size class, or, with neither, for all that have no row of their own."""

	model: str
	size_class: str
	per_week: int


def monday(day: date) -> date:
	"""The first day of the week of a day."""
	return day - timedelta(days=day.weekday())


def week_label(day: date) -> str:
	"""ISO year and week of a day, as 2027-W10."""
	year, week, _day = day.isocalendar()
	return f"{year}-W{week:02d}"


def capacity_row(rows: Iterable[CapacityRow], model: str, size_class: str) -> CapacityRow | None:
	"""The row a model draws on: its own, else that of its size class, else the general one; None without any."""
	rows = list(rows)
	wanted = ((model, None), ("", size_class), ("", ""))
	for name, size in wanted:
		for row in rows:
			if row.model == name and (size is None or row.size_class == size):
				return row
	return None


def by_week(lots: Iterable[Lot]) -> dict[date, int]:
	"""First day of the week → vehicles delivered in it."""
	weeks: dict[date, int] = {}
	for lot in lots:
		begin = monday(lot.day)
		weeks[begin] = weeks.get(begin, 0) + lot.qty
	return weeks


def weeks(
	own: Iterable[Lot], taken: Mapping[date, int], per_week: int, begin: date, most: int = 12
) -> list[Week]:
	"""Weeks from ``begin`` to the week after the last lot, at most so many, and every week with a lot of its own.

	Args:
		own: lots of the promise looked at.
		taken: first day of the week → vehicles promised to others.
		per_week: vehicles built in a week.
		begin: any day of the first week.
		most: how many weeks without a lot of its own are shown at most.
	"""
	mine = by_week(own)
	first = monday(begin)
	last = max([*mine, first + 3 * WEEK]) + WEEK
	shown = {first + WEEK * index for index in range(min(most, (last - first).days // 7 + 1))} | set(mine)
	return [Week(day, per_week, taken.get(day, 0), mine.get(day, 0)) for day in sorted(shown)]


def fault(lots: Iterable[Lot], qty: int) -> str:
	"""What is wrong with lots: ``qty`` (a lot without vehicles), ``sum`` (they do not add up), or nothing."""
	lots = list(lots)
	if any(lot.qty < 1 for lot in lots):
		return "qty"
	return "sum" if lots and sum(lot.qty for lot in lots) != qty else ""


def without(lots: Iterable[Lot], qty: int, *, last_first: bool = False) -> list[Lot]:
	"""What is left of lots when so many vehicles are taken out of them, of the earliest first or of the last.

	Returns:
		lots in the order they were taken from.
	"""
	left = []
	for lot in sorted(lots, key=lambda one: one.day, reverse=last_first):
		taken = min(lot.qty, qty)
		qty -= taken
		if taken < lot.qty:
			left.append(Lot(lot.qty - taken, lot.day))
	return left


def told(lots: Iterable[Lot]) -> str:
	"""Lots in one line: ``6 × 2027-03-10, 4 × 2027-03-24``."""
	return ", ".join(f"{lot.qty} × {lot.day.isoformat()}" for lot in lots)
