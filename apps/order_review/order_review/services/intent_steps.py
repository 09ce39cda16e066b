"""Steps of an Intent Order (意向订单评审): what each requires and brings, and what is open to whom in each state."""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.model import display_fieldtypes
from frappe.model.document import Document
from frappe.utils import add_days, cint, cstr, formatdate, getdate, today

from order_review.constants import INTENT_ORDER, REVIEW_SETTINGS
from order_review.exceptions import IntentOrderStepError
from order_review.services import (
	background,
	conditions,
	delivery_commitment,
	delivery_sources,
	exception_reports,
	guard,
	notices,
	order_rounds,
	order_types,
	price_approval,
	review_tasks,
	satisfaction,
	technical_issues,
)
from order_review.services.review_intent_order import kept_review
from order_review.services.review_steps import ReviewSteps
from order_review.services.step_reasons import reason_of
from order_review.services.workplace.assignment import administrator_of

OPEN = ("Submitted", "Received", "Under Opinions", "Consolidating", "Price Approval", "Returned")
"""States in which somebody has to act."""

ENTRY = ("Draft", "Returned")
"""States in which the salesperson writes, and each save reviews."""

VALIDITY_DAYS = 30

COMPUTED = frozenset(
	"verdict price_approval earliest_delivery review_round valid_until due_at step_since owner_oa has_objections "
	"stop_reason revalidates base_list options_list specials_list surcharges configured_list discounts services_total "
	"review_price negotiated deviation_pct total findings configuration_hash catalogue_hash rounds conditions contracted_qty "
	"remaining_qty is_overdue reminded_pct".split()
)

_STEPS = ReviewSteps("intent", IntentOrderStepError)

_NEEDED = ("model", "grade", "use", "qty", "requested_delivery", "negotiated_unit")
SETTLED_BY_CONDITION = {
	"CCC_MISSING": ("TECH",),
	"DELIVERY_TOO_SHORT": ("PLAN",),
	"FX_RATE": ("FIN",),
	"SPECIAL_QTY_BELOW": ("MKTPLAN", "FIN"),
}
"""Errors a department may let pass under a condition, and which departments may."""


# --- what each step requires --------------------------------------------------------------------------------


def check_complete(order: Document) -> None:
	"""Nothing is missing that a review needs; errors against rules may go through, they are shown."""
	missing = [name for name in (*_NEEDED, *order_types.needed(order)) if not order.get(name)]
	families = [_family_name(row.families or row.ref) for row in order.findings if row.code == "CFG_MISSING"]
	said = [_(order.meta.get_label(name), context=order.doctype) for name in missing]
	if families:
		said.append(_("an option of {0}").format(", ".join(families)))
	if said:
		_STEPS.refuse(
			_("The order ({0}) is not complete. Fill in: {1}.").format(
				_(order.order_type, context=INTENT_ORDER), "; ".join(said)
			)
		)
	order_types.check(order)


def _family_name(code: str) -> str:
	"""A family of options as the user calls it, with its code."""
	field = "name_zh" if (frappe.local.lang or "").startswith("zh") else "name_en"
	name = frappe.db.get_value("Option Family", code, field)
	return f"{name} ({code})" if name else code


def check_return(order: Document) -> None:
	"""A return has a reason code."""
	reason_of(order, "Return")


def check_returnable(order: Document) -> None:
	"""Out of the opinions only a blocking objection returns."""
	if order.status == "Under Opinions" and not review_tasks.blocking_objections(order):
		_STEPS.refuse(
			_("Still open: {0}; and none of them blocks. Wait for them, or have them closed.").format(
				review_tasks.waiting_words(order)
			)
		)


def check_needs_approval(order: Document) -> None:
	"""The price needs an approval it does not have yet."""
	if price_approval.is_covered(order):
		_STEPS.refuse(_("The price needs no approval, or has it already. Make the order valid."))


