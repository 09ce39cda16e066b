"""Whether the price authority of the intent orders still covers a contract, and the approval of its own price."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, now_datetime

from order_review.constants import CONTRACT_PRICE_REVIEW, INTENT_ORDER, PRICE_APPROVAL, SALES_CONTRACT
from order_review.engine.catalogue import Rung, canonical
from order_review.exceptions import PriceApprovalError
from order_review.services import guard, notices, price_approval
from order_review.services.contracts.lines import line
from order_review.services.price_approval import APPROVED, NEEDED
from order_review.services.review_intent_order import kept_review

Wholes = Mapping[str, Mapping[str, Any]]
"""Line number, as text, → whole review of the line."""

WAITING = frozenset({"Received", "Under Opinions"})
"""Statuses in which the price of a contract is decided."""


def kept_reviews(name: str) -> dict[str, dict[str, Any]]:
	"""The whole reviews of a contract's lines as they were kept; the caller decides what to show."""
	kept = frappe.db.get_value(CONTRACT_PRICE_REVIEW, name, "review")
	return json.loads(kept) if kept else {}


def keep(contract: Document, wholes: Wholes) -> None:
	"""Write the confidential part of the review beside the contract."""
	levels = [whole["price"]["approval_level"] for whole in wholes.values() if whole["price"]]
	values = {
		"approval_level": max(filter(None, levels), default=None, key=_height),
		"below_floor": int(
			any(found["code"] == "BELOW_FLOOR" for whole in wholes.values() for found in whole["findings"])
		),
		"review": json.dumps(wholes, ensure_ascii=False, default=str),
	}
	if frappe.db.exists(CONTRACT_PRICE_REVIEW, contract.name):
		frappe.db.set_value(CONTRACT_PRICE_REVIEW, contract.name, values)
	else:
		review = {"doctype": CONTRACT_PRICE_REVIEW, "name": contract.name, "sales_contract": contract.name}
		frappe.get_doc({**review, **values}).db_insert()


def exceeded(contract: Document, wholes: Wholes) -> list[int]:
	"""Lines whose price needs more authority than the intent order's price had."""
	return [
		cint(number) for number, whole in wholes.items() if not _covered_by_order(contract, number, whole)
	]


def _covered_by_order(contract: Document, number: str, whole: Mapping[str, Any]) -> bool:
	"""At or above the review price, or no further below it, and at no higher level, than was approved before."""
	price = whole["price"]
	if not price or not price["approval_level"]:
		return False
	if _height(price["approval_level"]) == 0:
		return True
	before = (kept_review(line(contract, cint(number)).intent_order) or {}).get("price")
	if not before or not before["approval_level"]:
		return False
	return (
		_height(price["approval_level"]) <= _height(before["approval_level"])
		and price["deviation_pct"] >= before["deviation_pct"]
	)


def is_covered(contract: Document) -> bool:
	"""Whether the authority of the intent orders, or an approval of the contract's own, covers its prices."""
	wholes = kept_reviews(contract.name)
	return bool(wholes) and (
		not exceeded(contract, wholes) or standing_approval(contract, wholes) is not None
	)


def standing_approval(contract: Document, wholes: Wholes) -> str | None:
	"""The approval of exactly what the contract says now, if there is one."""
	filters = {
		"sales_contract": contract.name,
		"decision": APPROVED,
		"is_void": 0,
		"input_hash": input_hash(contract, wholes),
	}
	return frappe.db.get_value(PRICE_APPROVAL, filters, "name")


def input_hash(contract: Document, wholes: Wholes) -> str:
	"""SHA-256 of everything an approver judges: terms, configurations and every figure with its trace."""
	judged = {
		"terms": [str(contract.get(name)) for name in ("currency", "fx_rate", "payment_mode", "deposit_pct")],
		"lines": {
			number: {
				"configuration": whole["configuration"],
				"price": whole["price"],
				"qty": cint(line(contract, cint(number)).qty),
			}
			for number, whole in wholes.items()
		},
	}
	text = json.dumps(canonical(judged), sort_keys=True, ensure_ascii=False, default=str)
	return hashlib.sha256(text.encode()).hexdigest()


# --- approval -----------------------------------------------------------------------------------------------


def state_of(contract: Document, wholes: Wholes) -> str:
	"""Status of the contract's own price approval: empty where the orders' authority covers it."""
	if not exceeded(contract, wholes):
		return ""
	return APPROVED if standing_approval(contract, wholes) else NEEDED


def ask(contract: Document) -> None:
	"""On receipt: void what was approved of something else, and ask for approval where it is needed."""
	wholes = kept_reviews(contract.name)
	_void_others(contract, input_hash(contract, wholes))
	rung = _rung(wholes, exceeded(contract, wholes))
	if contract.price_approval == NEEDED and rung:
		approvers = price_approval.approvers(rung, contract)
		notices.tell(contract, approvers, lambda: _("Price approval is asked for {0}").format(contract.name))


