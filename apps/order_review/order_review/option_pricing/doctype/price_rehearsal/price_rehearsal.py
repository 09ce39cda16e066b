from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from order_review.exceptions import StatusChangeError


class PriceRehearsal(Document):
	"""What a draft of prices would do to orders (价格预演), before it is released."""

	def validate(self) -> None:
		"""A result is written by the rehearsal alone."""
		if not self.flags.by_rehearsal:
			frappe.throw(
				_("A rehearsal is started from the draft; its result is not edited."),
				title=_("Not Changed"),
				exc=StatusChangeError,
			)
