from __future__ import annotations

from order_review.services.fulfilment import coordination
from order_review.services.guard import GuardedDocument


class CoordinationItem(GuardedDocument):
	"""Something one person sees to by a day, so that an order goes on (协调事项)."""

	process = coordination.PROCESS

	def validate(self) -> None:
		"""Take contract and department from what it concerns."""
		coordination.fill(self)
		coordination.check_result(self)

	def on_update(self) -> None:
		"""Tell the responsible person, and who asked."""
		coordination.after_save(self, self.get_doc_before_save())
