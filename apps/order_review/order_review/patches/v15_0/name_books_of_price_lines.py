"""Price lines were child rows of their book; as documents of their own they name it in a field."""

import frappe


def execute() -> None:
	"""Fill ``price_book`` and ``position`` from the columns a child row has."""
	for doctype in ("Price Book Option", "Price Book Option Floor", "Price Book Option Cost"):
		if not frappe.db.has_column(doctype, "parent"):
			continue
		line = frappe.qb.DocType(doctype)
		frappe.qb.update(line).set(line.price_book, line.parent).set(line.position, line.idx).where(
			(line.price_book.isnull()) | (line.price_book == "")
		).run()
