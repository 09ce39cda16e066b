"""Fields that hold a file: what a user names there is a file they may read, and nobody else's record is taken for it."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model import no_value_fields, table_fields
from frappe.model.document import Document
from frappe.utils import cstr

from order_review.services.files import addresses, rights

_KINDS = ("Attach", "Attach Image")


def check(document: Document, _event: str | None = None) -> None:
	"""Raise unless the user may read each file that is named anew in a document.

	Frappe hangs the file an Attach field names on the document, whosever it is, which opens it to the document's readers.

	Raises:
		frappe.PermissionError: the file is not one the user may read.
		frappe.ValidationError: the address leads elsewhere, or the file of a document of ours is open to everybody.
	"""
	_forget_foreign_name(document)
	if frappe.session.user == "Administrator" or document.doctype == rights.FILE:
		return
	stored = document.get_doc_before_save()
	for df in _attach_fields(document.doctype):
		if named := _named_anew(document, stored, df.fieldname):
			_check_named(document.doctype, df, named)
			_claim(document, df.fieldname, named)
	if rights.is_ours(document.doctype):
		_check_rows(document, stored)


def _attach_fields(doctype: str) -> list[Any]:
	return [df for df in frappe.get_meta(doctype).fields if df.fieldtype in _KINDS]


def _named_anew(document: Any, stored: Any, fieldname: str) -> str:
	"""The local address a field holds and did not hold before; empty when there is none."""
	address = cstr(document.get(fieldname)).strip()
	if not address.startswith(("/files", "/private")) or (stored and cstr(stored.get(fieldname)) == address):
		return ""
	return address


def _check_named(doctype: str, df: Any, named: str) -> None:
	address = addresses.plain(named)
	addresses.check(address)
	label = _(df.label, context=doctype)
	if addresses.is_there(address) and not rights.may_name(address):
		frappe.throw(
			_("{0}: this file is not yours to use. Upload the file here.").format(label),
			frappe.PermissionError,
			title=_("Files of Documents"),
		)
	if rights.is_ours(doctype) and address.startswith(addresses.PUBLIC):
		frappe.throw(
			_("{0}: everybody can open this file. Upload it here as a private one.").format(label),
			title=_("Files of Documents"),
		)


def _check_rows(document: Document, stored: Document | None) -> None:
	"""The same of the rows of a document of ours; an address that stood in a row of it before may stand in another."""
	for table in document.meta.get_table_fields():
		for df in _attach_fields(table.options):
			before = {cstr(row.get(df.fieldname)) for row in stored.get(table.fieldname)} if stored else set()
			for row in document.get(table.fieldname):
				named = _named_anew(row, None, df.fieldname)
				if named and named not in before:
					_check_named(table.options, df, named)


def _claim(document: Document, fieldname: str, address: str) -> None:
	"""Give the document a record of its own where Frappe would take one that somebody else uploaded and hung nowhere."""
	loose = {"file_url": address, "attached_to_name": ["is", "not set"], "owner": ["!=", frappe.session.user]}
	place = {
		"file_url": address,
		"attached_to_doctype": document.doctype,
		"attached_to_name": document.name,
		"attached_to_field": fieldname,
	}
	if document.name and frappe.db.exists(rights.FILE, loose) and not frappe.db.exists(rights.FILE, place):
		record = {"doctype": rights.FILE, "folder": "Home/Attachments", **place}
		frappe.get_doc(record).insert(ignore_permissions=True)


def _forget_foreign_name(document: Document) -> None:
	"""Frappe hands files of a form's passing name on to the new document; that name is never another document's."""
	passing = document.get("__temporary_name")
	if passing and frappe.db.exists(document.doctype, passing):
		document.delete_key("__temporary_name")


def follow(file: Document, before: str) -> None:
	"""Write a file's new address into the fields that held the one before, by the document's own save."""
	document = rights.document_of(file.attached_to_doctype, file.attached_to_name)
	if document is None:
		return
	held = [
		df.fieldname
		for df in document.meta.fields
		if df.fieldtype not in (*no_value_fields, *table_fields) and document.get(df.fieldname) == before
	]
	if not held:
		return
	for fieldname in [file.attached_to_field] if file.attached_to_field in held else held:
		document.set(fieldname, file.file_url)
	document.save(ignore_permissions=file.flags.ignore_permissions)
