from __future__ import annotations

from order_review.services.guard import GuardedDocument
from order_review.services.production import blind


class BlindTranslation(GuardedDocument):
	"""An auditor's own translation of a drawn configuration (盲复核), made without seeing the first one."""

	process = blind.PROCESS

	def validate(self) -> None:
		"""Only the auditor who drew it writes in it."""
		blind.check_lines(self)

	def on_update(self) -> None:
		"""Compare what is handed in."""
		before = self.get_doc_before_save()
		if before is not None and before.status != self.status:
			blind.after_step(self)
