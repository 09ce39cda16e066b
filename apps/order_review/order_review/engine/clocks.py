"""Whose ball it was: working hours of a document split by side, and who holds it now. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from order_review.engine.working_time import WorkingTime

OURS, DEALER, SUPPLIER = "ours", "dealer", "supplier"
SIDES = (OURS, DEALER, SUPPLIER)

_WAITS = (DEALER, SUPPLIER)
"""Sides we wait for; when we wait for both, the first one's clock runs."""


@dataclass(frozen=True)
class Span:
	"""A time in which we waited for a side; without an end it still lasts."""

	begin: datetime
	end: datetime | None
	side: str

	def covers(self, moment: datetime) -> bool:
		"""Whether we waited at a moment."""
		return self.begin <= moment and (self.end is None or moment < self.end)


def split(
	states: Sequence[tuple[datetime, str]],
	sides: Mapping[str, str],
	waits: Iterable[Span],
	until: datetime,
	time: WorkingTime,
) -> dict[str, float]:
	"""Working hours of each side from the first state to ``until``.

	A moment belongs to one side only: to the one the state gives it to, and of our own moments those in which we
	waited belong to whom we waited for. The hours of all sides together are the hours the document was on its way.

	Args:
		states: when which state was entered, in order of time.
		sides: state → side; in a state that is not named nobody's clock runs.
		waits: the times we waited for somebody.
		until: up to when hours are counted.
		time: the working time of the site.
	"""
	waits = list(waits)
	hours = dict.fromkeys(SIDES, 0.0)
	for index, (begin, state) in enumerate(states):
		side = sides.get(state)
		end = min(until, states[index + 1][0]) if index + 1 < len(states) else until
		if side is None or end <= begin:
			continue
		own_waits = waits if side == OURS else []
		for start, stop in _pieces(begin, end, own_waits):
			hours[holder(side, own_waits, start)] += time.hours_between(start, stop)
	return hours


def holder(side: str, waits: Iterable[Span], moment: datetime) -> str:
	"""The side that holds the ball at a moment, when the state gives it to ``side``."""
	waiting = {wait.side for wait in waits if wait.covers(moment)} if side == OURS else set()
	return next((one for one in _WAITS if one in waiting), side)


def waiting_spans(steps: Sequence[tuple[datetime, str]], waiting_in: frozenset[str], side: str) -> list[Span]:
	"""The times a document was in one of the states in which a side is waited for.

	Args:
		steps: when which state was entered, in order of time.
	"""
	spans: list[Span] = []
	begin: datetime | None = None
	for moment, state in steps:
		if state in waiting_in:
			begin = begin or moment
		elif begin is not None:
			spans.append(Span(begin, moment, side))
			begin = None
	return [*spans, Span(begin, None, side)] if begin is not None else spans


def hours_used(
	received: datetime, now: datetime, paused_hours: float, paused_since: datetime | None, time: WorkingTime
) -> float:
	"""Working hours somebody had something, without those in which it was paused."""
	until = min(now, paused_since) if paused_since else now
	return max(0.0, time.hours_between(received, until) - paused_hours)


def _pieces(begin: datetime, end: datetime, waits: Iterable[Span]) -> Iterable[tuple[datetime, datetime]]:
	"""The parts of a span between which nobody begins or stops waiting."""
	edges = {edge for wait in waits for edge in (wait.begin, wait.end) if edge and begin < edge < end}
	marks = [begin, *sorted(edges), end]
	return pairwise(marks)
