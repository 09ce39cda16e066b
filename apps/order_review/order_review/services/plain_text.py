"""Text of our documents is text: a tag that loads or styles something is shown as it was typed, in prints as well.

Frappe's Standard print puts what a field holds into the page as it is.
"""

from __future__ import annotations

import re

import frappe
from frappe.model.document import Document

from order_review.services.files.rights import is_ours

_KINDS = frozenset({"Data", "Small Text", "Text", "Long Text"})
_LOADING = "img|image|link|style|form|input|button|iframe|frame|object|embed|base|meta|svg|math|video|audio|source|picture|script"
_TAG = re.compile(
	rf"<(?=/?(?:{_LOADING})\b)|<(?=[a-z][^>]*?[\s/\"'](?:style|src|srcset|href|background|poster|on\w+)\s*=)",
	re.I,
)


def check(document: Document, _event: str | None = None) -> None:
	"""Keep tags in the texts of a document of ours from being tags."""
	if not is_ours(document.doctype):
		return
	for part in (document, *document.get_all_children()):
		for field, text in _texts(part):
			if (shown := harmless(text)) != text:
				part.set(field, shown)


def harmless(text: str) -> str:
	"""A text in which nothing loads or styles anything: no tag begins with a blank."""
	return _TAG.sub("< ", text)


def _texts(part: Document) -> list[tuple[str, str]]:
	values = part.__dict__
	return [
		(df.fieldname, values[df.fieldname])
		for df in frappe.get_meta(part.doctype).fields
		if df.fieldtype in _KINDS
		and isinstance(values.get(df.fieldname), str)
		and "<" in values[df.fieldname]
	]
