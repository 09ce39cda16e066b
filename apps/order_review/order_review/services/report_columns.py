"""Columns of reports."""

from __future__ import annotations

from typing import Any

Column = dict[str, Any]


def column(fieldname: str, label: str, fieldtype: str, width: int, **more: Any) -> Column:
	"""A column of a report."""
	return {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "width": width, **more}


def link(fieldname: str, label: str, doctype: str, width: int) -> Column:
	"""A column that leads to a document; only for DocTypes every reader of the report may read."""
	return column(fieldname, label, "Link", width, options=doctype)


def money(fieldname: str, label: str) -> Column:
	"""A column of amounts."""
	return column(fieldname, label, "Currency", 115, options="Company:company:default_currency")
