"""Outbox (待发邮件): e-mails are written in the transaction of what they tell of, and sent by a job of their own.

So a step never waits for a mail server, and never fails with it; what was rolled back is not told. A message is sent
at least once: one whose sending was begun and never finished is sent again, with the same Message-ID.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from html import unescape
from typing import Any

import frappe
from frappe import _
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.email.email_body import get_email
from frappe.model.document import Document
from frappe.utils import (
	add_days,
	add_to_date,
	cint,
	format_date,
	format_datetime,
	get_url_to_form,
	now_datetime,
	strip_html,
)

from order_review.constants import OUTBOX_MESSAGE, REVIEW_SETTINGS
from order_review.services import desk_notice

WAITING, SENDING, SENT, FAILED = "Waiting", "Sending", "Sent", "Failed"

USUAL_TRIES, USUAL_MINUTES = 5, 15
AT_ONCE = 200
"""Messages one run of the job sends at most."""

LONGEST_LIST = 100
"""Lines an e-mail that lists documents shows at most."""

LONGEST_WAIT_DAYS = 7
"""Days after which a message nobody could be reached for is given up."""

KEPT_DAYS = 30
"""Days a message stays in the outbox."""

_TEMPLATES = "order_review/templates/emails"


# --- writing ------------------------------------------------------------------------------------------------


def send(
	recipients: Iterable[str],
	subject: str,
	template: str,
	args: Mapping[str, Any],
	document: Document | None = None,
) -> list[str]:
	"""Write one message to each user who takes e-mails, in the language that is set; gives their names.

	Args:
		recipients: users.
		subject: plain text.
		template: name of a template of the app, without its ending.
		args: what the template shows; plain text, it is escaped there.
		document: what the message is about.
	"""
	html = frappe.render_template(f"{_TEMPLATES}/{template}.html", dict(args))
	reference = (document.doctype, document.name) if document else (None, None)
	written = [_row(user, address, subject, html, *reference) for user, address in _addresses(recipients)]
	_insert(written)
	return [row["name"] for row in written]


def plain(text: str | None) -> str:
	"""A text as it is read: without tags, and what Frappe wrote for their characters as these characters, in one line."""
	return " ".join(_as_read(text).split())


def _as_read(text: str | None) -> str:
	return unescape(strip_html(text or ""))


def write_notice(user: str, document: Document, subject: str, body: str | None = None) -> None:
	"""Write the e-mail that goes with a notice: document, round, due time and a link, in the language that is set."""
	values = {
		"subject": plain(subject),
		"body": _as_read(body),
		"facts": _facts(document),
		"link": get_url_to_form(document.doctype, document.name),
		"open_label": _("Open {0}", context="Order Review").format(document.name),
	}
	send([user], values["subject"], "notice", values, document)


def write_list(
	user: str, subject: str, lines: Sequence[tuple[str, str, str, datetime | date | None]]
) -> None:
	"""Write one e-mail about many documents, in the language that is set.

	Args:
		lines: DocType, name, what is said of it, and when it is due.
	"""
	shown = [
		{
			"link": get_url_to_form(doctype, name),
			"name": name,
			"said": plain(said),
			"due": format_datetime(due) if isinstance(due, datetime) else format_date(due) if due else "",
		}
		for doctype, name, said, due in lines[:LONGEST_LIST]
	]
	values = {
		"subject": plain(subject),
		"lines": shown,
		"due_label": _("Due On"),
		"more": _("… and {0} more").format(len(lines) - len(shown)) if len(lines) > len(shown) else "",
	}
	send([user], values["subject"], "list", values)


def _facts(document: Document) -> list[tuple[str, str]]:
	facts = [(_("Document", context="Order Review"), f"{_(document.doctype)} {document.name}")]
	if document.get("reference_name"):
		facts.append((_("About"), document.reference_name))
	if document.get("review_round"):
		facts.append((_("Round"), str(document.review_round)))
	if document.get("due_at"):
		facts.append((_("Due On"), frappe.format(document.due_at, "Datetime")))
	return facts


def _addresses(users: Iterable[str]) -> list[tuple[str, str]]:
	"""User and address of those who are enabled and have not switched e-mails off."""
	found = []
	for user in dict.fromkeys(users):
		email, is_enabled = frappe.get_cached_value("User", user, ["email", "enabled"]) or (None, 0)
		if email and is_enabled and _takes_mail(user):
			found.append((user, email))
	return found


def _takes_mail(user: str) -> bool:
	settings = frappe.db.get_value(
		"Notification Settings", user, ["enabled", "enable_email_notifications"], as_dict=True
	)
	return settings is None or bool(settings.enabled and settings.enable_email_notifications)


def _row(
	user: str, address: str, subject: str, html: str, doctype: str | None, name: str | None
) -> dict[str, Any]:
	now = now_datetime()
	return {
		"name": frappe.generate_hash(length=12),
		"creation": now,
		"modified": now,
		"owner": frappe.session.user,
		"modified_by": frappe.session.user,
		"subject": subject[:255],
		"status": WAITING,
		"recipient": address,
		"user": user,
		"language": frappe.local.lang,
		"tries": 0,
		"next_try_at": now,
		"reference_doctype": doctype,
		"reference_name": name,
		"message": html,
	}


def _insert(rows: list[dict[str, Any]]) -> None:
	if rows:
		frappe.db.bulk_insert(OUTBOX_MESSAGE, list(rows[0]), [tuple(row.values()) for row in rows])


# --- sending ------------------------------------------------------------------------------------------------


def send_waiting(commit: Callable[[], None] | None = None) -> int:
	"""Send what waits; gives the number of messages that went out.

	Each message is a transaction of its own, so that what was sent stays said whatever happens to the next.

	Args:
		commit: ends such a transaction; the connection's own unless given.
	"""
	commit = commit or frappe.db.commit
	requeue_stuck()
	names = _due()
	account = _account()
	if not names or account is None:
		if names and not frappe.are_emails_muted():
			_note(names, _("The site has no outgoing e-mail account."))
		commit()
		return 0
	sent = 0
	for name in names:
		message = _claim(name)
		commit()
		if message is None:
			continue
		problem = _deliver(message, account)
		_finish(message, problem)
		commit()
		sent += problem is None
		if isinstance(problem, _Unreachable):
			break
	_hang_up(account)
	return sent


class _Unreachable(Exception):
	"""The mail server did not take part at all; no message is to blame."""


class _Deferred(Exception):
	"""The mail server asks to try later."""


def requeue_stuck() -> int:
	"""Put messages whose sending began too long ago back into the queue; gives their number."""
	minutes = cint(frappe.db.get_single_value(REVIEW_SETTINGS, "outbox_minutes")) or USUAL_MINUTES
	before = add_to_date(now_datetime(), minutes=-minutes)
	stuck = frappe.db.get_values(
		OUTBOX_MESSAGE,
		{"status": SENDING, "claimed_at": ["<", before]},
		["name"],
		for_update=True,
		skip_locked=True,
	)
	for (name,) in stuck:
		frappe.db.set_value(OUTBOX_MESSAGE, name, {"status": WAITING, "claimed_at": None})
	return len(stuck)


def send_again(name: str) -> None:
	"""Put a message that was given up back into the queue."""
	message = frappe.get_doc(OUTBOX_MESSAGE, name, for_update=True)
	if message.status == FAILED:
		values = {"status": WAITING, "tries": 0, "next_try_at": now_datetime(), "error": None}
		frappe.db.set_value(OUTBOX_MESSAGE, name, values)


def clear_old() -> None:
	"""Forget messages of long ago, sent or not."""
	frappe.db.delete(OUTBOX_MESSAGE, {"creation": ["<", add_days(now_datetime(), -KEPT_DAYS)]})


def _due() -> list[str]:
	return frappe.get_all(
		OUTBOX_MESSAGE,
		filters={"status": WAITING, "next_try_at": ["<=", now_datetime()]},
		order_by="creation",
		limit=AT_ONCE,
		pluck="name",
	)


def _account() -> Document | None:
	"""The site's outgoing account; None where there is none, or e-mails are switched off."""
	if frappe.are_emails_muted():
		return None
	return EmailAccount.find_outgoing() or None


