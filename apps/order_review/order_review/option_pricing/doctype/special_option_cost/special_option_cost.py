from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from order_review.constants import SPECIAL_REQUEST
from order_review.exceptions import SpecialOptionError
from order_review.services import guard, special_options

_OFFER = frozenset({"markup_pct", "floor_price", "valid_to", "note"})
_ACTUAL = frozenset({"actual_unit_cost", "actual_dev_cost", "actual_qty", "actual_source"})
_COMPUTED = frozenset(
	"qty quotation unit_cost dev_cost cost list_price quotation_valid_to actual_cost variance_pct actual_margin_pct "
	"actual_on releases".split()
)
_MARKUP_LIMIT = 1000


class SpecialOptionCost(Document):
	"""Price sheet of a special option (特殊配置定价表): costs, markup, floor and the real cost afterwards; one per request.

	Marketing Planning makes the price while the request is in Pricing, Finance states the real cost afterwards.
	"""

	def validate(self) -> None:
		"""Keep costs as Supply and Technical stated them; compute price and comparison."""
		request = self.request()
		if not guard.is_system_save(self):
			self.refuse_what_is_closed(request)
		self.check_figures()
		special_options.compute_sheet(self)
		special_options.check_price(self, request)

	def on_update(self) -> None:
		"""Keep the floor apart for its own readers."""
		special_options.keep_floor(self)

	def request(self) -> Document:
		"""The request the sheet belongs to."""
		if not frappe.db.exists(SPECIAL_REQUEST, self.request_no):
			self.refuse(_("There is no request {0}.").format(self.request_no))
		return frappe.get_doc(SPECIAL_REQUEST, self.request_no)

	def refuse_what_is_closed(self, request: Document) -> None:
		"""A sheet is opened by the request; its fields are open in one step to one role."""
		before = self.get_doc_before_save()
		if before is None:
			self.refuse(_("A price sheet is opened when the costing of its request is finished."))
		guard.bring_back(self, before, _COMPUTED)
		roles = frappe.get_roles()
		allowed: frozenset[str] = frozenset()
		if request.status == "Pricing" and "Marketing Planner" in roles:
			allowed |= _OFFER
		if request.status in special_options.OFFERED and "Finance Reviewer" in roles:
			allowed |= _ACTUAL
		guard.refuse_others(self, guard.changes(self, before), allowed, request.status)

	def check_figures(self) -> None:
		"""Figures a price can be made of."""
		if not 0 <= (self.markup_pct or 0) <= _MARKUP_LIMIT:
			self.refuse(_("Markup is {0} %; 0 to {1} % is expected.").format(self.markup_pct, _MARKUP_LIMIT))
		if self.actual_unit_cost and not (self.actual_source or "").strip():
			self.refuse(_("Say where the real cost comes from."))

	def refuse(self, message: str) -> None:
		"""Raise SpecialOptionError."""
		frappe.throw(message, title=_("Special Option Cost"), exc=SpecialOptionError)
