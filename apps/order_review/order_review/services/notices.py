"""Notices about documents, in the Desk and by e-mail: to users, once each, in each receiver's own language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any

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
	for letter in _addressed(letters):
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


def _addressed(letters: Iterable[Letter]) -> Iterator[Letter]:
	"""The letters with those who read them in the place of who is away, each once."""
	is_away = cache(_delegations().is_away)
	seen: set[tuple[str, str, str]] = set()
	for letter in letters:
		users = _reached(letter.user, letter.doctype, letter.name) if is_away(letter.user) else [letter.user]
		for user in users:
			key = (user, letter.doctype, letter.name)
			if key not in seen:
				seen.add(key)
				yield replace(letter, user=user)


def _reached(user: str, doctype: str, name: str) -> list[str]:
	return _delegations().reached(user, doctype, name)


def _delegations() -> Any:
	from order_review.services import delegations

	return delegations


def tell(document: Document, users: Iterable[str | None], subject: Text, body: Text | None = None) -> None:
	"""Write a notice and an e-mail about the document to the users, but not to who caused it.

	In the place of one who is disabled or absent the delegate is told, else who has the same roles.
	"""
	asked = {user for user in users if user} - {frappe.session.user}
	told = {one for user in asked for one in _reached(user, document.doctype, document.name)}
	for user in sorted(told - {frappe.session.user}):
		if _is_told(user):
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
