"""Jobs that begin after a step is committed, and never stand in its way when the queue cannot be reached."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe
import redis


def after_commit(method: str | Callable[..., Any], **how: Any) -> None:
	"""Enqueue a job once the transaction is committed.

	Frappe asks the queue before the commit how long it is, and again after it; with the queue down the first ends the
	step, the second tells the user that it failed although it did not. Here a queue that is down is written to the
	error log; what the job does must be found by a scheduled one as well.

	Args:
		how: as in ``frappe.enqueue``.
	"""

	def put() -> None:
		try:
			frappe.enqueue(method, **how)
		except redis.exceptions.RedisError as problem:
			frappe.logger("order_review").error(f"{method} is not enqueued: {problem}")

	frappe.db.after_commit.add(put)