def check_approved(order: Document) -> None:
	"""Who makes an order valid had no hand in it, and its price is approved or needs no approval."""
	_STEPS.check_hands(order)
	if not price_approval.is_covered(order):
		_refuse_unresolved(order)  # what is missing before the price can be approved is said first
		_STEPS.refuse(_("The negotiated price is not approved yet. Send the order to price approval."))


def check_valid(order: Document) -> None:
	"""Everything is settled: objections, errors, special options."""
	if (
		order.get_doc_before_save().status == "Converted"
	):  # a contract gave vehicles back; nothing is judged anew
		return
	_refuse_unresolved(order)
	order_types.check_customer(order)
	order_types.check_stock_approval(order)
	delivery_commitment.check_promised(order)


def _refuse_unresolved(order: Document) -> None:
	waiting = review_tasks.open_required(order)
	if waiting:
		_STEPS.refuse(_("Opinions are asked again and not given yet: {0}.").format(", ".join(waiting)))
	_STEPS.refuse_unsettled(order)
	unpriced = [row.request_no for row in order.specials if not row.is_priced]
	if unpriced:
		_STEPS.refuse(_("Special options without a released price: {0}.").format(", ".join(unpriced)))
	errors = open_errors(order)
	if errors:
		_STEPS.refuse(_("Errors are not settled: {0}.").format(", ".join(errors)))


def open_errors(order: Document) -> list[str]:
	"""Errors of the order that neither a department's condition nor a price approval settles."""
	whole = kept_review(order.name) or {"findings": []}
	settled = {
		code
		for code, departments in SETTLED_BY_CONDITION.items()
		if any(review_tasks.lets_pass(order, department) for department in departments)
	} | {"BELOW_FLOOR"}  # the price approval's to judge
	return [
		f"{found['code']} {found['ref']}".strip()
		for found in whole["findings"]
		if found["severity"] == "error" and found["code"] not in settled
	]


# --- what each step brings ----------------------------------------------------------------------------------


def submitted(order: Document) -> None:
	"""A round begins."""
	order_rounds.begin(order, frappe.session.user)
	order.update(
		{"stop_reason": None, "has_objections": 0, "owner_oa": administrator_of(order.market_department)}
	)
	_STEPS.start_clock(order)


def received(order: Document) -> None:
	"""The order administrator who received it owns it."""
	order.update({"owner_oa": _STEPS.owner_on_receipt(order), "stop_reason": None})
	_STEPS.start_clock(order)
	order_types.ask_customer_check(order)


def consolidating(order: Document) -> None:
	"""What the opinions say of the whole: objections, conditions."""
	_STEPS.start_clock(order)
	order.has_objections = int(bool(review_tasks.standing_objections(order)))
	order.set("conditions", conditions.rows(order))


def valid(order: Document) -> None:
	"""Open for contracting for so many days; vehicles a contract gave back do not begin them anew."""
	_STEPS.start_clock(order)
	if order.get_doc_before_save().status == "Converted":
		return
	days = cint(frappe.db.get_single_value(REVIEW_SETTINGS, "validity_days")) or VALIDITY_DAYS
	order.update({"valid_until": add_days(today(), days), "contracted_qty": 0, "remaining_qty": order.qty})
	order.set("conditions", conditions.rows(order))


def _entry_fields() -> frozenset[str]:
	fields = frappe.get_meta(INTENT_ORDER).fields
	own = {df.fieldname for df in fields if df.fieldtype not in display_fieldtypes}
	return frozenset(own - COMPUTED - {"status", "events"})


class IntentProcess(guard.Process):
	"""The process of intent orders; the entry fields follow the DocType, custom fields included."""

	def writable_by(self, status: str, roles: frozenset[str]) -> frozenset[str]:
		"""Entry fields for salespeople while they have the ball, and for the intent clerk while it is a draft."""
		writers = {"Draft": {"Salesperson", "Intent Clerk"}, "Returned": {"Salesperson"}}.get(status, set())
		return frozenset() if roles.isdisjoint(writers) else _entry_fields()


