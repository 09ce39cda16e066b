"""Steps taken for many at once: each by itself through the guard; what fails is told with its reason, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.workflow import apply_workflow
from frappe.utils import add_to_date, cstr, now_datetime, strip_html

from order_review.constants import INTENT_ORDER, REVIEW_TASK, SALES_CONTRACT
from order_review.exceptions import WorkplaceError
from order_review.permissions import require_role
from order_review.services import notices
from order_review.services.workplace import assignment
from order_review.services.workplace.whose import KINDS, holders

MOST = 200
"""Documents in one call."""

RECEIVERS = frozenset({"Order Administrator", "Order Supervisor"})
RECEIVED = (INTENT_ORDER, SALES_CONTRACT)
ASSIGNERS = frozenset({"Order Supervisor", "Sales Operations Manager"})
REMINDERS = frozenset({"Order Administrator", "Order Supervisor", "Sales Operations Manager"})

MINUTES_BETWEEN_REMINDERS = 60
LONGEST_NOTE = 500

Result = dict[str, Any]
_ENDS_ALL = (frappe.QueryDeadlockError, frappe.QueryTimeoutError)
"""Faults after which the database has undone more than the one step; the whole request begins again."""


def receive(names: Iterable[str], doctype: str = INTENT_ORDER) -> list[Result]:
	"""Receive submitted orders or contracts.

	Raises:
		PermissionError: the user receives nothing.
		WorkplaceError: documents of this DocType are not received.
	"""
	require_role(RECEIVERS)
	if doctype not in RECEIVED:
		frappe.throw(_("{0} is not received.").format(_(doctype)), exc=WorkplaceError)
	return _each(names, lambda name: _receive(doctype, name))


def assign(orders: Iterable[str], user: str) -> list[Result]:
	"""Give orders to an order administrator.

	Raises:
		PermissionError: the user assigns no orders.
		WorkplaceError: nobody is named.
	"""
	require_role(ASSIGNERS)
	if not user:
		frappe.throw(_("Choose an order administrator."), exc=WorkplaceError)
	return _each(orders, lambda name: _assign(name, user))


def remind(pieces: Iterable[tuple[str, str]], note: str = "", escalate: bool = False) -> list[Result]:
	"""Remind those who hold open work, or tell their superiors of it; nobody's opinion is given by that.

	Args:
		pieces: DocType and name of each piece of work.
		note: words of the user, added to the notice.
		escalate: tell the supervisor instead; the manager, when the user is the supervisor.

	Raises:
		PermissionError: the user reminds nobody.
		WorkplaceError: an escalation without a reason.
	"""
	require_role(REMINDERS)
	note = strip_html(cstr(note)).strip()[:LONGEST_NOTE]
	if escalate and not note:
		frappe.throw(_("State why it is escalated."), exc=WorkplaceError)
	return _each(pieces, lambda piece: _remind(*piece, note, escalate))


def _each(items: Iterable[Any], act: Callable[[Any], str | None]) -> list[Result]:
	"""Act on each item within a savepoint of its own; the results in the order of the items."""
	items = list(dict.fromkeys(items))
	if len(items) > MOST:
		frappe.throw(
			_("{0} documents are too many for one call; at most {1} are taken.").format(len(items), MOST),
			exc=WorkplaceError,
		)
	return [_one(item, act) for item in items]


def _one(item: Any, act: Callable[[Any], str | None]) -> Result:
	name = item if isinstance(item, str) else item[-1]
	messages, frappe.local.message_log = frappe.local.message_log, []
	frappe.db.savepoint("order_review_bulk")
	try:
		said = act(item)
	except _ENDS_ALL:
		raise
	except Exception as fault:
		frappe.db.rollback(save_point="order_review_bulk")
		return {"name": name, "done": False, "message": _why(fault)}
	finally:
		frappe.local.message_log = messages
	return {"name": name, "done": True, "message": said or ""}


def _why(fault: Exception) -> str:
	"""The reason a step was not taken, in words; of what nobody foresaw only that it is written down."""
	if isinstance(fault, frappe.ValidationError | frappe.PermissionError | frappe.DoesNotExistError):
		return strip_html(cstr(fault)) or _("You may not do this here.")
	frappe.log_error(title="Workplace")
	return _("This did not work; the administrator finds the fault in the error log.")


def _receive(doctype: str, name: str) -> str:
	order = frappe.get_doc(doctype, name, for_update=True)
	order.check_permission("write")
	if order.status != "Submitted":
		frappe.throw(
			_("{0} is {1} already; only submitted orders are received.").format(
				name, _(order.status, context=doctype)
			),
			exc=WorkplaceError,
		)
	return _(cstr(apply_workflow(order, "Receive").status), context=doctype)


def _assign(name: str, user: str) -> str:
	frappe.get_doc(INTENT_ORDER, name).check_permission("write")
	assignment.assign(name, user)
	return cstr(frappe.get_cached_value("User", user, "full_name") or user)


def _remind(doctype: str, name: str, note: str, escalate: bool) -> str:
	if doctype not in KINDS:
		frappe.throw(_("{0} is no open work.").format(_(doctype)), exc=WorkplaceError)
	document = frappe.get_doc(doctype, name)
	document.check_permission("read")
	users = _superiors() if escalate else holders(document)
	if not users:
		frappe.throw(_("{0}: nobody holds it now.").format(name), exc=WorkplaceError)
	if not escalate:
		_refuse_again(document)
	subject = _escalation if escalate else _reminder
	notices.tell(document, users, lambda: subject(document), note or None)
	_write_down(document, note, escalate)
	return _("{0} users told").format(len([user for user in users if user != frappe.session.user]))


def _superiors() -> list[str]:
	own = frappe.get_roles()
	superior = "Order Supervisor" if "Order Supervisor" not in own else "Sales Operations Manager"
	return notices.users_with(superior)


def _reminder(document: Document) -> str:
	return _("Reminder: {0} waits for you").format(_title(document))


def _escalation(document: Document) -> str:
	return _("Escalated: {0}").format(_title(document))


def _title(document: Document) -> str:
	about = document.reference_name if document.doctype == REVIEW_TASK else document.name
	due = document.get("due_at")
	until = _("due {0}").format(frappe.utils.format_datetime(due, "yyyy-MM-dd HH:mm")) if due else ""
	return ", ".join(filter(None, (about, cstr(document.get("department")), until)))


def _refuse_again(document: Document) -> None:
	"""Nobody is reminded of the same thing by hand twice within the hour."""
	since = add_to_date(now_datetime(), minutes=-MINUTES_BETWEEN_REMINDERS)
	last = frappe.get_all(
		"Comment",
		filters={
			"reference_doctype": document.doctype,
			"reference_name": document.name,
			"comment_type": "Info",
			"subject": "reminder",
			"creation": [">", since],
		},
		fields=["owner", "creation"],
		order_by="creation desc",
		limit=1,
	)
	if last:
		who = frappe.get_cached_value("User", last[0].owner, "full_name") or last[0].owner
		frappe.throw(
			_("{0} reminded of it at {1} already.").format(
				who, frappe.utils.format_datetime(last[0].creation, "HH:mm")
			),
			exc=WorkplaceError,
		)


def _write_down(document: Document, note: str, escalate: bool) -> None:
	"""A line in the document's timeline that outlives the notice."""
	said = _("escalated this") if escalate else _("reminded of this")
	frappe.get_doc(
		{
			"doctype": "Comment",
			"comment_type": "Info",
			"subject": "escalation" if escalate else "reminder",
			"reference_doctype": document.doctype,
			"reference_name": document.name,
			"comment_email": frappe.session.user,
			"comment_by": frappe.get_cached_value("User", frappe.session.user, "full_name"),
			"content": frappe.utils.escape_html(": ".join(filter(None, (said, note)))),
		}
	).insert(ignore_permissions=True)
