"""Columns of reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from frappe import _

Column = dict[str, Any]


def column(fieldname: str, label: str, fieldtype: str, width: int, **more: Any) -> Column:
	"""A column of a report."""
	return {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "width": width, **more}


def link(fieldname: str, label: str, doctype: str, width: int) -> Column:
	"""A column that leads to a document; only for DocTypes every reader of the report may read."""
	return column(fieldname, label, "Link", width, options=doctype)


def money(fieldname: str, label: str) -> Column:
	"""A column of amounts."""
	return column(fieldname, label, "Currency", 155, options="Company:company:default_currency")


def worded(rows: Iterable[Mapping[str, Any]], **contexts: str) -> list[dict[str, Any]]:
	"""Rows with values of Selects in the user's words, so that screen, print and export say the same.

	The value itself stays in the row as ``<field>_code``, for what a formatter decides by.

	Args:
		contexts: field → DocType whose Select the value is of.
	"""
	return [
		{
			**row,
			**{f"{name}_code": row[name] for name in contexts if name in row},
			**{
				name: _(row[name], context=context) if row[name] else row[name]
				for name, context in contexts.items()
				if name in row
			},
		}
		for row in rows
	]