PROCESS = IntentProcess(
	first="Draft",
	writable={},
	computed=COMPUTED,
	openings={
		"Received": _STEPS.check_hands,
		"Under Opinions": _STEPS.check_hands,
		"Returned": check_returnable,
		"Price Approval": check_needs_approval,
		"Valid": check_approved,
	},
	requirements={
		"Submitted": check_complete,
		"Under Opinions": _STEPS.check_sendable,
		"Returned": check_return,
		"Vetoed": _STEPS.check_veto,
		"Price Approval": _refuse_unresolved,
		"Valid": check_valid,
	},
	entering={
		"Submitted": submitted,
		"Received": received,
		"Under Opinions": _STEPS.start_clock,
		"Consolidating": consolidating,
		"Price Approval": _STEPS.start_clock,
		"Returned": _STEPS.returned,
		"Vetoed": _STEPS.vetoed,
		"Valid": valid,
		**dict.fromkeys(("Withdrawn", "Expired", "Converted"), _STEPS.start_clock),
	},
	reasoned=frozenset({"Vetoed", "Returned"}),
	backwards=frozenset({("Vetoed", "Received")}),
	unsealed=frozenset(
		"step_since due_at is_overdue reminded_pct price_approval contracted_qty remaining_qty".split()
	),
	system_moves=frozenset(
		{
			("Under Opinions", "Consolidating"),
			("Price Approval", "Returned"),
			("Valid", "Expired"),
			("Valid", "Converted"),
			("Converted", "Valid"),
			("Converted", "Expired"),
		}
	),
	docstatus={"Valid": 1, "Converted": 1, "Expired": 1},
)


# --- what follows once a step is saved ----------------------------------------------------------------------


def after_review(order: Document) -> None:
	"""A price of a special option came in while departments judge: opinions on the old one are void."""
	if order.status in ("Under Opinions", "Consolidating", "Price Approval"):
		review_tasks.void_changed(order)


def after_step(order: Document, before: str | None) -> None:
	"""Ask for opinions or call them off, ask for the price approval, tell the next."""
	if order.status == "Under Opinions":
		review_tasks.open_round(order)
	elif before not in ENTRY:
		review_tasks.cancel_open(order)
	if delivery_sources.has_ended(order):
		conditions.void(order, _(order.status, context=INTENT_ORDER))
	elif before == "Vetoed":
		conditions.revive(order, _("The veto is lifted."))
		delivery_commitment.ask_again(order)
	if order.status == "Price Approval":
		price_approval.ask(order)
	delivery_commitment.follow(order)
	exception_reports.after_intent_step(order)
	satisfaction.ask(order)
	if order.status in ("Vetoed", "Withdrawn", "Expired"):
		technical_issues.close_all(order)
	_tell(order, before)


def _tell(order: Document, before: str | None) -> None:
	"""In-app notice to the next actor; salespeople on what concerns them."""

	def subject() -> str:
		return _("{0}: {1} (round {2})").format(
			order.name, _(order.status, context=INTENT_ORDER), order.review_round
		)

	if order.status == "Submitted":
		notices.tell(order, notices.users_with("Order Administrator"), subject)
	elif order.status == "Consolidating":
		notices.tell(order, [order.owner_oa], subject)
	elif order.status in ("Returned", "Valid", "Vetoed", "Expired") or before == "Vetoed":
		notices.tell(order, order_rounds.authors(order), subject, order.stop_reason)
	if order.status == "Vetoed":
		notices.tell(order, notices.users_with("Order Supervisor"), subject, order.stop_reason)


def after_price_decision(name: str, decision: str, reason: str) -> None:
	"""A refused price sends an order that waits for it back to the salesperson."""
	order = frappe.get_doc(INTENT_ORDER, name, for_update=True)
	if order.status == "Price Approval" and decision == price_approval.REJECTED:
		guard.write(order, {"status": "Returned"}, reason=f"RT-PRICE {reason}")


def expire_orders() -> int:
	"""Mark valid orders whose time is over as Expired; gives their number."""
	ended = frappe.get_all(
		INTENT_ORDER, filters={"status": "Valid", "valid_until": ["<", today()]}, pluck="name"
	)
	return background.each(ended, _expire, "Intent orders expire")


