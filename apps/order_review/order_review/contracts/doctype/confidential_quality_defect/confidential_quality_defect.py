from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from order_review.exceptions import FieldLockedError
from order_review.services import guard


class ConfidentialQualityDefect(Document):
	"""A defect that tells of a floor price: for those who may know it, charged to nobody."""

	def validate(self) -> None:
		"""Written by the assessment alone."""
		if not guard.is_system_save(self):
			frappe.throw(_("Only the assessment writes this."), title=_("Not Changed"), exc=FieldLockedError)
