"""One notice in the Desk, written so that concurrent steps do not wait for one another."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import now_datetime

_SETTINGS = "Notification Settings"


def post(user: str, document: Document, subject: str, body: str | None = None) -> None:
	"""Write a notice about the document to a user.

	Frappe's own insert writes the user's settings row every time, even when the bell rings already; two steps
	that tell the same people would then wait for each other, or fall into a deadlock.
	"""
	notice = frappe.get_doc(
		{
			"doctype": "Notification Log",
			"for_user": user,
			"from_user": frappe.session.user,
			"type": "Alert",
			"document_type": document.doctype,
			"document_name": document.name,
			"subject": subject,
			"email_content": body,
		}
	)
	notice.set_user_and_timestamp()
	notice.set_new_name()
	notice.db_insert()
	_ring([user])


def post_many(notices: Collection[tuple[str, str, str, str]]) -> None:
	"""Write many notices at once.

	Args:
		notices: user, DocType and name of the document, subject.
	"""
	now, sender = now_datetime(), frappe.session.user
	stamp = {
		"creation": now,
		"modified": now,
		"owner": sender,
		"modified_by": sender,
		"from_user": sender,
		"type": "Alert",
	}
	rows: list[dict[str, Any]] = [
		{
			"name": frappe.generate_hash(length=12),
			"for_user": user,
			"document_type": doctype,
			"document_name": name,
			"subject": subject,
			**stamp,
		}
		for user, doctype, name, subject in notices
	]
	if rows:
		frappe.db.bulk_insert("Notification Log", list(rows[0]), [tuple(row.values()) for row in rows])
		_ring({user for user, *_rest in notices})


def _ring(users: Iterable[str]) -> None:
	"""Let the bell of users ring, of those whose bell does not ring already."""
	for user in sorted(users):
		frappe.publish_realtime("notification", after_commit=True, user=user)
		if frappe.db.get_value(_SETTINGS, user, "seen"):
			frappe.db.set_value(_SETTINGS, user, "seen", 0, update_modified=False)
