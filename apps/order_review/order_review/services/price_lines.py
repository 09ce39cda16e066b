"""Writing the many lines of price books.

The query builder writes out each value as text, which takes most of the time of a big import; here the lines of a
statement travel as one JSON value.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

import frappe

ROWS_PER_STATEMENT = 2500
_AMOUNT = {
	"Price Book Option": "list_price",
	"Price Book Option Floor": "floor_price",
	"Price Book Option Cost": "cost",
}
_INSERT = {
	"Price Book Option": """
		insert into `tabPrice Book Option` (name, creation, modified, owner, modified_by, docstatus, idx,
			price_book, vehicle_option, vehicle_model, list_price, position)
		select line.name, %(now)s, %(now)s, %(user)s, %(user)s, 0, 0,
			%(book)s, line.vehicle_option, line.vehicle_model, line.amount, line.position
		from json_table(%(lines)s, '$[*]' columns (
			name varchar(140) path '$[0]', vehicle_option varchar(140) path '$[1]', vehicle_model varchar(140) path '$[2]',
			amount decimal(21, 9) path '$[3]', position int path '$[4]')) line""",
	"Price Book Option Floor": """
		insert into `tabPrice Book Option Floor` (name, creation, modified, owner, modified_by, docstatus, idx,
			price_book, vehicle_option, vehicle_model, floor_price, position)
		select line.name, %(now)s, %(now)s, %(user)s, %(user)s, 0, 0,
			%(book)s, line.vehicle_option, line.vehicle_model, line.amount, line.position
		from json_table(%(lines)s, '$[*]' columns (
			name varchar(140) path '$[0]', vehicle_option varchar(140) path '$[1]', vehicle_model varchar(140) path '$[2]',
			amount decimal(21, 9) path '$[3]', position int path '$[4]')) line""",
	"Price Book Option Cost": """
		insert into `tabPrice Book Option Cost` (name, creation, modified, owner, modified_by, docstatus, idx,
			price_book, vehicle_option, vehicle_model, cost, position, extra)
		select line.name, %(now)s, %(now)s, %(user)s, %(user)s, 0, 0,
			%(book)s, line.vehicle_option, line.vehicle_model, line.amount, line.position, line.extra
		from json_table(%(lines)s, '$[*]' columns (
			name varchar(140) path '$[0]', vehicle_option varchar(140) path '$[1]', vehicle_model varchar(140) path '$[2]',
			amount decimal(21, 9) path '$[3]', position int path '$[4]', extra longtext path '$[5]')) line""",
}


def insert_lines(doctype: str, book: str, rows: Iterable[Mapping[str, Any]]) -> None:
	"""Insert price lines of a book.

	Args:
		doctype: the DocType of the lines.
		book: the price book.
		rows: option, model and amount each, and where it is known the place in the book.
	"""
	amount = _AMOUNT[doctype]
	values = {"now": frappe.utils.now(), "user": frappe.session.user, "book": book}
	lines = (
		(
			frappe.generate_hash(length=10),
			row["vehicle_option"],
			row["vehicle_model"],
			row[amount],
			row.get("place", position),
			row.get("extra") or "",
		)
		for position, row in enumerate(rows, 1)
	)
	while chunk := list(islice(lines, ROWS_PER_STATEMENT)):
		frappe.db.sql(_INSERT[doctype], {**values, "lines": json.dumps(chunk, ensure_ascii=False)})
