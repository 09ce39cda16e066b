"""How far price books price what is offered."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from order_review.constants import COST_READERS, role_names
from order_review.engine import price_books
from order_review.engine.catalogue import Catalogue, Model, PriceBook
from order_review.services import catalogue_store

_READERS = COST_READERS | role_names("SM")
_SHOWN = 12


def coverage(book: str | None, model: str | None, only_gaps: bool) -> list[dict[str, Any]]:
	"""One row for each book and active model.

	Raises:
		PermissionError: the user is no reader of the report.
	"""
	if frappe.session.user != "Administrator" and _READERS.isdisjoint(frappe.get_roles()):
		frappe.throw(
			_("Reports on prices are for the roles {0}.").format(
				", ".join(sorted(_(role) for role in _READERS))
			),
			exc=frappe.PermissionError,
		)
	catalogue = catalogue_store.current()
	rows = [
		_row(catalogue, found, vehicle)
		for found in sorted(catalogue.price_books.values(), key=lambda b: (b.valid_from, b.code))
		for vehicle in catalogue.models.values()
		if vehicle.active and book in (None, "", found.code) and model in (None, "", vehicle.code)
	]
	return [row for row in rows if not only_gaps or _incomplete(row)]


def _row(catalogue: Catalogue, book: PriceBook, model: Model) -> dict[str, Any]:
	offered = [code for family in model.families for code in catalogue.offered(family, model)]
	lines = {code: book.options.get((code, model.code)) for code in offered}
	missing = [code for code, line in lines.items() if line is None]
	faults = [fault.code for fault in price_books.faults(catalogue, book) if fault.model == model.code]
	return {
		"price_book": book.code,
		"status": book.status,
		"valid_from": book.valid_from,
		"valid_to": book.valid_to,
		"model": model.code,
		"has_base": int(model.code in book.base),
		"offered": len(offered),
		"priced": len(offered) - len(missing),
		"coverage_pct": round((len(offered) - len(missing)) / len(offered) * 100, 1) if offered else 100,
		"without_floor": faults.count("FLOOR_MISSING"),
		"without_cost": faults.count("COST_MISSING"),
		"in_the_air": faults.count("STANDARD_MISSING"),
		"missing": ", ".join(missing[:_SHOWN]) + (" …" if len(missing) > _SHOWN else ""),
	}


def _incomplete(row: dict[str, Any]) -> bool:
	return bool(
		row["missing"]
		or not row["has_base"]
		or row["without_floor"]
		or row["without_cost"]
		or row["in_the_air"]
	)


def gaps(begin: Any, end: Any) -> str | None:
	"""A sentence about days between two days without a book; None when there are none, or no days were given."""
	if not begin or not end:
		return None
	books = catalogue_store.current().price_books.values()
	spans = price_books.uncovered_days(books, getdate(begin), getdate(end))
	if not spans:
		return None
	return _("No price book is in force on: {0}").format(
		"; ".join(f"{first} – {last}" for first, last in spans)
	)
