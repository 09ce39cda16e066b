"""Rows that a request names in a document: each is the document's own, else it would be taken out of another one."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from order_review.exceptions import ForeignRowError
from order_review.services.files.rights import is_ours


def check(document: Document, _event: str | None = None) -> None:
	"""Judge the rows of a document of ours, whether it has a process or not."""
	if is_ours(document.doctype):
		refuse(document, document.get_doc_before_save())


def refuse(document: Document, stored: Document | None) -> None:
	"""Raise ForeignRowError when a named row belongs to another document.

	Args:
		document: the document as it is to be saved.
		stored: the document as it is stored; None of a new one.
	"""
	own = {row.name for row in stored.get_all_children()} if stored else set()
	for table in document.meta.get_table_fields():
		names = [row.name for row in document.get(table.fieldname) if row.name and row.name not in own]
		if names and frappe.db.exists(
			table.options, {"name": ["in", names], "parent": ["!=", document.name]}
		):
			frappe.throw(
				_("{0}: a row belongs to another document. Reload the document and try again.").format(
					_(table.label)
				),
				title=_("Not Changed"),
				exc=ForeignRowError,
			)
