from __future__ import annotations

from order_review.services.guard import GuardedDocument
from order_review.services.production import blind_check


class BlindTranslation(GuardedDocument):
	"""A second translation, made by the auditor before he sees the first one (盲审)."""

	process = blind_check.PROCESS
	offers = blind_check.OFFERS

	def validate(self) -> None:
		"""Only what was asked for is filled in, and by one auditor."""
		blind_check.check(self)
