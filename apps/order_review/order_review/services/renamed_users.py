"""A user who is renamed stays the same person: steps, rounds and translations name users in plain text.

Frappe renames what links to a user. The rows of our documents keep names as text, so that they outlive the user; whether
somebody had a hand in a document is read there.
"""

from __future__ import annotations

from collections.abc import Mapping

import frappe
from frappe.model.document import Document

NAMED: Mapping[str, tuple[str, ...]] = {
	"Document Event": ("actor", "on_behalf_of"),
	"Intent Order Round": ("submitted_by", "edited_by", "returned_by"),
	"Sales Contract Round": ("submitted_by", "edited_by", "returned_by"),
	"Sales Contract Print": ("approved_by",),
	"Sales Contract Seal": ("sealed_by",),
	"Delivery Date Proposal": ("proposed_by", "answered_by"),
	"Dealer Organisation Event": ("actor",),
}
"""DocType → text fields that hold a user."""

LISTED: Mapping[str, tuple[str, ...]] = {
	"Document Event": ("editors",),
	"Production Configuration": ("translators",),
}
"""DocType → text fields that hold users, one a line."""


def after_rename(user: Document, _method: str | None, old: str, new: str, merge: bool = False) -> None:
	"""Carry the new name into what names the user in plain text."""
	for doctype, fields in NAMED.items():
		for field in fields:
			table = frappe.qb.DocType(doctype)
			frappe.qb.update(table).set(table[field], new).where(table[field] == old).run()
	for doctype, fields in LISTED.items():
		for field in fields:
			_rename_in_lists(doctype, field, old, new)


def _rename_in_lists(doctype: str, field: str, old: str, new: str) -> None:
	held = frappe.get_all(doctype, {field: ["like", f"%{old}%"]}, ["name", f"{field} as users"])
	for row in held:
		users = [new if user == old else user for user in row.users.split("\n")]
		listed = "\n".join(dict.fromkeys(users))
		if listed != row.users:
			frappe.db.set_value(doctype, row.name, field, listed, update_modified=False)
