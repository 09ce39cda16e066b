"""One notice in the Desk, written so that concurrent steps do not wait for one another."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

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
	frappe.publish_realtime("notification", after_commit=True, user=user)
	if frappe.db.get_value(_SETTINGS, user, "seen"):
		frappe.db.set_value(_SETTINGS, user, "seen", 0, update_modified=False)
