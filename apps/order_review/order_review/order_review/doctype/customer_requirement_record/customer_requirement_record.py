from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, today

from order_review.constants import INTENT_ORDER
from order_review.exceptions import FieldLockedError, SmallRecordError

_CONFIRMATION = ("confirmed_by", "confirmed_on", "confirmed_how")


class CustomerRequirementRecord(Document):
	"""What a customer needs (客户需求记录): use, road, climate, must-haves; kept as the customer confirmed it."""

	def before_insert(self) -> None:
		"""Who records for an order may read it."""
		frappe.get_doc(INTENT_ORDER, self.intent_order).check_permission("read")

	def validate(self) -> None:
		"""Take customer and model of the order; a confirmation is whole and ends the changes."""
		self.refuse_changes_after_confirmation()
		self.take_from_order()
		self.check_confirmation()

	def take_from_order(self) -> None:
		"""Customer, model and market department are the order's; so is the use, until another is written."""
		fields = ["customer", "model", "market_department", "use"]
		order = frappe.db.get_value(INTENT_ORDER, self.intent_order, fields, as_dict=True)
		self.update({name: order[name] for name in fields[:3]})
		self.use = self.use or order.use

	def check_confirmation(self) -> None:
		"""Raise SmallRecordError for half a confirmation, or one of tomorrow."""
		given = [name for name in _CONFIRMATION if self.get(name)]
		if given and len(given) < len(_CONFIRMATION):
			missing = [self.meta.get_label(name) for name in _CONFIRMATION if name not in given]
			frappe.throw(
				_("The confirmation is not complete: {0}.").format(", ".join(map(_, missing))),
				exc=SmallRecordError,
			)
		if self.confirmed_on and getdate(self.confirmed_on) > getdate(today()):
			frappe.throw(_("The customer confirms today or did so before."), exc=SmallRecordError)

	def refuse_changes_after_confirmation(self) -> None:
		"""Raise FieldLockedError once the customer has confirmed."""
		before = self.get_doc_before_save()
		if before and before.confirmed_on:
			frappe.throw(
				_("The customer confirmed this on {0}; record what changed in a new one.").format(
					frappe.format(before.confirmed_on, "Date")
				),
				exc=FieldLockedError,
			)
