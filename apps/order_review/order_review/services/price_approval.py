"""Approval of a negotiated price by the role of the ladder, bound to what was judged.

What sales sees is `price_approval` on the order: whether an approval is needed, given, refused or void.
The level and why it is that level stand in Price Approval and the price review, for their readers.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from order_review.constants import FLOOR_READERS, INTENT_ORDER, PRICE_APPROVAL, SPECIAL_REQUEST
from order_review.engine.catalogue import Rung, canonical
from order_review.exceptions import PriceApprovalError
from order_review.services import catalogue_store, guard, notices, order_rounds
from order_review.services.review_intent_order import kept_review

NEEDED = "Needed"
APPROVED = "Approved"
REJECTED = "Rejected"
VOID = "Void"
_OVER = frozenset({"Valid", "Converted", "Expired", "Vetoed", "Withdrawn"})
"""States of an order whose review is over."""
_LATER = {APPROVED: "The price was approved later.", REJECTED: "The price was refused later."}
"""Decision → why the earlier, other one is void; translated where it is written."""
REQUESTERS = frozenset({"Order Administrator", "Order Supervisor"})
_JUDGED = (
	"model",
	"qty",
	"order_type",
	"price_book",
	"payment_mode",
	"deposit_pct",
	"currency",
	"fx_rate",
	"negotiated_unit",
)


def input_hash(order: Document, whole: dict[str, Any]) -> str:
	"""SHA-256 of everything an approver judges: terms, configuration and every figure with its trace."""
	judged = {
		"terms": {name: order.get(name) for name in _JUDGED},
		"configuration": whole["configuration"],
		"price": whole["price"],
	}
	text = json.dumps(canonical(judged), sort_keys=True, ensure_ascii=False, default=str)
	return hashlib.sha256(text.encode()).hexdigest()


def request(name: str) -> str:
	"""Ask for the approval of an order's price; tells the new status of the approval.

	Raises:
		PriceApprovalError: the order needs none.
		frappe.PermissionError: the user is neither order administrator nor supervisor.
	"""
	order = frappe.get_doc(INTENT_ORDER, name, for_update=True)
	check_request(order)
	return ask(order)


def ask(order: Document) -> str:
	"""Ask those of the order's level; tells the new status. The caller holds the order's row."""
	whole = _priced(order)
	rung = _needed_rung(whole)
	if standing_approval(order.name, input_hash(order, whole)):
		return APPROVED
	_void(order.name, {"decision": REJECTED}, _("The price was asked for again."))
	_set_status(order, NEEDED)
	asked = approvers(rung, order)
	notices.tell(order, asked, lambda: _("Price approval is asked for {0}").format(order.name))
	return NEEDED


def check_request(order: Document) -> None:
	"""The user may ask for the approval of an order's price, and it needs one that nobody was asked for yet.

	Raises:
		PriceApprovalError, frappe.PermissionError.
	"""
	order.check_permission("read")
	if REQUESTERS.isdisjoint(frappe.get_roles()):
		frappe.throw(
			_("Only an order administrator or supervisor asks for price approval."), frappe.PermissionError
		)
	_check_undecided(order)
	whole = _priced(order)
	_needed_rung(whole)
	if standing_approval(order.name, input_hash(order, whole)):
		frappe.throw(
			_("The price of {0} is approved already.").format(order.name),
			title=_("Nothing to Approve"),
			exc=PriceApprovalError,
		)
	if order.price_approval == NEEDED:
		frappe.throw(
			_("The approval of the price of {0} is asked for already.").format(order.name),
			title=_("Nothing to Approve"),
			exc=PriceApprovalError,
		)


def check_decide(order: Document) -> None:
	"""The price of an order is open to a decision of the user.

	Raises:
		PriceApprovalError, frappe.PermissionError.
	"""
	order.check_permission("read")
	whole = _priced(order)
	_check_undecided(order)
	check_authority(_needed_rung(whole), ladder())
	_check_own_hand(order)


def decide(name: str, decision: str, reason: str) -> str:
	"""Approve or refuse an order's price.

	Args:
		name: the intent order.
		decision: ``Approved`` or ``Rejected``.
		reason: why, required.

	Returns:
		Name of the Price Approval.

	Raises:
		PriceApprovalError: no reason, nothing to decide, the order's review is over, or the user had a hand in the order
			himself.
		frappe.PermissionError: the user has neither the role of the order's level nor of a higher one.
	"""
	order = frappe.get_doc(INTENT_ORDER, name, for_update=True)
	check_decide(order)
	check_decision(decision, reason)
	whole = _priced(order)
	rung = _needed_rung(whole)
	role = check_authority(rung, ladder())
	_check_own_hand(order)
	judged = input_hash(order, whole)
	refuse_decided({"intent_order": order.name, "sales_contract": ["is", "not set"]}, decision, judged)
	_void(order.name, {"decision": ["!=", decision]}, _(_LATER[decision]))
	shown = (
		{} if order.order_type == "Internal" else whole["price"]
	)  # of internal orders the price tells the cost
	approval = frappe.get_doc(
		{
			"doctype": PRICE_APPROVAL,
			"intent_order": order.name,
			"decision": decision,
			"approval_level": rung.level,
			"role": role,
			"approver": frappe.session.user,
			"approved_on": frappe.utils.now_datetime(),
			"reason": reason.strip(),
			"review_price": shown.get("review_price"),
			"negotiated": whole["price"]["negotiated"],
			"deviation_pct": shown.get("deviation_pct"),
			"input_hash": judged,
		}
	)
	approval.flags.by_price_approval = True
	approval.insert(ignore_permissions=True)
	_set_status(order, decision)
	notices.tell(
		order, [order.owner], lambda: _("The price of {0} was decided: {1}").format(order.name, _(decision))
	)
	return approval.name


def void_if_changed(order: Document) -> None:
	"""After an order was saved: an approval of something else than it says now is void, visibly."""
	if order.price_approval not in (APPROVED, REJECTED):
		return
	whole = kept_review(order.name)
	current = input_hash(order, whole) if whole and whole["price"] else ""
	if not _void(order.name, {"input_hash": ["!=", current]}, _("The order was changed.")):
		return
	_set_status(order, VOID)
	frappe.msgprint(
		_(
			"What the price approval was given for has changed; the approval is void and must be asked for again."
		),
		title=_("Price Approval Void"),
		indicator="orange",
	)


def _void(order: str, which: dict[str, Any], reason: str) -> bool:
	"""Void decisions about an order's price that still count; tells whether there were any."""
	filters = {"intent_order": order, "sales_contract": ["is", "not set"], "is_void": 0, **which}
	return void(filters, reason)


