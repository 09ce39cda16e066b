from __future__ import annotations

from frappe.model.document import Document

from order_review.services import policy_adjustment


class PolicyAdjustmentRequest(Document):
	"""A wish to change business policies (商务政策调整申请), with its effect on orders and its way to approval."""

	def onload(self) -> None:
		"""Steps the user may take, and whether its effect on orders may be shown."""
		self.set_onload("may", policy_adjustment.steps_of(self))

	def validate(self) -> None:
		"""Steps are taken by the service; what is under way stands still."""
		policy_adjustment.guard(self)

	def on_trash(self) -> None:
		"""Only drafts go."""
		policy_adjustment.guard_removal(self)
