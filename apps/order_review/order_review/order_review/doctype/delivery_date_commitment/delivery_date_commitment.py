from __future__ import annotations

from order_review.services import delivery_commitment
from order_review.services.guard import GuardedDocument


class DeliveryDateCommitment(GuardedDocument):
	"""The delivery date promised for an order or a contract (交货期确认单), with all proposals that led to it."""

	process = delivery_commitment.PROCESS

	def before_insert(self) -> None:
		"""A document has one commitment."""
		delivery_commitment.check_reference(self)

	def validate(self) -> None:
		"""Take what is asked from the reference; lots add up."""
		if self.status in ("Requested", "Broken"):
			delivery_commitment.fill(self)
			delivery_commitment.check_lots(self)

	def on_update(self) -> None:
		"""What is made from the dates follows; a step is told of."""
		delivery_commitment.after_save(self)
		before = self.get_doc_before_save()
		if before is None or before.status != self.status:
			delivery_commitment.after_step(self, before.status if before else None)
