"""One diff for everybody who compares: contracts with intent orders, rounds, versions, production configurations.

``between`` gives rows as plain data; ``html`` shows rows of any origin, in form, mail and print alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import frappe

from order_review.engine import diff
from order_review.engine.production import Production
from order_review.prints import diff_view
from order_review.services import catalogue_store

Row = dict[str, Any]


def between(
	before: diff.Content,
	after: diff.Content,
	*,
	book: str | None = None,
	line_no: int | None = None,
	production: tuple[Production, Production] | None = None,
) -> list[Row]:
	"""What differs between two contents.

	Args:
		before: the one content.
		after: the other.
		book: price book the price effects are taken from.
		line_no: line of the document the rows are about.
		production: production configurations of both, where the rows that change are wanted and may be seen.
	"""
	catalogue = catalogue_store.current()
	found = diff.differences(
		catalogue, before, after, book=catalogue.price_books.get(book or ""), production=production
	)
	return [{"line_no": line_no, **one.as_dict()} for one in found]


def between_lines(before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> list[Row]:
	"""What differs between the lines of two production configurations.

	Args:
		before: lines with slot, assembly_no, qty.
		after: the same.
	"""
	found = diff.production_differences(catalogue_store.current(), _parts(before), _parts(after))
	return [{"line_no": None, **one.as_dict()} for one in found]


def _parts(lines: Iterable[Mapping[str, Any]]) -> list[diff.Part]:
	return [
		diff.Part(
			str(one.get("slot") or ""), str(one.get("assembly_no") or ""), diff.number(one.get("qty") or 1)
		)
		for one in lines
	]


def html(rows: Sequence[Mapping[str, Any]], lang: str | None = None) -> str:
	"""The rows as a table, in the user's language or the one asked for (zh or en)."""
	return str(diff_view.html(rows, lang or language()))


def text(rows: Sequence[Mapping[str, Any]]) -> str:
	"""The rows as lines of plain text in the language that is set, for mails."""
	said = []
	for row in diff_view.view(rows, language()):
		place = f"{row['line']} · " if row["line"] else ""
		effects = ", ".join(filter(None, (row["price"], row["weight"] and f"{row['weight']} kg")))
		change = f"{place}{row['what']}: {row['before'] or '–'} → {row['after'] or '–'}"
		said.append(f"{change} ({effects})" if effects else change)
	return "\n".join(said)


def language() -> str:
	"""zh or en, as the user reads."""
	return "zh" if (frappe.local.lang or "").startswith("zh") else "en"
