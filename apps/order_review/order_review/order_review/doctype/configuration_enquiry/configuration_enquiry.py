from __future__ import annotations

from order_review.services import configuration_enquiries
from order_review.services.guard import GuardedDocument


class ConfigurationEnquiry(GuardedDocument):
	"""A question about options (配置咨询) and its answer, which serves the next who asks."""

	process = configuration_enquiries.PROCESS

	def validate(self) -> None:
		"""Who asked, for which market department."""
		configuration_enquiries.complete(self)

	def on_update(self) -> None:
		"""Tell of a step."""
		before = self.get_doc_before_save()
		if before is None or before.status != self.status:
			configuration_enquiries.after_step(self)