def _expire(name: str) -> None:
	order = frappe.get_doc(INTENT_ORDER, name, for_update=True)
	if order.status == "Valid" and getdate(order.valid_until) < getdate(today()):
		guard.write(order, {"status": "Expired"}, reason=_("The time for contracting is over."))


def check_contractable(order: Document, on: date | None = None) -> None:
	"""Raise IntentOrderStepError unless a contract can be made of an order: valid, in date, vehicles left.

	Args:
		on: date of the contract; today where it is not given.
	"""
	if order.status != "Valid":
		_STEPS.refuse(
			_("{0} is {1}; a contract is made of a valid intent order.").format(
				order.name, _(order.status, context=INTENT_ORDER)
			)
		)
	if getdate(order.valid_until) < getdate(on or today()):
		_STEPS.refuse(
			_("{0} was valid until {1}. Copy it for another review.").format(
				order.name, formatdate(order.valid_until)
			)
		)
	if remaining(order) < 1:
		_STEPS.refuse(_("All {0} vehicles of {1} are under contract already.").format(order.qty, order.name))
	order_types.check_customer(order)
	order_types.check_customer_verified(order)


def remaining(order: Document) -> int:
	"""Vehicles of an order that no contract has taken yet."""
	return cint(order.qty) - cint(order.contracted_qty)


def note_contracted(name: str, qty: int) -> None:
	"""Write down how many vehicles of an order stand in contracts; with all of them it is converted.

	Args:
		qty: vehicles in contracts that count, all together.

	Raises:
		IntentOrderStepError: more than the order has.
	"""
	order = frappe.get_doc(INTENT_ORDER, name, for_update=True)
	if not 0 <= qty <= cint(order.qty):
		_STEPS.refuse(_("{0} has {1} vehicles; {2} cannot be under contract.").format(name, order.qty, qty))
	values: dict[str, Any] = {"contracted_qty": qty, "remaining_qty": cint(order.qty) - qty}
	if order.status == "Valid" and qty == cint(order.qty):
		values["status"] = "Converted"
	elif order.status == "Converted" and qty < cint(order.qty):
		values["status"] = "Valid" if getdate(order.valid_until) >= getdate(today()) else "Expired"
	had = cint(order.contracted_qty)
	guard.write(order, values)
	if order.status == "Expired" and had != qty:
		_follow_expired(order, had)


def _follow_expired(order: Document, had: int) -> None:
	"""An expired order lives as long as a contract stands on it: its conditions and its date go and come with that."""
	if delivery_sources.has_ended(order):
		conditions.void(order, _(order.status, context=INTENT_ORDER))
	elif not had:
		conditions.revive(order, _("A contract takes its vehicles again."))
		delivery_commitment.ask_again(order)
	delivery_commitment.follow(order)


def check_copy(order: Document) -> None:
	"""The user may make a new draft of an order whose review is over without a contract."""
	frappe.has_permission(INTENT_ORDER, "create", throw=True)
	order.check_permission("read")
	if order.status not in ("Expired", "Valid", "Withdrawn", "Vetoed"):
		_STEPS.refuse(_("{0} is still under review; it needs no copy.").format(order.name))


def copy_to_revalidate(name: str) -> str:
	"""A new draft like an expired or withdrawn order, dated today, of the vehicles no contract took; gives its name."""
	order = frappe.get_doc(INTENT_ORDER, name)
	check_copy(order)
	copy = frappe.copy_doc(order, ignore_no_copy=False)
	copy.docstatus = 0
	if cstr(order.title).endswith(f"× {order.qty}"):  # a title of its own making, which tells the quantity
		copy.title = None
	copy.update(
		{
			"qty": remaining(order),
			"order_date": today(),
			"quotation_date": order.quotation_date or order.order_date,
		}
	)
	copy.insert()
	copy.db_set("revalidates", name, update_modified=False)
	return str(copy.name)
