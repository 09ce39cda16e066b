from __future__ import annotations

from order_review.services.fulfilment import expedite
from order_review.services.guard import GuardedDocument


class ExpediteRequest(GuardedDocument):
	"""A part an order waits for, asked of its supplier for a day (催货申请)."""

	process = expedite.PROCESS

	def validate(self) -> None:
		"""Take company and department from the contract."""
		expedite.fill(self)

	def on_update(self) -> None:
		"""Do what follows from a step."""
		before = self.get_doc_before_save()
		if before is None or before.status != self.status:
			expedite.after_step(self, before.status if before else None)