def _claim(name: str) -> Document | None:
	"""Take a message for sending; None when somebody else has it."""
	free = frappe.db.get_value(
		OUTBOX_MESSAGE, {"name": name, "status": WAITING}, "name", for_update=True, skip_locked=True
	)
	if not free:
		return None
	message = frappe.get_doc(OUTBOX_MESSAGE, name)
	values = {"status": SENDING, "claimed_at": now_datetime(), "tries": cint(message.tries) + 1}
	frappe.db.set_value(OUTBOX_MESSAGE, name, values)
	return message.update(values)


def _deliver(message: Document, account: Document) -> Exception | None:
	"""Hand a message to the mail server; gives what went wrong."""
	try:
		session = account.get_smtp_server().session
	except Exception as problem:  # whatever keeps the server from us: address, password, network
		frappe.clear_last_message()
		return _Unreachable(strip_html(str(problem)))
	mail = get_email(
		recipients=[message.recipient],
		sender=account.default_sender,
		subject=message.subject,
		content=message.message,
		email_account=account,
	)
	mail.set_message_id(f"{message.name}@{frappe.local.site}")
	try:
		session.sendmail(account.email_id, [message.recipient], mail.as_string())
	except smtplib.SMTPServerDisconnected as problem:
		return _Unreachable(str(problem))
	except (smtplib.SMTPException, OSError, ValueError, frappe.ValidationError) as problem:
		frappe.clear_messages()
		return _Deferred(str(problem)) if _is_deferred(problem) else problem
	return None


