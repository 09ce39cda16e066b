"""Jobs: begun after a step is committed without standing in its way, done document by document, ended with a word."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import frappe
import redis
from frappe import _
from frappe.utils import strip_html
from frappe.utils.background_jobs import get_redis_conn

from order_review.engine.errors import BadInput
from order_review.services.retry import TRIES


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


def is_reachable() -> bool:
	"""Whether the job queue takes jobs now; who waits for one is not left waiting where it does not."""
	try:
		return bool(get_redis_conn().ping())
	except redis.exceptions.RedisError:
		return False


_BREAK_OFF = (frappe.QueryDeadlockError, frappe.QueryTimeoutError)
"""The database has ended the whole transaction, or somebody holds what all of it waits for."""


@dataclass(frozen=True)
class Outcome:
	"""How a job ended.

	Attributes:
		is_done: whether it did what it was to do; else nothing of it was kept.
		said: what is told of it, in a sentence.
		result: what its work gave.
	"""

	is_done: bool
	said: str = ""
	result: Any = None


def attempt(work: Callable[[], Any], what: str) -> Outcome:
	"""Do the work of a job somebody waits for, all of it or nothing; whatever stops it, the outcome says so.

	Broken off by the database for another one's sake, it is tried again.

	Args:
		what: what is done, for the error log.
	"""
	for number in range(1, TRIES + 1):
		frappe.db.savepoint(_ATTEMPT)
		try:
			return Outcome(is_done=True, result=work())
		except _BREAK_OFF:
			frappe.db.rollback()
			frappe.clear_messages()
			if number < TRIES:
				time.sleep(number * _PAUSE)
		except (frappe.ValidationError, frappe.PermissionError, BadInput) as refused:
			_take_back()
			return Outcome(is_done=False, said=_sentence(refused))
		except Exception:
			_take_back()
			log = frappe.log_error(title=what[:140])
			said = _(
				"It stopped with a fault and nothing was kept. Tell the administrator: the error log has it as {0}."
			)
			return Outcome(is_done=False, said=said.format(log.name))
	said = _("Others were saving the same documents all the time. Nothing was changed; start it again.")
	return Outcome(is_done=False, said=said)


_ATTEMPT = "order_review_attempt"
_PAUSE = 0.5
"""Seconds before what was broken off is tried again, more each time."""


def _take_back() -> None:
	"""Roll back to where the attempt began; wholly, where its work ended that transaction."""
	try:
		frappe.db.rollback(save_point=_ATTEMPT)
	except Exception:  # no such savepoint any more
		frappe.db.rollback()
	frappe.clear_messages()


def _sentence(refused: Exception) -> str:
	from order_review.services import catalogue_store

	said = catalogue_store.said(refused) if isinstance(refused, BadInput) else str(refused)
	return " ".join(strip_html(said).split())


def report(
	outcome: Outcome, doctype: str, name: str, what: Callable[[], str], user: str | None = None
) -> None:
	"""Tell who asked for a job, in the Desk and in that user's language, how it ended.

	Args:
		what: what was done, in words, in the language that is set.
		user: who asked; the session's user when not given.
	"""
	from order_review.services import desk_notice, notices

	user = user or frappe.session.user
	about = frappe._dict(doctype=doctype, name=name)
	with notices.language_of(user):
		ending = _("{0}: done") if outcome.is_done else _("{0}: not done")
		subject = ending.format(what())
		if outcome.said and not outcome.is_done:
			subject = f"{subject}. {outcome.said}"
		desk_notice.post(user, about, subject[:240], outcome.said or None)


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
