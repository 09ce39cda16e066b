from __future__ import annotations

import frappe

from order_review.adapters.catalogue_documents import LINES
from order_review.services import price_book, price_release
from order_review.vehicle_catalogue.catalogue_document import CatalogueDocument


class PriceBook(CatalogueDocument):
	"""List prices of a period (价格表); floor, cost and the many option lines are documents of their own."""

	def onload(self) -> None:
		"""Steps the user may take; the form asks for the lines afterwards, so that it opens at once."""
		self.set_onload("may", price_release.steps_of(self))

	def validate(self) -> None:
		"""Dates in order, and nothing released changed."""
		super().validate()
		price_release.guard(self)
		price_book.check_head(self)

	def on_trash(self) -> None:
		"""A draft goes with its lines, floors and costs."""
		price_release.guard_removal(self)
		for doctype, lines in LINES.items():
			frappe.db.delete(lines, {"price_book": self.name})
			if doctype != self.doctype and frappe.db.exists(doctype, self.name):
				frappe.delete_doc(doctype, self.name, ignore_permissions=True, force=True)
