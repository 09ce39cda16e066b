"""Who uses a record of the catalogue: every document that links to it, and those that keep its code as text."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import frappe
from frappe.model.rename_doc import get_link_fields

from order_review.adapters.catalogue_documents import DOCTYPES, LINES

Place = tuple[str, str, dict[str, Any]]
"""DocType, field, and what else is true of the rows that are meant."""

_AS_TEXT: dict[str, tuple[Place, ...]] = {
	"Business Policy": (("Sales Contract Claim", "entry", {"kind": "Policy"}),),
	"Production Slot": (
		("Production Configuration Line", "slot", {}),
		("Blind Translation Line", "slot", {}),
	),
}
"""Where a code is kept without a link."""

_RECORDS_ONLY = frozenset({"Catalogue Check"})
"""What tells of a record and does not need it."""

_VERSIONS = {
	"Price Book": ("supersedes", "superseded_by", "copied_from"),
	"Business Policy": ("supersedes", "superseded_by"),
}
"""Links between versions, which the catalogue itself does not know."""

_MOST = 5


def of(doctype: str, names: Collection[str]) -> list[tuple[str, str, str]]:
	"""Up to five uses of records that would go: the record, DocType and name of the document that uses it."""
	found: list[tuple[str, str, str]] = []
	for place in (*_places(doctype), *_between_versions(doctype, names)):
		found += _rows(place, names)
		if len(found) >= _MOST:
			break
	return found[:_MOST]


def _places(doctype: str) -> Iterator[Place]:
	own = _of_the_catalogue()
	for link in get_link_fields(doctype):
		if link.parent not in own | _RECORDS_ONLY and not link.issingle:
			yield link.parent, link.fieldname, {}
	yield from _AS_TEXT.get(doctype, ())


def _between_versions(doctype: str, names: Collection[str]) -> Iterator[Place]:
	for column in _VERSIONS.get(doctype, ()):
		yield doctype, column, {"name": ["not in", list(names)]}


def _of_the_catalogue() -> frozenset[str]:
	"""DocTypes of the catalogue and their tables: their references are checked with the catalogue itself."""
	tables = (field.options for doctype in DOCTYPES for field in frappe.get_meta(doctype).get_table_fields())
	return frozenset((*DOCTYPES, *LINES.values(), *tables))


def _rows(place: Place, names: Collection[str]) -> list[tuple[str, str, str]]:
	doctype, column, also = place
	if not frappe.db.has_column(doctype, column):
		return []
	parts = ["parenttype", "parent"] if frappe.get_meta(doctype).istable else []
	found = frappe.get_all(
		doctype, {column: ["in", list(names)], **also}, [column, "name", *parts], limit=_MOST
	)
	return [(row[column], row.get("parenttype") or doctype, row.get("parent") or row.name) for row in found]
