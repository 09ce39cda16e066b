"""Digest for the order supervisors (主管摘要): load, what is late, returns, vetoes, orders that expire; by e-mail."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, cint, formatdate, get_url_to_form, getdate, today

from order_review.constants import INTENT_ORDER, OUTBOX_MESSAGE, REVIEW_SETTINGS, REVIEW_TASK, TECHNICAL_ISSUE
from order_review.services import deadlines, notices, outbox
from order_review.services.intent_steps import OPEN

RECEIVERS = "Order Supervisor"
LONGEST_LIST = 30
EXPIRY_DAYS = 7

Lines = list[dict[str, Any]]


def send_due() -> int:
	"""Write today's digest, when one is due and not written yet; gives the number of receivers."""
	day = getdate(today())
	stored = frappe.db.get_singles_dict(REVIEW_SETTINGS, for_update=True)  # a second job waits here
	last = getdate(stored["digest_sent_on"]) if stored.get("digest_sent_on") else None
	frequency = str(stored.get("digest_frequency") or "Weekly")
	if last == day or not _is_due(frequency, day):
		return 0
	days = 1 if frequency == "Daily" else 7
	frappe.db.set_single_value(REVIEW_SETTINGS, "digest_sent_on", day, update_modified=False)
	users = notices.users_with(RECEIVERS)
	for user in users:
		with notices.language_of(user):
			outbox.send([user], _subject(frequency, day), "digest", content(add_days(day, -days), day))
	return len(users)


def _is_due(frequency: str, day: date) -> bool:
	"""Daily on working days; weekly on the first working day of the week."""
	time = deadlines.working_time()
	if frequency == "Off" or not time.is_working_day(day):
		return False
	monday = day - timedelta(days=day.weekday())
	earlier = (monday + timedelta(days=number) for number in range(day.weekday()))
	return frequency == "Daily" or not any(map(time.is_working_day, earlier))


def _subject(frequency: str, day: date) -> str:
	text = (
		_("Daily digest of the order review, {0}")
		if frequency == "Daily"
		else _("Weekly digest of the order review, {0}")
	)
	return text.format(formatdate(day))


def content(since: date, until: date) -> dict[str, Any]:
	"""What the digest shows, in the language that is set.

	Args:
		since: first day of returns and vetoes.
		until: day of the digest.
	"""
	returned, vetoed = _stops("Returned", since), _stops("Vetoed", since)
	return {
		"title": _("Order review, {0} to {1}").format(formatdate(since), formatdate(until)),
		"sections": [
			{"title": _("Load of each order administrator"), "lines": _load()},
			{"title": _("Overdue", context="Order Review"), "lines": _overdue()},
			{"title": _("Returns: {0}").format(len(returned)), "lines": _by_reason(returned)},
			{"title": _("Vetoes: {0}").format(len(vetoed)), "lines": _shown(vetoed)},
			{
				"title": _("Valid orders that expire within {0} days").format(EXPIRY_DAYS),
				"lines": _expiring(until),
			},
			{"title": _("E-mails that could not be sent"), "lines": _undelivered()},
		],
		"nothing": _("Nothing."),
	}


def _load() -> Lines:
	rows = frappe.get_all(
		INTENT_ORDER, filters={"status": ["in", OPEN]}, fields=["owner_oa", "is_overdue", "status"]
	)
	orders, late = (
		Counter(row.owner_oa for row in rows),
		Counter(row.owner_oa for row in rows if row.is_overdue),
	)
	return [
		{
			"text": _("{0}: {1} open orders, {2} of them overdue").format(
				frappe.utils.get_fullname(user) if user else _("Not received yet"), count, late[user]
			)
		}
		for user, count in orders.most_common()
	]


def _overdue() -> Lines:
	lines: Lines = []
	for doctype, states in (
		(INTENT_ORDER, OPEN),
		(REVIEW_TASK, ("Open",)),
		(TECHNICAL_ISSUE, ("Open", "Reopened")),
	):
		rows = frappe.get_all(
			doctype,
			filters={"is_overdue": 1, "status": ["in", states]},
			fields=["name", "title", "status", "due_at"],
			order_by="due_at",
		)
		for row in rows:
			status = _(row.status, context=doctype)
			lines.append(_line(doctype, row.name, f"{row.title or ''} · {status} · {formatdate(row.due_at)}"))
	return _shown(lines)


def _stops(status: str, since: date) -> Lines:
	"""Orders that were returned or vetoed since a day, with the reason that was given."""
	rows = frappe.get_all(
		"Document Event",
		filters={"parenttype": INTENT_ORDER, "to_status": status, "occurred_at": [">=", since]},
		fields=["parent", "reason"],
		order_by="occurred_at",
	)
	return [_line(INTENT_ORDER, row.parent, row.reason or "–") for row in rows]


def _by_reason(lines: Lines) -> Lines:
	codes = Counter(line["text"].split(" ", 1)[0].rstrip(":") for line in lines)
	summed = [{"text": f"{code}: {count}"} for code, count in codes.most_common()]
	return [*summed, *_shown(lines)]


def _expiring(day: date) -> Lines:
	rows = frappe.get_all(
		INTENT_ORDER,
		filters={"status": "Valid", "valid_until": ["between", [day, add_days(day, EXPIRY_DAYS)]]},
		fields=["name", "title", "valid_until"],
		order_by="valid_until",
	)
	return _shown(
		[_line(INTENT_ORDER, row.name, f"{row.title} · {formatdate(row.valid_until)}") for row in rows]
	)


def _undelivered() -> Lines:
	count = cint(frappe.db.count(OUTBOX_MESSAGE, {"status": outbox.FAILED}))
	return [{"text": str(count)}] if count else []


def _line(doctype: str, name: str, text: str) -> dict[str, Any]:
	return {"name": name, "link": get_url_to_form(doctype, name), "text": text}


def _shown(lines: Lines) -> Lines:
	left = len(lines) - LONGEST_LIST
	return [*lines[:LONGEST_LIST], {"text": _("… and {0} more").format(left)}] if left > 0 else lines