def void(filters: dict[str, Any], reason: str) -> bool:
	"""Void decisions, read past the snapshot of this transaction; tells whether there were any."""
	found = [row[0] for row in frappe.db.get_values(PRICE_APPROVAL, filters, ["name"], for_update=True)]
	for name in found:
		values = {"is_void": 1, "voided_on": frappe.utils.now_datetime(), "void_reason": reason}
		frappe.db.set_value(PRICE_APPROVAL, name, values)
	return bool(found)


def refuse_decided(price_of: dict[str, Any], decision: str, judged: str) -> None:
	"""A price has one decision that stands: the same one is not given twice.

	Args:
		price_of: filters for the order or contract; its row is locked by the caller.
		decision: what is to be decided.
		judged: hash of what is judged.

	Raises:
		PriceApprovalError: this very price was decided the same way already; naming who did and when.
	"""
	same = {**price_of, "is_void": 0, "input_hash": judged, "decision": decision}
	fields = ["name", "approver", "approved_on"]
	found = frappe.db.get_values(PRICE_APPROVAL, same, fields, as_dict=True, for_update=True)
	if found:
		frappe.throw(
			_("This price was decided already: {0} by {1} on {2}.").format(
				_(decision),
				frappe.utils.get_fullname(found[0].approver),
				frappe.format(found[0].approved_on, {"fieldtype": "Datetime"}),
			),
			title=_("Nothing to Approve"),
			exc=PriceApprovalError,
		)


def standing_approval(order: str, judged: str) -> str | None:
	"""The approval that covers exactly what was judged, if there is one."""
	filters = {"intent_order": order, "decision": APPROVED, "is_void": 0, "input_hash": judged}
	return frappe.db.get_value(PRICE_APPROVAL, filters, "name")


