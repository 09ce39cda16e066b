"""Sales contracts for the Desk: making them, what differs, what is missing, seal and deposit."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import cint

from order_review.constants import INTENT_ORDER, SALES_CONTRACT
from order_review.services import diffs, intent_steps
from order_review.services.contracts import authority, deposits, effect, review, signing
from order_review.services.contracts import make as contract_make
from order_review.services.retry import with_retry


@frappe.whitelist(methods=["POST"])
@with_retry
def make(
	orders: list[str] | str, quantity: dict[str, int] | str | None = None, key: str | None = None
) -> str:
	"""A draft contract of valid intent orders; tells its name.

	Args:
		orders: the intent orders.
		quantity: vehicles per intent order; all that remain where it says nothing.
		key: chosen by the caller, so that a call sent twice makes one contract.
	"""
	frappe.has_permission(SALES_CONTRACT, "create", throw=True)
	return contract_make.make(frappe.parse_json(orders), frappe.parse_json(quantity), key)


@frappe.whitelist()
def companions(name: str) -> list[dict[str, Any]]:
	"""Valid intent orders of the same customer that may go into one contract with an order, itself first.

	Returns:
		name, title, model, qty, remaining, requested_delivery and valid_until of each.
	"""
	order = frappe.get_doc(INTENT_ORDER, name)
	order.check_permission("read")
	fields = [
		"name",
		"title",
		"model",
		"qty",
		"contracted_qty",
		"requested_delivery",
		"valid_until",
		"order_type",
	]
	alike = ("customer", "company", "market_department", "currency", "order_type")
	rows = frappe.get_list(
		INTENT_ORDER,
		filters={"status": "Valid", **{field: order.get(field) for field in alike}},
		fields=fields,
		order_by="name",
		limit_page_length=50,
	)
	for row in rows:
		row["remaining"] = intent_steps.remaining(frappe._dict(row))
	return sorted(rows, key=lambda row: row["name"] != name)


@frappe.whitelist()
def missing(name: str) -> list[dict[str, str]]:
	"""What is missing for a contract to become effective."""
	return effect.missing(_readable(name))


@frappe.whitelist()
def differences(name: str) -> str:
	"""The differences of a contract from its intent orders as a table; production rows for who may read them."""
	return diffs.html(review.seen_differences(_readable(name)))


@frappe.whitelist()
def rounds(name: str) -> list[dict[str, Any]]:
	"""What changed in each round of a contract, newest first: ``round_no``, ``html``."""
	contract = _readable(name)
	return [
		{"round_no": row.round_no, "html": diffs.html(frappe.parse_json(row.changes or "[]"))}
		for row in reversed(contract.rounds)
		if cint(row.round_no) > 1
	]


@frappe.whitelist(methods=["POST"])
def log_seal(name: str, seal_no: str, copies: int) -> None:
	"""Write down the use of the contract seal, by the auditor."""
	signing.log_seal(name, seal_no, copies)


@frappe.whitelist()
def make_deposit_payment(source_name: str, target_doc: Any = None) -> Any:
	"""The Payment Entry of a contract's deposit for the form to open, filled in and not saved.

	Args:
		source_name: the contract.
		target_doc: not used; Frappe's opening of mapped documents sends it.
	"""
	frappe.has_permission("Payment Entry", "create", throw=True)
	return deposits.deposit_payment(_readable(source_name))


@frappe.whitelist()
def make_refund_payment(source_name: str, target_doc: Any = None) -> Any:
	"""The Payment Entry that returns the deposit of an ended contract, for the form to open, filled in and not saved.

	Args:
		source_name: the contract.
		target_doc: not used; Frappe's opening of mapped documents sends it.
	"""
	frappe.has_permission("Payment Entry", "create", throw=True)
	return deposits.refund_payment(_readable(source_name))


@frappe.whitelist(methods=["POST"])
def confirm_deposit(name: str) -> bool:
	"""Confirm the deposit for Finance; tells whether the contract is effective now."""
	return deposits.confirm_deposit(name)


@frappe.whitelist(methods=["POST"])
def decide_price(name: str, decision: str, reason: str) -> str:
	"""Approve or reject the price of a contract; tells the name of the Price Approval."""
	return authority.decide(name, decision, reason)


def _readable(name: str) -> Any:
	contract = frappe.get_doc(SALES_CONTRACT, name)
	contract.check_permission("read")
	return contract
