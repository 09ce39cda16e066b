"""When a department will have answered, from the queue it has now and from how long its last answers took. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from order_review.engine.working_time import WorkingTime


@dataclass(frozen=True)
class Answer:
	"""An answer of the past: by whom, when it was asked for and given."""

	user: str
	received: datetime
	answered: datetime


@dataclass(frozen=True)
class Queue:
	"""A department as it stands now.

	Attributes:
		waiting: opinions that are asked of it already and open.
		users: users who answer for it.
		handling: working hours one opinion takes.
	"""

	waiting: int
	users: int
	handling: float


def handling_hours(answers: Iterable[Answer], time: WorkingTime) -> float | None:
	"""Median of the working hours an answer took, without the time it waited for earlier ones; None without answers.

	A user answers one after the other: the time of an answer begins when it was asked for, or when the same user was
	done with the one before.
	"""
	done: dict[str, datetime] = {}
	hours = []
	for answer in sorted(answers, key=lambda one: one.answered):
		begin = max(answer.received, done.get(answer.user, answer.received))
		hours.append(time.hours_between(begin, answer.answered))
		done[answer.user] = answer.answered
	return median(hours) if hours else None


def expected(queue: Queue, now: datetime, time: WorkingTime) -> datetime | None:
	"""When an opinion that is asked for now will have been given; None when nobody answers.

	The open ones go first, shared evenly among the users.
	"""
	if queue.users < 1:
		return None
	turn = queue.waiting // queue.users + 1
	return time.after(now, turn * queue.handling)
