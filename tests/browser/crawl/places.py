"""Lists and reports of ours, and who opens them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import frappe

from order_review.constants import MODULES, PORTAL_ROLES, ROLES

AT_THE_DESK = tuple(name for code, (name, _chinese) in ROLES.items() if code not in PORTAL_ROLES)
"""Roles whose users have a Desk."""


@contextmanager
def being(user: str) -> Iterator[None]:
	"""As a user, for what the server permits."""
	frappe.db.rollback()
	frappe.set_user(user)
	try:
		yield
	finally:
		frappe.set_user("Administrator")


def doctypes() -> list[str]:
	"""Our DocTypes that have a list."""
	ours = {"module": ["in", MODULES], "istable": 0, "issingle": 0}
	return list(frappe.get_all("DocType", ours, pluck="name", order_by="name"))


def reports() -> list[str]:
	"""Our reports."""
	return list(frappe.get_all("Report", {"module": ["in", MODULES]}, pluck="name", order_by="name"))
