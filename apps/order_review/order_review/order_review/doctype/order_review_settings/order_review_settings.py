from frappe.model.document import Document

from order_review.services import opinion_routing, reminders


class OrderReviewSettings(Document):
	"""Process parameters (评审参数): working time, routing of opinions, deadlines, fees, defects."""

	def validate(self) -> None:
		"""Refuse routing that cannot be understood, and reminders that reach nobody."""
		opinion_routing.check_conditions(self)
		reminders.check_ladder(self)