def _is_deferred(problem: Exception) -> bool:
	"""Whether the mail server asks to try later (4xx): greylisting, a full mailbox, a server that is overloaded."""
	if isinstance(problem, smtplib.SMTPRecipientsRefused):
		codes = [code for code, _said in problem.recipients.values()]
	else:
		codes = [problem.smtp_code] if isinstance(problem, smtplib.SMTPResponseException) else []
	return bool(codes) and all(400 <= code < 500 for code in codes)


def _finish(message: Document, problem: Exception | None) -> None:
	"""Write down how the sending ended: sent, to be tried again later, or given up."""
	now = now_datetime()
	if problem is None:
		values = {"status": SENT, "sent_at": now, "error": None}
	elif _is_given_up(message, problem, now):
		values = {"status": FAILED, "error": str(problem)[:500]}
		_tell_given_up(message, str(problem))
	else:
		wait = min(60, 2 ** min(message.tries, 6))
		values = {
			"status": WAITING,
			"error": str(problem)[:500],
			"next_try_at": add_to_date(now, minutes=wait),
			"tries": message.tries - isinstance(problem, _Unreachable),
		}
	frappe.db.set_value(OUTBOX_MESSAGE, message.name, {**values, "claimed_at": None})


def _is_given_up(message: Document, problem: Exception, now: datetime) -> bool:
	if isinstance(problem, _Unreachable | _Deferred):
		return message.creation < add_days(now, -LONGEST_WAIT_DAYS)
	return message.tries >= (cint(frappe.db.get_single_value(REVIEW_SETTINGS, "outbox_tries")) or USUAL_TRIES)


def _tell_given_up(message: Document, problem: str) -> None:
	"""Tell in the Desk whose letter did not arrive, and the administrators."""
	from order_review.services import administrators, notices

	for user in dict.fromkeys([message.user, *administrators.people()]):
		if user:
			with notices.language_of(user):
				said = _("An e-mail to {0} could not be delivered and is given up: {1}").format(
					message.recipient, message.subject
				)
				desk_notice.post(user, message, said[:240], problem[:500])


def _note(names: list[str], reason: str) -> None:
	"""Say at the messages why they wait."""
	table = frappe.qb.DocType(OUTBOX_MESSAGE)
	frappe.qb.update(table).set(table.error, reason).where(table.name.isin(names)).run()


def _hang_up(account: Document) -> None:
	with suppress(Exception):
		account.get_smtp_server().quit()
