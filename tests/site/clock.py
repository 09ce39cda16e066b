"""The site's clock in the hand of a test: what asks Frappe for the time gets the one that is set here."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from frappe.utils import data

_ASKED = ("now_datetime", "now", "today", "nowdate", "nowtime")
_MICROSECOND = 1
"""Of every moment: Frappe writes a time without microseconds in two ways and takes them for two times."""

_REAL = {name: getattr(data, name) for name in _ASKED}


class Clock:
	"""A time that stands still until it is moved."""

	def __init__(self, start: datetime) -> None:
		self.time = start.replace(microsecond=_MICROSECOND)

	def set(self, text: str) -> None:
		"""Go to a moment, like ``2026-11-23 09:00``."""
		self.time = datetime.fromisoformat(text).replace(microsecond=_MICROSECOND)

	def forward(self, **duration: float) -> None:
		"""Go on by so many hours, minutes, days."""
		self.time += timedelta(**duration)


_clock: Clock | None = None


def _answers(name: str) -> Any:
	"""What stands for a function of Frappe's while a clock is set; it asks the real one when none is."""
	said = {
		"now_datetime": lambda time: time,
		"now": lambda time: time.strftime("%Y-%m-%d %H:%M:%S.%f"),
		"today": lambda time: time.strftime("%Y-%m-%d"),
		"nowdate": lambda time: time.strftime("%Y-%m-%d"),
		"nowtime": lambda time: time.strftime("%H:%M:%S.%f"),
	}[name]

	def answer(*args: Any, **kwargs: Any) -> Any:
		return _REAL[name](*args, **kwargs) if _clock is None or args or kwargs else said(_clock.time)

	return answer


_TOLD = {name: _answers(name) for name in _ASKED}


@contextmanager
def clock_at(text: str) -> Iterator[Clock]:
	"""Let the site's time be this moment, to be moved on by the test."""
	global _clock
	_clock = Clock(datetime.fromisoformat(text))
	replaced = _put(_REAL, _TOLD)
	try:
		yield _clock
	finally:
		_clock = None
		for module, name in replaced:
			setattr(module, name, _REAL[name])


def _put(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[Any, str]]:
	"""Every module that took the functions by name gets the others."""
	replaced = []
	for module in [one for name, one in list(sys.modules.items()) if _may_ask(name)]:
		for name in _ASKED:
			if vars(module).get(name) is before[name]:
				setattr(module, name, after[name])
				replaced.append((module, name))
	return replaced


def _may_ask(name: str) -> bool:
	return name == "frappe" or name.startswith(("frappe.", "erpnext.", "order_review", "tests."))