def _void_others(contract: Document, judged: str) -> None:
	others = {"sales_contract": contract.name, "is_void": 0, "input_hash": ["!=", judged]}
	price_approval.void(others, _("The contract was changed."))


def decide(name: str, decision: str, reason: str) -> str:
	"""Approve or refuse the price of a contract; tells the name of the Price Approval.

	Args:
		name: the contract.
		decision: ``Approved`` or ``Rejected``.
		reason: why, required.

	Raises:
		PriceApprovalError: no reason, nothing to decide, or the user had a hand in the contract.
		frappe.PermissionError: the user has neither the role of the needed level nor of a higher one.
	"""
	contract = frappe.get_doc(SALES_CONTRACT, name, for_update=True)
	contract.check_permission("read")
	wholes = kept_reviews(name)
	lines = exceeded(contract, wholes)
	rung = _rung(wholes, lines)
	if contract.status not in WAITING or rung is None:
		frappe.throw(_("The price needs no approval."), title=_("Nothing to Approve"), exc=PriceApprovalError)
	price_approval.check_decision(decision, reason)
	role = price_approval.check_authority(rung, price_approval.ladder())
	_check_own_hand(contract)
	price_approval.refuse_decided({"sales_contract": name}, decision, input_hash(contract, wholes))
	if standing_approval(contract, wholes):
		frappe.throw(_("The price needs no approval."), title=_("Nothing to Approve"), exc=PriceApprovalError)
	_set_status(contract, decision)
	approval = _approval(contract, wholes, lines, rung)
	approval.update({"decision": decision, "role": role, "reason": reason.strip()})
	approval.flags.by_price_approval = True
	approval.insert(ignore_permissions=True)
	notices.tell(
		contract,
		[contract.owner, contract.owner_oa],
		lambda: _("The price of {0} was decided: {1}").format(name, _(decision)),
	)
	return str(approval.name)


def _check_own_hand(contract: Document) -> None:
	"""Who wrote the contract, an intent order of it or the price of one of its specials does not decide."""
	names = dict.fromkeys(row.intent_order for row in contract.lines if row.intent_order)
	documents = [contract, *(frappe.get_doc(INTENT_ORDER, order) for order in names)]
	if frappe.session.user in price_approval.hands(documents, contract.specials):
		frappe.throw(
			_("You had a hand in {0}; somebody else decides about its price.").format(contract.name),
			title=_("Not Your Own Contract"),
			exc=PriceApprovalError,
		)


def check_decide(contract: Document) -> None:
	"""The contract's own price is open to a decision of the user.

	Raises:
		PriceApprovalError, frappe.PermissionError.
	"""
	contract.check_permission("read")
	wholes = kept_reviews(contract.name) if contract.status in WAITING else {}
	rung = _rung(wholes, exceeded(contract, wholes)) if wholes else None
	if rung is None or standing_approval(contract, wholes):
		frappe.throw(_("The price needs no approval."), title=_("Nothing to Approve"), exc=PriceApprovalError)
	price_approval.check_authority(rung, price_approval.ladder())
	_check_own_hand(contract)


def _approval(contract: Document, wholes: Wholes, lines: list[int], rung: Rung) -> Document:
	worst = min(
		(number for number in lines if wholes[str(number)]["price"]),
		key=lambda number: wholes[str(number)]["price"]["deviation_pct"] or 0,
	)
	price = wholes[str(worst)]["price"]
	return frappe.get_doc(
		{
			"doctype": PRICE_APPROVAL,
			"intent_order": line(contract, worst).intent_order,
			"sales_contract": contract.name,
			"approval_level": rung.level,
			"approver": frappe.session.user,
			"approved_on": now_datetime(),
			"review_price": price["review_price"],
			"negotiated": price["negotiated"],
			"deviation_pct": price["deviation_pct"],
			"input_hash": input_hash(contract, wholes),
		}
	)


def _rung(wholes: Wholes, lines: list[int]) -> Rung | None:
	"""The highest level the lines need; None where none needs any, or no price is known."""
	levels = [
		_height(whole["price"]["approval_level"])
		for number in lines
		if (whole := wholes[str(number)])["price"] and whole["price"]["approval_level"]
	]
	return price_approval.ladder()[max(levels)] if levels and max(levels) else None


def _height(level: str | None) -> int:
	levels = [one.level for one in price_approval.ladder()]
	return levels.index(level) if level in levels else len(levels) - 1


def _set_status(contract: Document, status: str) -> None:
	if (contract.price_approval or "") != status:
		guard.write(contract, {"price_approval": status})
