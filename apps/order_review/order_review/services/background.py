"""Jobs: begun after a step is committed without standing in its way, and done document by document."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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


_BREAK_OFF = (frappe.QueryDeadlockError, frappe.QueryTimeoutError)
"""The database has ended the whole transaction, or somebody holds what all of it waits for."""


def each(names: Iterable[str], act: Callable[[str], Any], what: str) -> int:
	"""Act on each document within a savepoint of its own: one that fails is logged, and holds up none of the others.

	Args:
		what: what is done, for the error log.

	Returns:
		The number of documents acted on.
	"""
	done = 0
	for name in names:
		frappe.db.savepoint("order_review_each")
		try:
			act(name)
		except _BREAK_OFF:
			raise
		except Exception:
			frappe.db.rollback(save_point="order_review_each")
			frappe.clear_messages()
			frappe.log_error(title=f"{what}: {name}")
		else:
			done += 1
	return done
