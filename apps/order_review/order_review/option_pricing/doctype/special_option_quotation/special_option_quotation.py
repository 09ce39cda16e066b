from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from order_review.constants import SPECIAL_QUOTATION, SPECIAL_REQUEST
from order_review.exceptions import SpecialOptionError


class SpecialOptionQuotation(Document):
	"""What a supplier asks for a special option (供应商报价); for Supply and those who may know costs."""

	def validate(self) -> None:
		"""Check the quotation against its request."""
		request = frappe.get_doc(SPECIAL_REQUEST, self.request_no)
		self.refuse_outside_costing(request)
		self.check_figures(request)
		self.check_choice(request)

	def on_update(self) -> None:
		"""One quotation of a request is the chosen one."""
		if self.is_chosen:
			others = {"request_no": self.request_no, "is_chosen": 1, "name": ["!=", self.name]}
			for name in frappe.get_all(SPECIAL_QUOTATION, filters=others, pluck="name"):
				frappe.db.set_value(SPECIAL_QUOTATION, name, "is_chosen", 0)

	def refuse_outside_costing(self, request: Document) -> None:
		"""Quotations come, change and go while the request is being costed."""
		if request.status != "Costing":
			self.refuse(
				_("{0} is {1}; quotations are entered in Costing.").format(request.name, _(request.status))
			)

	def check_figures(self, request: Document) -> None:
		"""There is a price, and it was still good when the request was made."""
		if (self.unit_cost or 0) <= 0:
			self.refuse(_("Unit cost is {0}; an amount above 0 is expected.").format(self.unit_cost or 0))
		if getdate(self.valid_to) < getdate(request.request_date):
			self.refuse(_("The quotation had ended before the request was made."))

	def check_choice(self, request: Document) -> None:
		"""A chosen quotation stands and can be ordered in the wanted number."""
		if self.is_chosen and self.is_withdrawn:
			self.refuse(_("A withdrawn quotation cannot be chosen."))
		if self.is_chosen and (self.moq or 1) > request.qty:
			self.refuse(
				_("The supplier delivers {0} or more, {1} are wanted. Choose another quotation.").format(
					self.moq, request.qty
				)
			)

	def refuse(self, message: str) -> None:
		"""Raise SpecialOptionError."""
		frappe.throw(message, title=_("Special Option Quotation"), exc=SpecialOptionError)