def is_covered(order: Document) -> bool:
	"""Whether the order's price needs no approval or has one of what it says now."""
	whole = kept_review(order.name)
	if not whole or not whole["price"] or not whole["price"]["approval_level"]:
		return False
	if whole["price"]["approval_level"] == ladder()[0].level:
		return True
	return standing_approval(order.name, input_hash(order, whole)) is not None


def lacks_approval(order: Document, user: str) -> bool:
	"""Whether a user is told that the price of an order still waits for its approval.

	While the salesperson writes the order, only those are told who may know floor prices: trying prices would find them.
	"""
	if order.status in _OVER or (order.status in ("Draft", "Returned") and not _reads_floor(user)):
		return False
	whole = kept_review(order.name)
	return bool(whole and whole["price"] and whole["price"]["approval_level"]) and not is_covered(order)


def _reads_floor(user: str) -> bool:
	return user == "Administrator" or not FLOOR_READERS.isdisjoint(frappe.get_roles(user))


def _priced(order: Document) -> dict[str, Any]:
	whole = kept_review(order.name)
	if whole is None or whole["price"] is None or whole["price"]["negotiated"] is None:
		message = _(
			"{0} has no price to approve yet. Enter the negotiated price and clear the price findings."
		)
		frappe.throw(message.format(order.name), title=_("Nothing to Approve"), exc=PriceApprovalError)
	return whole


def ladder() -> tuple[Rung, ...]:
	"""The rungs of the approval ladder, the lowest first."""
	return catalogue_store.current().terms.ladder


def _needed_rung(whole: dict[str, Any]) -> Rung:
	rungs = ladder()
	rung = next((one for one in rungs if one.level == whole["price"]["approval_level"]), None)
	if rung is None or rung is rungs[0]:
		frappe.throw(_("The price needs no approval."), title=_("Nothing to Approve"), exc=PriceApprovalError)
	return rung


def check_decision(decision: str, reason: str) -> None:
	"""Raise PriceApprovalError unless it is a decision with a reason."""
	if decision not in (APPROVED, REJECTED):
		frappe.throw(_("A price is approved or rejected."), exc=PriceApprovalError)
	if not reason.strip():
		message = _("Give the reason of your decision; it stands in the authority log.")
		frappe.throw(message, title=_("Reason Missing"), exc=PriceApprovalError)


def _roles_held(rung: Rung, ladder: tuple[Rung, ...]) -> list[str]:
	"""Roles of the user that may decide: the rung's own or one above it."""
	enough = [one.role for one in ladder[ladder.index(rung) :]]
	held = set(frappe.get_roles())
	return [role for role in enough if role in held]


def check_authority(rung: Rung, ladder: tuple[Rung, ...]) -> str:
	"""The role by which the user decides on a rung; raises PermissionError when there is none."""
	held = _roles_held(rung, ladder)
	if not held:
		frappe.throw(
			_("You may not decide about this price; it is asked of another role."), frappe.PermissionError
		)
	return held[0]


def _check_undecided(order: Document) -> None:
	if order.status in _OVER:
		frappe.throw(
			_("{0} is {1}; its price is not decided any more.").format(
				order.name, _(order.status, context=INTENT_ORDER)
			),
			title=_("Nothing to Approve"),
			exc=PriceApprovalError,
		)


def _check_own_hand(order: Document) -> None:
	if frappe.session.user in {*hands([order], order.specials), order.modified_by}:
		message = _("You had a hand in {0}; somebody else decides about its price.").format(order.name)
		frappe.throw(message, title=_("Not Your Own Order"), exc=PriceApprovalError)


def hands(orders: list[Document], specials: list[Document]) -> set[str]:
	"""Users who had a hand in a price or configuration: authors of the documents, and who made or priced their specials."""
	found = {user for order in orders for user in order_rounds.authors(order)}
	for number in {row.request_no for row in specials if row.request_no}:
		if frappe.db.exists(SPECIAL_REQUEST, number):
			found |= guard.takers(frappe.get_doc(SPECIAL_REQUEST, number))
	return found


def _set_status(order: Document, status: str) -> None:
	order.db_set("price_approval", status, update_modified=False)
	order.add_comment("Info", _("Price approval: {0}").format(_(status)))


def approvers(rung: Rung, document: Document) -> list[str]:
	"""Enabled users who decide on a rung and may read the document."""
	return [
		user
		for user in notices.users_with(rung.role)
		if frappe.has_permission(document.doctype, "read", doc=document, user=user)
	]
