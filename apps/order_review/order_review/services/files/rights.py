"""Whose files are whose: a file that hangs on a document is read and changed by the document's rights.

Frappe lets the owner of a file do anything with it, and lists files by what a role may read at all. Here:

* who changes, publishes, detaches or deletes a file may write its document, whoever uploaded it;
* a file of a document of this app is read by who may read the document, and by nobody else;
* a list of files shows those of documents the user may read.

What counts is what is stored, never what a request says of a file.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.db_query import DatabaseQuery
from frappe.model.document import Document

from order_review.constants import MODULES
from order_review.services.files import addresses

FILE = "File"
_READING = frozenset({None, "read", "select", "print", "email", "report", "export", "share"})
_PLACE = ("owner", "attached_to_doctype", "attached_to_name", "is_private")


def is_ours(doctype: str | None) -> bool:
	"""Whether a DocType belongs to this app; files of its documents are private."""
	return bool(doctype) and frappe.db.get_value("DocType", doctype, "module", cache=True) in MODULES


def document_of(doctype: str | None, name: str | None) -> Document | None:
	"""The document a file hangs on; None when on none, or on one that is not saved yet or is gone."""
	if not doctype or not name or not frappe.db.exists("DocType", doctype):
		return None
	try:
		return frappe.get_doc(doctype, name)
	except frappe.DoesNotExistError:
		frappe.clear_last_message()
		return None


# --- one file -----------------------------------------------------------------------------------------------


def file_permission(
	doc: Document, ptype: str | None = None, user: str | None = None, debug: bool = False
) -> bool | None:
	"""False where the file's document is not the user's to read or to write; Frappe decides on the rest."""
	user = user or frappe.session.user
	stored = frappe.db.get_value(FILE, doc.name, _PLACE, as_dict=True) if doc.name else None
	if user == "Administrator" or ptype == "create" or stored is None:
		return None
	document = document_of(stored.attached_to_doctype, stored.attached_to_name)
	if document is None:
		return None if _is_loose_open(stored, doc.name, ptype, user) else False
	if ptype not in _READING:
		return None if frappe.has_permission(document.doctype, "write", doc=document, user=user) else False
	if is_ours(stored.attached_to_doctype):
		return None if frappe.has_permission(document.doctype, "read", doc=document, user=user) else False
	return None


def _is_loose_open(stored: Any, name: str, ptype: str | None, user: str) -> bool:
	"""Whether a file that hangs on no document is a user's: their own, shared with them, or public and only read."""
	if stored.owner == user or (ptype in _READING and not stored.is_private):
		return True
	right = "read" if ptype in _READING else ptype
	if right not in ("read", "write") or user == "Guest":
		return False
	return bool(frappe.share.get_shared(FILE, user, [right], filters=[["share_name", "=", name]]))


def may_name(address: str) -> bool:
	"""Whether the session's user may name the file of a local address: it is public, or theirs to read."""
	user = frappe.session.user
	if user == "Administrator" or address.startswith(addresses.PUBLIC):
		return True
	found = frappe.get_all(FILE, filters={"file_url": address}, fields=["*"])
	# the database takes capitals and small letters for the same; a disk does not
	files = [row for row in found if row.file_url == address]
	if user == "Guest":
		return any(row.owner == user and not row.attached_to_name for row in files)
	return any(frappe.get_doc({"doctype": FILE, **row}).may_be_read() for row in files)


def check_document(doctype: str | None, name: str | None) -> None:
	"""Raise PermissionError unless the user may hang a file on a document; on one to be, may make or write such ones."""
	if not doctype or frappe.session.user == "Administrator":
		return
	document = document_of(doctype, name)
	if document is not None:
		is_open = frappe.has_permission(document.doctype, "write", doc=document)
	else:
		is_open = _is_to_be(doctype, str(name or "")) and any(
			frappe.has_permission(doctype, right) for right in ("write", "create")
		)
	if not is_open:
		frappe.throw(
			_("You may not change {0} {1}, so neither the files attached to it.").format(
				_(doctype), name or ""
			),
			frappe.PermissionError,
			title=_("Files of Documents"),
		)


def _is_to_be(doctype: str, name: str) -> bool:
	"""Whether a name is the one a form has before it is saved the first time; other apps' documents may have any."""
	return not is_ours(doctype) or name.startswith(f"new-{frappe.scrub(doctype).replace('_', '-')}")


# --- lists --------------------------------------------------------------------------------------------------


def file_query(user: str | None = None, doctype: str | None = None) -> str:
	"""SQL condition on File: those of documents the user may read, public ones of other apps, and one's own."""
	user = user or frappe.session.user
	if user == "Administrator":
		return ""
	kinds = frappe.get_all(
		FILE, filters={"attached_to_doctype": ["is", "set"]}, pluck="attached_to_doctype", distinct=True
	)
	ours = [kind for kind in kinds if is_ours(kind)]
	own = f"`tabFile`.owner = {frappe.db.escape(user)}"
	parts = [
		"ifnull(`tabFile`.attached_to_doctype, '') = ''",
		f"({own} and `tabFile`.attached_to_name like 'new-%')",
		f"(({own} or `tabFile`.is_private = 0) and `tabFile`.attached_to_doctype not in ({_listed(ours)}))",
		*(_files_of(kind, user) for kind in kinds),
	]
	return "(" + " or ".join(part for part in parts if part) + ")"


def _files_of(doctype: str, user: str) -> str:
	"""SQL condition: files of the documents of a DocType that a user may read."""
	if not frappe.db.exists("DocType", doctype):
		return ""
	kind = f"`tabFile`.attached_to_doctype = {frappe.db.escape(doctype)}"
	meta = frappe.get_meta(doctype)
	if meta.issingle or meta.istable or meta.get("is_virtual"):
		return f"({kind})" if frappe.has_permission(doctype, "read", user=user) else ""
	try:
		query = DatabaseQuery(doctype, user=user)
		found = query.build_match_conditions()
	except frappe.PermissionError:
		frappe.clear_last_message()
		return ""
	conditions = " and ".join(f"({one})" for one in [*query.conditions, found] if one)
	if not conditions:
		return f"({kind})"
	visible = f"select `tab{doctype}`.name from `tab{doctype}` where {conditions}"
	return f"({kind} and `tabFile`.attached_to_name in ({visible}))"


def _listed(names: list[str]) -> str:
	return ", ".join(frappe.db.escape(name) for name in names) or "''"


def sharing(file: Document) -> list[Any]:
	"""Other records of what lies at a file's address on the disk."""
	if not addresses.is_local(file.file_url):
		return []
	found = frappe.get_all(
		FILE, filters={"file_url": file.file_url, "name": ["!=", file.name or ""]}, pluck="name"
	)
	others = (frappe.get_doc(FILE, name) for name in found)
	return [other for other in others if other.file_url == file.file_url]
