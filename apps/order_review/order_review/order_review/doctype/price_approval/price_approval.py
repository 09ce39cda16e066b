from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from order_review.exceptions import PriceApprovalError
from order_review.services import intent_steps
from order_review.services.contracts import steps as contract_steps


class PriceApproval(Document):
	"""One decision about a price by the role of the approval ladder (价格审批记录); it is made by the approval service alone."""

	def validate(self) -> None:
		"""A decision is written once, by whoever may take it."""
		if not self.flags.by_price_approval or not self.is_new():
			self.refuse()

	def after_insert(self) -> None:
		"""A refused price sends a waiting order or contract back."""
		if self.sales_contract:
			contract_steps.after_price_decision(self.sales_contract, self.decision, self.reason)
			return
		intent_steps.after_price_decision(self.intent_order, self.decision, self.reason)

	def on_trash(self) -> None:
		"""The record of a decision stays."""
		if not frappe.flags.in_uninstall and not self.flags.by_price_approval:
			self.refuse()

	def refuse(self) -> None:
		"""Raise PriceApprovalError."""
		frappe.throw(
			_("Prices are approved or rejected on the intent order; the record of a decision is not edited."),
			title=_("Not Changed"),
			exc=PriceApprovalError,
		)
