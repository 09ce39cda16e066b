from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from order_review.exceptions import FieldLockedError
from order_review.services import guard


class MonthlyQualityScore(Document):
	"""A salesperson's or market department's month (月度合同质量得分); written when the month closes."""

	def validate(self) -> None:
		"""Scores follow from the assessments; nobody enters them."""
		if not guard.is_system_save(self):
			frappe.throw(
				_("Scores follow from the assessments of the month."),
				title=_("Not Changed"),
				exc=FieldLockedError,
			)
