from __future__ import annotations

from order_review.services import price_release
from order_review.vehicle_catalogue.catalogue_document import CatalogueDocument


class PriceBookCost(CatalogueDocument):
	"""The cost part of a price book, apart because only its readers may know it."""

	def validate(self) -> None:
		"""It changes with drafts only."""
		super().validate()
		price_release.check_amounts(self)
