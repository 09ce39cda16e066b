"""The catalogue of the site: read from its documents, kept per process, checked when a document changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import DocType, Order

from order_review.adapters.catalogue_documents import DOCTYPES, LINES, NAME_FIELD, Documents, to_data
from order_review.adapters.chinese import translated
from order_review.constants import CATALOGUE_SETTINGS
from order_review.engine.catalogue import Catalogue
from order_review.engine.errors import BadInput
from order_review.exceptions import CatalogueError

_REVISION = "revision"
_KEPT = 4
"""Compiled catalogues a process keeps: one or two sites, each before and after a change."""
_compiled: dict[tuple[str, str], Catalogue] = {}


def current() -> Catalogue:
	"""The catalogue as this transaction sees it.

	The revision is read from the database each time (one small query), so that a change made by another worker,
	or by this very transaction, is never missed.

	Raises:
		CatalogueError: the documents do not make a catalogue.
	"""
	key = (frappe.local.site, revision())
	found = _compiled.pop(key, None)
	if found is None:
		found = _build(read_data())
		if len(_compiled) >= _KEPT:
			_compiled.pop(next(iter(_compiled)), None)
	_compiled[key] = found  # the one used last goes last
	return found


def revision() -> str:
	"""A token that changes with every change of the catalogue."""
	singles = DocType("Singles")
	found = (
		frappe.qb.from_(singles)
		.select(singles.value)
		.where((singles.doctype == CATALOGUE_SETTINGS) & (singles.field == _REVISION))
		.run()
	)
	return found[0][0] or "" if found else ""


def touch() -> None:
	"""Make compiled catalogues stale, in all workers, once this transaction is committed."""
	frappe.db.set_single_value(
		CATALOGUE_SETTINGS, _REVISION, frappe.generate_hash(length=20), update_modified=False
	)


def is_empty() -> bool:
	"""Whether the site has no catalogue yet."""
	return not frappe.db.a_row_exists("Vehicle Model")


def check_and_touch(document: Document) -> None:
	"""After a catalogue document changed: refuse it if the catalogue is now faulty, else make it known.

	Raises:
		CatalogueError: naming the fault.
	"""
	if document.flags.in_catalogue_transfer or frappe.flags.in_uninstall:
		return
	touch()
	_build(read_data())


def fill_derived(document: Document) -> None:
	"""Title and place in the order of records."""
	if document.meta.has_field("title"):
		names = [document.get(key) for key in ("name_zh", "name_en") if document.get(key)]
		coded = [] if document.doctype == "Option Family" else [document.get("code")]
		document.title = " ".join([*coded, *names])[:140]
	if document.meta.has_field("position") and not document.position:
		document.position = (frappe.db.get_value(document.doctype, {}, "max(position)") or 0) + 1


def read_data() -> dict[str, Any]:
	"""The catalogue data that lie in the site's documents."""
	return to_data(read_documents())


def read_documents(doctypes: Iterable[str] = DOCTYPES) -> Documents:
	"""The catalogue's documents as plain data, in their order, without looking at permissions.

	Who may see what is decided by whoever hands the data on.
	"""
	return {doctype: _read(doctype) for doctype in doctypes}


def _read(doctype: str) -> list[dict[str, Any]]:
	meta = frappe.get_meta(doctype)
	if meta.issingle:
		rows = [frappe.get_single(doctype).as_dict()]
		return [{**row, "name": doctype} for row in rows]
	rows = _select(doctype, _columns(meta), ("position", "name") if meta.has_field("position") else ("name",))
	by_name = {row["name"]: row for row in rows}
	for table in meta.get_table_fields():
		for row in rows:
			row[table.fieldname] = []
		columns = [*_columns(frappe.get_meta(table.options)), "parent"]
		for child in _select(
			table.options, columns, ("parent", "idx"), parenttype=doctype, parentfield=table.fieldname
		):
			if child["parent"] in by_name:
				by_name[child["parent"]][table.fieldname].append(child)
	if doctype in LINES:
		_add_lines(LINES[doctype], by_name)
	return rows


def _add_lines(doctype: str, by_name: dict[str, dict[str, Any]]) -> None:
	"""Put price lines, which are documents of their own, into their books."""
	for row in by_name.values():
		row["options"] = []
	for line in _select(doctype, _columns(frappe.get_meta(doctype)), ("price_book", "position", "name")):
		if line["price_book"] in by_name:
			by_name[line["price_book"]]["options"].append(line)


def _columns(meta: Any) -> list[str]:
	return [
		"name",
		*(field.fieldname for field in meta.fields if field.fieldname in meta.get_valid_columns()),
	]


def _select(
	doctype: str, columns: Iterable[str], order: Iterable[str], **filters: str
) -> list[dict[str, Any]]:
	table = DocType(doctype)
	query = frappe.qb.from_(table).select(*(table[column] for column in dict.fromkeys(columns)))
	for column, value in filters.items():
		query = query.where(table[column] == value)
	for column in order:
		query = query.orderby(table[column], order=Order.asc)
	return query.run(as_dict=True)


def _build(data: dict[str, Any]) -> Catalogue:
	try:
		return Catalogue.from_data(data, halfway=True)
	except BadInput as error:
		frappe.throw(said(error, data), title=_("Catalogue Not in Order"), exc=CatalogueError)


def said(error: BadInput, data: dict[str, Any] | None = None) -> str:
	"""The fault as a sentence in the user's language, naming the record."""
	lang = "zh" if (frappe.local.lang or "").startswith("zh") else "en"
	record: Any = data
	code = None
	for key in error.path if data is not None else ():
		try:
			record = record[key]
		except (KeyError, IndexError, TypeError):
			break
		if isinstance(record, dict) and record.get("code"):
			code = record["code"]
	where = translated(error.where, lang) if error.where else None
	place = ", ".join(part for part in (code, where, str(error.path[-1]) if error.path else "") if part)
	message = translated(error.message, lang)
	if error.expected:
		expected = translated(error.expected, lang)
		return _("{0}: {1}; expected: {2}").format(place or _("Catalogue"), message, expected)
	return _("{0}: {1}").format(place or _("Catalogue"), message)


def name_of(doctype: str, document: dict[str, Any]) -> str:
	"""The name a document of the catalogue has."""
	return CATALOGUE_SETTINGS if doctype == CATALOGUE_SETTINGS else document[NAME_FIELD.get(doctype, "code")]
