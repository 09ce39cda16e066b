from __future__ import annotations

from order_review.services import policy_release, price_release
from order_review.vehicle_catalogue.catalogue_document import CatalogueDocument


class BusinessPolicy(CatalogueDocument):
	"""A dated rule for discounts, gifts, surcharges and rebates (商务政策)."""

	def onload(self) -> None:
		"""What the form shows beside the fields."""
		self.set_onload("may", price_release.steps_of(self))

	def validate(self) -> None:
		"""Sound in itself, and nothing released changed."""
		super().validate()
		price_release.guard(self)
		policy_release.check(self)

	def on_trash(self) -> None:
		"""Only drafts go."""
		price_release.guard_removal(self)
