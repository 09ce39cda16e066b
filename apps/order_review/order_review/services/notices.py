"""Notices in the Desk about documents: to users, once each, in the sender's words."""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe.model.document import Document
from frappe.utils.user import get_users_with_role

from order_review.services import desk_notice


def tell(document: Document, users: Iterable[str | None], subject: str, body: str | None = None) -> None:
	"""Write a notice about the document to those of the users who are enabled and did not cause it."""
	for user in sorted({user for user in users if user}):
		if user != frappe.session.user and _is_told(user):
			desk_notice.post(user, document, subject, body)


def users_with(role: str) -> list[str]:
	"""Enabled users with a role, without the built-in ones."""
	return [user for user in get_users_with_role(role) if user not in frappe.STANDARD_USERS]


def _is_told(user: str) -> bool:
	return user not in frappe.STANDARD_USERS and bool(frappe.db.get_value("User", user, "enabled"))
