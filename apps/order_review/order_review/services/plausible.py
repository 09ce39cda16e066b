"""Dates and numbers of our documents are ones a calendar and a calculation can hold."""

from __future__ import annotations

import math
import re
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from order_review.services.files.rights import is_ours

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years in which anything of ours happens."""

LARGEST = 10**15
"""Above it, a number loses its cents."""

_YEAR_FIRST = re.compile(r"\s*(\d{4,})-\d")
_DATES, _NUMBERS = frozenset({"Date", "Datetime"}), frozenset({"Currency", "Float", "Percent", "Int"})


def check(document: Document, _event: str | None = None) -> None:
	"""Raise ValidationError when a date or a number that is new in a document of ours is out of all reason."""
	if not is_ours(document.doctype):
		return
	stored = document.get_doc_before_save()
	before = {part.name: part for part in (stored, *stored.get_all_children())} if stored else {}
	for part in (document, *document.get_all_children()):
		old = before.get(part.name) or {}
		for df in frappe.get_meta(part.doctype).fields:
			value = part.get(df.fieldname)
			if not (_is_plausible(df.fieldtype, value) or str(old.get(df.fieldname)) == str(value)):
				frappe.throw(
					_("{0}: {1} cannot be right. Enter it anew.").format(
						_(df.label, context=part.doctype),
						frappe.utils.escape_html(str(value)[:40]),
					)
				)


def _is_plausible(kind: str, value: Any) -> bool:
	if value in (None, ""):
		return True
	if kind in _DATES:
		return _is_day(value)
	if kind not in _NUMBERS:
		return True
	try:
		number = float(value)
	except (TypeError, ValueError):
		return True  # Frappe and the document's own checks say what is wrong with a word
	return math.isfinite(number) and abs(number) <= LARGEST


def _is_day(value: Any) -> bool:
	if isinstance(value, date):
		return FIRST_YEAR <= value.year <= LAST_YEAR
	written = _YEAR_FIRST.match(str(value))  # what is no date at all is told by Frappe's own check of dates
	return written is None or FIRST_YEAR <= int(written.group(1)) <= LAST_YEAR
