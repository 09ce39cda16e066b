from __future__ import annotations

import frappe

from order_review.services.fulfilment import livery
from order_review.services.guard import GuardedDocument


class LiveryDesign(GuardedDocument):
	"""Pattern and colours of a contract line's vehicles (图案设计), confirmed by the customer before paint."""

	process = livery.PROCESS

	def validate(self) -> None:
		"""Take from the contract line what stands there."""
		if self.is_new():
			self.check_contract()
		livery.fill(self)

	def on_update(self) -> None:
		"""Do what follows from a step."""
		before = self.get_doc_before_save()
		if before is None or before.status != self.status:
			livery.after_step(self, before.status if before else None)

	def check_contract(self) -> None:
		"""Who begins a design may read its contract."""
		if not self.flags.ignore_permissions:
			frappe.has_permission("Sales Contract", "read", doc=self.sales_contract, throw=True)
