from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from order_review.constants import SPECIAL_REQUEST
from order_review.exceptions import SpecialOptionError


class SpecialOptionDevelopmentCost(Document):
	"""What developing a special option costs (开发费用), for the whole request; stated in the technical check."""

	def validate(self) -> None:
		"""Only during the technical check."""
		status = frappe.db.get_value(SPECIAL_REQUEST, self.request_no, "status")
		if status != "Technical":
			frappe.throw(
				_("{0} is {1}; the development cost is stated in the technical check.").format(
					self.request_no, _(status)
				),
				title=_("Special Option Development Cost"),
				exc=SpecialOptionError,
			)
