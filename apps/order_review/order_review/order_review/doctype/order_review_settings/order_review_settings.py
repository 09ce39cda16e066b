from frappe.model.document import Document

from order_review.services import review_tasks


class OrderReviewSettings(Document):
	"""Process parameters (评审参数): working time, routing of opinions, deadlines, fees, defects."""

	def validate(self) -> None:
		"""Refuse routing that cannot be understood."""
		review_tasks.check_conditions(self)
