"""Whole requests tried again when the database ended them for another one's sake (deadlock, long wait)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import frappe
from frappe import _

from order_review.exceptions import BusyError

TRIES = 3

Given = ParamSpec("Given")
Result = TypeVar("Result")


def with_retry(function: Callable[Given, Result]) -> Callable[Given, Result]:
	"""Call a function that is a request's whole work up to three times when the database breaks it off.

	What the broken attempt did is rolled back first, so the function begins from nothing; hence only for functions
	nothing of the same request was written before.

	Raises:
		BusyError: the last attempt was broken off as well; nothing is changed.
	"""

	@wraps(function)
	def tried(*args: Given.args, **kwargs: Given.kwargs) -> Result:
		for _attempt in range(TRIES):
			try:
				return function(*args, **kwargs)
			except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
				_begin_again()
		frappe.throw(
			_("Others are saving the same documents at this moment. Nothing was changed; try again."),
			title=_("Busy", context="Order Review"),
			exc=BusyError,
		)

	return tried


def _begin_again() -> None:
	frappe.db.rollback()
	frappe.clear_messages()
