"""Notices about documents, in the Desk and by e-mail: to users, once each, in each receiver's own language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import frappe
from frappe.model.document import Document
from frappe.utils.user import get_users_with_role

from order_review.services import desk_notice, outbox

Text = str | Callable[[], str]
"""What a notice says: as it is, or a function that says it in the language that is set when it is called."""


def tell(document: Document, users: Iterable[str | None], subject: Text, body: Text | None = None) -> None:
	"""Write a notice and an e-mail about the document to those of the users who are enabled and did not cause it."""
	for user in sorted({user for user in users if user}):
		if user != frappe.session.user and _is_told(user):
			with language_of(user):
				said, more = _said(subject), _said(body) if body else None
				desk_notice.post(user, document, said, more)
				outbox.write_notice(user, document, said, more)


def users_with(role: str) -> list[str]:
	"""Enabled users with a role, without the built-in ones."""
	return [user for user in get_users_with_role(role) if user not in frappe.STANDARD_USERS]


@contextmanager
def language_of(user: str) -> Iterator[str]:
	"""Speak a user's language inside."""
	before = frappe.local.lang
	language = str(
		frappe.get_cached_value("User", user, "language") or frappe.db.get_default("lang") or before or "en"
	)
	frappe.local.lang = language
	try:
		yield language
	finally:
		frappe.local.lang = before


def _said(text: Text) -> str:
	return text() if callable(text) else text


def _is_told(user: str) -> bool:
	return user not in frappe.STANDARD_USERS and bool(frappe.db.get_value("User", user, "enabled"))
