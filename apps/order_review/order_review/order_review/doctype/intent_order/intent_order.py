from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from order_review.constants import ORDER_COST, PRICE_REVIEW
from order_review.services import (
	intent_offers,
	intent_steps,
	order_rounds,
	price_approval,
	review_tasks,
	settled,
	small_records,
	special_option_reuse,
	special_options,
)
from order_review.services.guard import GuardedDocument
from order_review.services.quality import confidential
from order_review.services.review_intent_order import keep_price_review, review_order


class IntentOrder(GuardedDocument):
	"""A configured vehicle order before the contract (意向订单); saving it reviews it until it is received."""

	process = intent_steps.PROCESS
	offers = intent_offers.OFFERS

	def onload(self) -> None:
		"""Tell the form beside what all guarded forms are told which errors are covered by what, and of objections."""
		super().onload()
		if self.verdict == "error":
			self.set_onload("settled", settled.of_order(self))
		self.set_onload("objected", review_tasks.is_objected(self))
		self.set_onload("lacks_approval", price_approval.lacks_approval(self, frappe.session.user))

	def validate(self) -> None:
		"""Check what came in, then review."""
		self.set_title()
		self._review: dict[str, Any] | None = self.review()
		if self.entered() == "Received":
			order_rounds.freeze_findings(self)

	def on_update(self) -> None:
		"""Keep the confidential part of the review where only its readers look; do what follows from a step."""
		if self._review is not None:
			keep_price_review(self, self._review)
			if self.entered() == "Received":
				confidential.keep_first_findings(self, self._review)
			price_approval.void_if_changed(self)
			special_option_reuse.count_for_order(self)
			intent_steps.after_review(self)
		self.after_step()

	def on_update_after_submit(self) -> None:
		"""Do what follows from a step of a valid order."""
		self.after_step()

	def on_trash(self) -> None:
		"""Take the price review away with the order."""
		special_option_reuse.count_without(self)
		review_tasks.forget(self)
		small_records.forget(self)
		for doctype in (PRICE_REVIEW, ORDER_COST):
			frappe.db.delete(doctype, {"intent_order": self.name})

	def entered(self) -> str | None:
		"""The status this save brings the order into; None when it stays where it is."""
		before = self.get_doc_before_save()
		return None if before is not None and before.status == self.status else self.status

	def after_step(self) -> None:
		"""Do what follows from a step, if this save is one."""
		before = self.get_doc_before_save()
		if before is not None and before.status != self.status:
			intent_steps.after_step(self, before.status)

	def review(self) -> dict[str, Any] | None:
		"""Review the order, as long as its round is not frozen; then only when a special option's price came in."""
		is_entry = self.status in intent_steps.ENTRY and self.entered() in (None, "Draft")
		if is_entry or self.entered() in ("Submitted", "Received"):
			special_options.fill_specials(self, self.order_date)
			return review_order(self)
		if self.status not in intent_steps.OPEN:
			return None
		before = _offers(self)
		special_options.fill_specials(self, self.order_date)
		return review_order(self) if _offers(self) != before else None

	def set_title(self) -> None:
		"""A title for lists, unless somebody gave one."""
		if not self.title:
			self.title = " ".join(
				str(part)
				for part in (
					self.customer or _(self.order_type, context=self.doctype),
					self.model,
					"×",
					self.qty,
				)
			)[:140]


def _offers(order: IntentOrder) -> list[tuple[Any, ...]]:
	return [
		(row.request_no, int(row.is_priced or 0), float(row.unit_price or 0), str(row.valid_to or ""))
		for row in order.specials
	]


def on_doctype_update() -> None:
	"""Index of open work: what is due is counted by state without reading an order."""
	frappe.db.add_index("Intent Order", ["status", "due_at"], "open_by_due")
