"""Common ground of the three kinds of price lines: list, floor and cost of an option on a model.

Lines are documents of their own: a form would have to load all fifty thousand of a big book.
"""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from order_review.services import price_release


def one_line_each(doctype: str) -> None:
	"""Let the database refuse a second line for an option on a model of a book."""
	frappe.db.add_unique(doctype, ["price_book", "vehicle_model", "vehicle_option"], "one_line_each")


class PriceLine(Document):
	"""A line of a price book; it changes only while the book is a draft."""

	amount_field = ""

	def validate(self) -> None:
		"""Refuse lines of books that are no drafts, and lines the catalogue has no place for."""
		price_release.check_line(self, self.amount_field)

	def on_update(self) -> None:
		"""Let every worker read the catalogue anew."""
		price_release.line_changed(self)

	def on_trash(self) -> None:
		"""Lines go with drafts only."""
		price_release.check_line_goes(self)
