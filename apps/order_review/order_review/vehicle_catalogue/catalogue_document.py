"""Common ground of all catalogue documents: a change is checked by the engine and makes compiled catalogues stale."""

from __future__ import annotations

from frappe.model.document import Document

from order_review.services import catalogue_store


class CatalogueDocument(Document):
	"""A document that is part of the catalogue."""

	def validate(self) -> None:
		"""Fill what is derived."""
		catalogue_store.fill_derived(self)

	def on_update(self) -> None:
		"""Refuse a change that leaves the catalogue faulty, and let every worker read it anew."""
		catalogue_store.check_and_touch(self)

	def after_delete(self) -> None:
		"""The same after a record is gone."""
		catalogue_store.check_and_touch(self)
