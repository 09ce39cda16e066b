"""Rights that order entry needs on ERPNext's own documents: what an administrator gives in the Role Permissions Manager.

The app itself makes no rights on documents that are not its own.
"""

from __future__ import annotations

import frappe
from frappe.permissions import setup_custom_perms

from order_review.constants import ROLES

from . import ledger

RELEASED = ("Sales Order", "BOM", "Item")
"""What a release makes in ERPNext."""

READERS = ("OA", "CA", "AU", "OS", "PL", "PM")
"""Who releases, translates, audits, plans and builds opens what was released."""


def let_read() -> None:
	"""Give our readers the right to read what a release makes; what others may do stays as it is."""
	for doctype in RELEASED:
		before = _rows(doctype)
		setup_custom_perms(doctype)
		for name in _rows(doctype) - before:
			ledger.note("Custom DocPerm", name)
		for code in READERS:
			_let_read(doctype, ROLES[code][0])
		frappe.clear_cache(doctype=doctype)


def _let_read(doctype: str, role: str) -> None:
	only_reading = dict.fromkeys(
		("write", "create", "delete", "submit", "cancel", "export", "share", "email"), 0
	)
	ledger.make(
		"Custom DocPerm",
		{"parent": doctype, "role": role, "permlevel": 0, "if_owner": 0},
		parenttype="DocType",
		parentfield="permissions",
		read=1,
		report=1,
		print=1,
		**only_reading,
	)


def _rows(doctype: str) -> set[str]:
	return set(frappe.get_all("Custom DocPerm", {"parent": doctype}, pluck="name"))
