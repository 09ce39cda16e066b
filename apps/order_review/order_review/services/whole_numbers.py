"""Whole numbers stay whole: 2.7 vehicles are refused, where Frappe would store 2 without a word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from order_review.exceptions import FractionError


def refuse_fractions(document: Document, _method: str | None = None) -> None:
	"""Refuse a document with a fraction, or a text that is no number, in a field that counts in whole numbers.

	Raises:
		FractionError: naming field, row and value.
	"""
	for row in (document, *document.get_all_children()):
		for label, value in _fractions(row):
			place = label if row is document else _("Row {0}, {1}").format(row.idx, label)
			frappe.throw(
				_("{0} is counted in whole numbers; {1} is none.").format(
					place, frappe.bold(frappe.utils.escape_html(str(value)[:40]))
				),
				title=_("Not Saved", context="Order Review"),
				exc=FractionError,
			)


def _fractions(row: Document) -> Iterator[tuple[str, Any]]:
	for field in row.meta.get("fields", {"fieldtype": "Int"}):
		value = row.get(field.fieldname)
		if isinstance(value, float | str) and not _is_whole(value):
			yield _(field.label or field.fieldname, context=row.doctype), value


def _is_whole(value: float | str) -> bool:
	text = str(value).strip().replace(",", "")
	if not text:
		return True
	try:
		return float(text).is_integer()
	except (ValueError, OverflowError):
		return False
