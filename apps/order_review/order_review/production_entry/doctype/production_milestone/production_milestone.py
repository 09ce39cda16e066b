from __future__ import annotations

from frappe.model.document import Document

from order_review.services.fulfilment import milestones


class ProductionMilestone(Document):
	"""A freeze point of a lot of a contract line (生产节点): planned from the delivery date, reported when reached."""

	def validate(self) -> None:
		"""Only the day it was reached is reported, in the order of the points."""
		self.title = f"{self.freeze_point} · {self.sales_contract} / {self.contract_line} · {self.lot}"
		milestones.check(self)

	def on_update(self) -> None:
		"""Freeze what is painted, tell who waits."""
		milestones.after_report(self)
