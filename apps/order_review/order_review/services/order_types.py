"""What the six order types ask for: their own fields, the customer, and the approval of stock orders."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt

from order_review.constants import INTENT_ORDER, REVIEW_TASK
from order_review.engine.opinions import AGREE, ANSWERED, CONDITION
from order_review.exceptions import IntentOrderStepError
from order_review.permissions import require_role
from order_review.services import notices

MARKET_MANAGEMENT = "Market Management Officer"

_NEEDED = {
	"Direct": ("customer",),
	"Dealer": ("customer", "dealer"),
	"Tender": ("customer", "tender_no", "bid_file"),
	"Internal": ("internal_cost_centre", "internal_purpose", "internal_disposal"),
	"Stock": ("sales_plan",),
	"Export": ("customer", "dest_country", "dest_emission_stage", "currency", "incoterm"),
}


def needed(order: Document) -> tuple[str, ...]:
	"""Fields an order of its type must fill in."""
	return _NEEDED[order.order_type]


def check(order: Document) -> None:
	"""Raise IntentOrderStepError where what is filled in does not fit the order's type, or its customer is barred."""
	if order.order_type == "Internal" and flt(order.deposit_pct):
		_refuse(_("Nobody pays a deposit for an internal order. Clear the deposit."))
	if order.order_type == "Stock" and order.customer:
		_refuse(_("A stock order has no customer yet. Clear the customer, or choose another order type."))
	if order.order_type == "Tender" and not frappe.db.exists("File", {"file_url": order.bid_file}):
		_refuse(_("The bid file {0} is not there. Attach it anew.").format(order.bid_file))
	check_customer(order)


def check_customer(order: Document) -> None:
	"""Raise IntentOrderStepError when the customer is on the blacklist."""
	if order.customer and frappe.db.get_value("Customer", order.customer, "customer_blacklisted"):
		_refuse(
			_("Customer {0} is on the blacklist: no order is accepted. Market Management lifts it.").format(
				order.customer
			)
		)


# --- new customers ------------------------------------------------------------------------------------------


def awaits_customer_check(order: Document) -> bool:
	"""Whether the order's customer is new and Market Management has not checked the data yet."""
	return bool(
		cint(order.customer_is_new)
		and order.customer
		and not frappe.db.get_value("Customer", order.customer, "customer_info_verified")
	)


def ask_customer_check(order: Document) -> None:
	"""Ask Market Management to check the data of a new customer."""
	if awaits_customer_check(order):

		def said() -> str:
			return _("{0}: check the data of the new customer {1}").format(order.name, order.customer)

		notices.tell(order, notices.users_with(MARKET_MANAGEMENT), said)


def check_verify(order: Document) -> None:
	"""The data of the order's customer are the user's to check, and not checked yet."""
	require_role((MARKET_MANAGEMENT,))
	order.check_permission("read")
	if not awaits_customer_check(order):
		_refuse(_("The data of the customer of {0} need no check, or were checked.").format(order.name))


def verify_customer(order: Document) -> None:
	"""Write down that the data of the order's customer were checked, and by whom."""
	if not awaits_customer_check(order):
		return
	customer = frappe.get_doc("Customer", order.customer)
	customer.db_set("customer_info_verified", 1)
	said = _("Customer data checked with {0}.").format(order.name)
	customer.add_comment("Info", said)


def after_opinion(order: Document, task: Document) -> None:
	"""Market Management agrees: the customer's data are in order."""
	if order.doctype == INTENT_ORDER and task.department == "MKTMGT" and task.opinion == AGREE:
		verify_customer(order)


def check_customer_verified(order: Document) -> None:
	"""Raise IntentOrderStepError while the data of a new customer are not checked."""
	if awaits_customer_check(order):
		_refuse(
			_("The data of the new customer {0} are not checked yet; Market Management does that.").format(
				order.customer
			)
		)


# --- stock orders -------------------------------------------------------------------------------------------


def check_stock_approval(order: Document) -> None:
	"""Raise IntentOrderStepError while a stock order lacks the agreement of Market Management in this round."""
	if order.order_type != "Stock":
		return
	approved: dict[str, Any] = {
		"reference_doctype": INTENT_ORDER,
		"reference_name": order.name,
		"review_round": order.review_round,
		"department": "MKTMGT",
		"status": ANSWERED,
		"opinion": ["in", (AGREE, CONDITION)],
	}
	if not frappe.db.exists(REVIEW_TASK, approved):
		_refuse(
			_(
				"A stock order is built on the approval of Market Management; {0} has none in round {1}."
			).format(order.name, order.review_round)
		)


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Step Not Taken"), exc=IntentOrderStepError)
