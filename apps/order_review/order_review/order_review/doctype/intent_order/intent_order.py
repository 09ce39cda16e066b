from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from order_review.constants import ORDER_COST, PRICE_REVIEW
from order_review.exceptions import ForeignRowError, StatusChangeError
from order_review.services import price_approval, special_option_reuse, special_options
from order_review.services.review_intent_order import keep_price_review, review_order

FIRST_STATUS = "Draft"


class IntentOrder(Document):
	"""A configured vehicle order before the contract (意向订单); saving it reviews it."""

	def validate(self) -> None:
		"""Check what came in, then review."""
		self.refuse_status_change()
		self.refuse_foreign_rows()
		price_approval.hold_status(self)
		special_options.fill_specials(self)
		self.set_title()
		self._review: dict[str, Any] = review_order(self)

	def on_update(self) -> None:
		"""Keep the confidential part of the review where only its readers look."""
		keep_price_review(self, self._review)
		price_approval.void_if_changed(self)
		special_option_reuse.count_for_order(self)

	def before_submit(self) -> None:
		"""Refuse submitting by hand."""
		self.refuse_by_hand()

	def before_cancel(self) -> None:
		"""Refuse cancelling by hand."""
		self.refuse_by_hand()

	def on_trash(self) -> None:
		"""Take the price review away with the order."""
		special_option_reuse.count_without(self)
		for doctype in (PRICE_REVIEW, ORDER_COST):
			frappe.db.delete(doctype, {"intent_order": self.name})

	def refuse_status_change(self) -> None:
		"""The status is moved by the review process, never by a client."""
		stored = FIRST_STATUS if self.is_new() else frappe.db.get_value(self.doctype, self.name, "status")
		if self.is_new() and not self.status:
			self.status = FIRST_STATUS
		if self.status != stored:
			frappe.throw(
				_("The status of an intent order changes through its review only; it stays {0}.").format(
					_(stored)
				),
				title=_("Status Not Changed"),
				exc=StatusChangeError,
			)

	def refuse_by_hand(self) -> None:
		"""Raise StatusChangeError: nobody submits or cancels an intent order directly."""
		frappe.throw(
			_("An intent order becomes valid through its review; it is not submitted or cancelled by hand."),
			title=_("Status Not Changed"),
			exc=StatusChangeError,
		)

	def refuse_foreign_rows(self) -> None:
		"""A row named in the request must be this order's own, else it would be taken out of another order."""
		before = self.get_doc_before_save()
		own = {row.name for row in before.get_all_children()} if before else set()
		for table in self.meta.get_table_fields():
			names = [row.name for row in self.get(table.fieldname) if row.name and row.name not in own]
			if names and frappe.db.exists(
				table.options, {"name": ["in", names], "parent": ["!=", self.name]}
			):
				frappe.throw(
					_("{0}: a row belongs to another document. Reload the order and try again.").format(
						_(table.label)
					),
					title=_("Not Changed"),
					exc=ForeignRowError,
				)

	def set_title(self) -> None:
		"""A title for lists, unless somebody gave one."""
		if not self.title:
			self.title = " ".join(
				str(part) for part in (self.customer or _(self.order_type), self.model, "×", self.qty)
			)[:140]
