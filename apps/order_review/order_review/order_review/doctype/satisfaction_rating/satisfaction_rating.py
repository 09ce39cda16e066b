from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from order_review.exceptions import FieldLockedError


class SatisfactionRating(Document):
	"""How satisfied a salesperson is with a review (满意度评价); asked by the system, answered once."""

	def validate(self) -> None:
		"""Only its own service writes it."""
		if not self.flags.is_asked:
			frappe.throw(_("A rating is given by the one who was asked."), exc=FieldLockedError)
