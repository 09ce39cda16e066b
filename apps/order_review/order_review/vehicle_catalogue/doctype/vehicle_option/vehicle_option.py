from __future__ import annotations

from order_review.services import release_guard
from order_review.vehicle_catalogue.catalogue_document import CatalogueDocument


class VehicleOption(CatalogueDocument):
	"""An option of the catalogue; a change that breaks a model that is sold is refused."""

	def validate(self) -> None:
		"""Fill what is derived, and keep the catalogue as it was."""
		super().validate()
		release_guard.remember(self)

	def on_update(self) -> None:
		"""Refuse a change that leaves the catalogue faulty or a model without a valid configuration."""
		super().on_update()
		release_guard.refuse_broken_release(self)
