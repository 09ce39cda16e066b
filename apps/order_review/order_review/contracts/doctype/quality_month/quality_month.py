from __future__ import annotations

from order_review.services.guard import GuardedDocument
from order_review.services.quality import months


class QualityMonth(GuardedDocument):
	"""A month of contract quality (质量考核月): open, closed on the third working day, handed over."""

	process = months.PROCESS

	def on_update(self) -> None:
		"""Do what follows from a step."""
		before = self.get_doc_before_save()
		if before is not None and before.status != self.status:
			months.after_step(self)
