"""Notices about documents, in the Desk and by e-mail: to users, once each, in each receiver's own language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils.user import get_users_with_role

from order_review.services import desk_notice, outbox

Text = str | Callable[[], str]
"""What a notice says: as it is, or a function that says it in the language that is set when it is called."""


@dataclass(frozen=True)
class Letter:
	"""One of many notices that go out together: to whom, about what document, saying what."""

	user: str
	doctype: str
	name: str
	subject: Text
	due_at: datetime | date | None = None


def tell_many(letters: Iterable[Letter]) -> None:
	"""Write one notice for each letter, and to each user one e-mail that lists all of theirs."""
	by_user: dict[str, list[Letter]] = defaultdict(list)
	for letter in letters:
		by_user[letter.user].append(letter)
	for user, mine in by_user.items():
		if not _is_told(user):
			continue
		with language_of(user):
			lines = [(letter, _said(letter.subject)) for letter in mine]
			desk_notice.post_many([(user, letter.doctype, letter.name, said) for letter, said in lines])
			outbox.write_list(
				user,
				_("{0} reminders").format(len(lines)) if len(lines) > 1 else lines[0][1],
				[(letter.doctype, letter.name, said, letter.due_at) for letter, said in lines],
			)


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
