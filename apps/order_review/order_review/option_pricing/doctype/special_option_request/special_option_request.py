from __future__ import annotations

import frappe

from order_review.constants import (
	INTENT_ORDER,
	SPECIAL_COST,
	SPECIAL_DEVELOPMENT,
	SPECIAL_FLOOR,
	SPECIAL_QUOTATION,
	SPECIAL_RELEASED_COST,
)
from order_review.services import price_notice, special_option_reuse, special_options, special_prices
from order_review.services.costing_view import sees_costing
from order_review.services.guard import GuardedDocument


class SpecialOptionRequest(GuardedDocument):
	"""An option outside the catalogue (特殊配置申请), from the wish through checks and costs to its released price.

	What it costs never stands here: quotations, development cost, price sheet and floor are documents of their own.
	"""

	process = special_options.PROCESS
	offers = special_option_reuse.OFFERS

	def onload(self) -> None:
		"""Tell the form what the user may do and whether costs are shown."""
		super().onload()
		self.set_onload("sees_costing", sees_costing(frappe.session.user))

	def validate(self) -> None:
		"""Check the wish; take what the intent order knows."""
		self.refuse_changed_order()
		self.take_from_order()
		special_options.check_wish(self)

	def after_insert(self) -> None:
		"""The order names the request from now on."""
		if self.intent_order:
			special_options.name_in_order(self)

	def on_update(self) -> None:
		"""Do what follows from a step."""
		before = self.get_doc_before_save()
		if before is None or before.status != self.status:
			self.after_step(before.status if before else None)

	def on_trash(self) -> None:
		"""Take costs and quotations away with the request."""
		for name in frappe.get_all(SPECIAL_QUOTATION, filters={"request_no": self.name}, pluck="name"):
			frappe.delete_doc(SPECIAL_QUOTATION, name, force=True, ignore_permissions=True)
		for doctype in (SPECIAL_DEVELOPMENT, SPECIAL_COST, SPECIAL_FLOOR):
			frappe.db.delete(doctype, {"request_no": self.name})
		frappe.db.delete(SPECIAL_RELEASED_COST, {"parent": self.name})

	def take_from_order(self) -> None:
		"""Company, market department, salesperson and dealer are those of the intent order."""
		if not self.intent_order:
			return
		order = frappe.db.get_value(
			INTENT_ORDER,
			self.intent_order,
			["company", "market_department", "sales_person", "dealer"],
			as_dict=True,
		)
		if order:
			self.update({name: value for name, value in order.items() if value})

	def refuse_changed_order(self) -> None:
		"""Who names an intent order must be able to read it."""
		before = self.get_doc_before_save()
		if self.intent_order and (before is None or before.intent_order != self.intent_order):
			frappe.has_permission(INTENT_ORDER, "read", doc=self.intent_order, throw=True)

	def after_step(self, before: str | None) -> None:
		"""Open the price sheet, tell the next, and publish a released price."""
		if self.status == "Pricing" and before == "Costing":
			special_options.open_sheet(self)
		if self.status == "Priced":
			special_prices.note_costs(self)
		if self.status in ("Priced", "Refused", "Expired"):
			special_options.refresh_orders(self)
		if self.status == "Priced":
			price_notice.send(self)
		elif self.status == "Refused":
			price_notice.tell_refused(self)
		else:
			price_notice.tell_next(self)
