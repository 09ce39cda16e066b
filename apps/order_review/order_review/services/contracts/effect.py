"""A signed contract becomes effective (生效) when deposit, conditions and certification are there; tried at each change."""

from __future__ import annotations

from typing import Any

import frappe
from erpnext.accounts.party import get_party_account
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, fmt_money, formatdate, getdate, now_datetime, today

from order_review.constants import INTENT_ORDER, SALES_CONTRACT
from order_review.engine.configuration import chosen_options, configuration_findings
from order_review.engine.errors import BadInput
from order_review.engine.evaluate import Facts
from order_review.engine.order import Order
from order_review.exceptions import ContractStepError
from order_review.services import background, catalogue_store, conditions, delegations, diffs, guard
from order_review.services.contracts.lines import order_data
from order_review.services.contracts.steps import IN_FORCE

FINANCE = "Finance Reviewer"
CONFIRMABLE = ("Approved for Signing", "Seal Pending", "Signed")
"""Statuses in which Finance confirms the deposit."""

_CENT = 0.005


def is_effective(contract: Document) -> bool:
	"""Whether the contract is in force."""
	return contract.status in IN_FORCE


def missing(contract: Document) -> list[dict[str, str]]:
	"""What is missing for the contract to become effective today.

	Returns:
		Rows with ``kind`` (signature, deposit, condition, certification), ``text`` and ``reference``.
	"""
	found = []
	if contract.status != "Signed":
		found.append(_row("signature", _("The contract is not signed and sealed yet.")))
	return [*found, *_missing_deposit(contract), *_open_conditions(contract), *_uncovered(contract)]


def _missing_deposit(contract: Document) -> list[dict[str, str]]:
	wanted, received = flt(contract.deposit_amount), flt(contract.deposit_received)
	if wanted < _CENT:
		return []
	if received + _CENT < wanted:
		amounts = [fmt_money(amount, currency=contract.currency) for amount in (received, wanted)]
		return [_row("deposit", _("Deposit received: {0} of {1}.").format(*amounts))]
	if not cint(contract.deposit_confirmed):
		return [_row("deposit", _("Finance has not confirmed the deposit yet."))]
	return []


def _open_conditions(contract: Document) -> list[dict[str, str]]:
	orders = dict.fromkeys(row.intent_order for row in contract.lines)
	references = [(SALES_CONTRACT, contract.name), *((INTENT_ORDER, name) for name in orders)]
	return [
		_row(
			"condition",
			_("{0}: {1} (due {2})").format(
				row["department"] or "–",
				row["condition_text"],
				formatdate(row["due_date"]) if row["due_date"] else "–",
			),
			row["name"],
		)
		for row in conditions.open_before(references, "Contract Effective")
	]


def _uncovered(contract: Document) -> list[dict[str, str]]:
	"""Lines whose certificate or announcement is not in force today, or does not cover an option."""
	catalogue = catalogue_store.current()
	found = []
	for line in contract.lines:
		try:
			order = Order.from_data(order_data(contract, line), catalogue)
		except BadInput as error:
			found.append(_row("certification", _("Line {0}: {1}").format(line.line_no, error.message)))
			continue
		chosen = chosen_options(catalogue, order)
		facts = Facts(catalogue, catalogue.models[order.model], order.context, getdate(today()), chosen)
		for one in configuration_findings(facts):
			if one.code == "CCC_MISSING":
				said = one.message_zh if diffs.language() == "zh" else one.message_en
				text = _("Line {0}: {1}").format(line.line_no, said)
				found.append(_row("certification", f"{text} ({', '.join(one.options)})", one.ref))
	return found


def _row(kind: str, text: str, reference: str = "") -> dict[str, str]:
	return {"kind": kind, "text": text, "reference": reference}


def try_effect(name: str) -> bool:
	"""Make a signed contract effective when nothing is missing; tells whether it is now.

	Args:
		name: the contract; its row is locked.
	"""
	contract = frappe.get_doc(SALES_CONTRACT, name, for_update=True)
	if contract.status != "Signed" or missing(contract):
		return False
	reason = _("Deposit, conditions and certification are there.")
	guard.write(contract, {"status": "Effective", "docstatus": 1}, reason=reason)
	return True


def retry_all() -> int:
	"""Try every signed contract; gives the number tried."""
	signed = frappe.get_all(SALES_CONTRACT, {"status": "Signed"}, pluck="name")
	return background.each(signed, try_effect, "Contracts become effective")


def retry(contracts: list[str]) -> None:
	"""Try some contracts, in a job of their own."""
	there = frappe.get_all(SALES_CONTRACT, {"name": ["in", contracts or [""]]}, pluck="name")
	what = "Contracts become effective"
	background.attempt(lambda: background.each(there, try_effect, what), what)


def _retry_later(contracts: list[str]) -> None:
	"""Try contracts once what happens now is committed: a contract that cannot go on yet must not hold it up."""
	waiting = frappe.get_all(
		SALES_CONTRACT, {"name": ["in", contracts or [""]], "status": "Signed"}, pluck="name"
	)
	if waiting:
		background.after_commit(retry, contracts=sorted(waiting))


# --- deposit ------------------------------------------------------------------------------------------------


def check_payment(payment: Document, _method: str | None = None) -> None:
	"""A Payment Entry that names a contract is received from the contract's customer.

	The contract is locked before the payment is written, so that payments at the same moment count one another.

	Raises:
		ContractStepError.
	"""
	name = payment.get("sales_contract")
	if not name:
		return
	customer = frappe.db.get_value(SALES_CONTRACT, name, "customer", for_update=True)
	if (payment.payment_type, payment.party_type, payment.party) != ("Receive", "Customer", customer):
		frappe.throw(
			_(
				"{0} is a contract with {1}; this payment is {2} {3}. Choose the contract of this party."
			).format(name, customer, _(payment.payment_type), payment.party or "–"),
			title=_("Deposit", context="Order Review"),
			exc=ContractStepError,
		)


def lock_contract(payment: Document, _method: str | None = None) -> None:
	"""Before a payment is cancelled: lock its contract, in the same order as booking does, ahead of all ledgers."""
	if payment.get("sales_contract"):
		frappe.db.get_value(SALES_CONTRACT, payment.sales_contract, "name", for_update=True)


def payment_changed(payment: Document, _method: str | None = None) -> None:
	"""A payment for a contract was booked or cancelled."""
	if payment.get("sales_contract"):
		_count(payment, -1 if payment.docstatus == 2 else 1)


def _count(payment: Document, sign: int) -> None:
	"""Add a payment to what the contract received, or take it off; what falls short is no longer confirmed.

	The contract's row, which its payments lock in turn, tells what was received before. The other payments are
	left alone: each is locked by whoever books it, and two that looked at one another would wait for ever.
	"""
	contract = frappe.get_doc(SALES_CONTRACT, payment.sales_contract, for_update=True)
	received = flt(flt(contract.deposit_received) + sign * _amount(payment, contract), 2)
	values: dict[str, Any] = {"deposit_received": max(received, 0.0)}
	if cint(contract.deposit_confirmed) and received + _CENT < flt(contract.deposit_amount):
		values |= {"deposit_confirmed": 0, "deposit_confirmed_by": None, "deposit_confirmed_on": None}
	guard.write(contract, values)
	_retry_later([contract.name])


def _amount(row: Any, contract: Document) -> float:
	"""What a payment is worth in the contract's currency."""
	if row.paid_from_account_currency == contract.currency:
		return flt(row.paid_amount)
	return flt(row.base_received_amount) / (flt(contract.fx_rate) or 1)


def deposit_steps(contract: Document) -> dict[str, bool]:
	"""Which steps of the deposit are the user's now: ``record`` it as a Payment Entry, ``confirm`` it."""
	is_open = (
		contract.status in CONFIRMABLE
		and flt(contract.deposit_amount) > 0
		and not cint(contract.deposit_confirmed)
	)
	left = _left(contract)
	return {
		"record": bool(is_open and left and frappe.has_permission("Payment Entry", "create")),
		"confirm": bool(is_open and not left and delegations.has_role(FINANCE)),
	}


def _left(contract: Document) -> float:
	"""What of the deposit has not been received yet."""
	return max(flt(flt(contract.deposit_amount) - flt(contract.deposit_received), 2), 0.0)


def deposit_payment(contract: Document) -> Document:
	"""The Payment Entry of what is left of a contract's deposit, filled in and not saved.

	Raises:
		ContractStepError: there is no deposit to record.
	"""
	left = _left(contract)
	if contract.status not in CONFIRMABLE or not left:
		_refuse_deposit(
			_("{0} is {1}; there is no deposit to record now.").format(
				contract.name, _(contract.status, context=SALES_CONTRACT)
			)
		)
	return payment_of(contract, left)


def payment_of(contract: Document, amount: float) -> Document:
	"""A Payment Entry of the contract's customer over an amount in the contract's currency, not saved."""
	payment = frappe.new_doc("Payment Entry")
	payment.update(
		{
			"payment_type": "Receive",
			"company": contract.company,
			"posting_date": today(),
			"party_type": "Customer",
			"party": contract.customer,
			"paid_from": get_party_account("Customer", contract.customer, contract.company),
			"paid_to": _bank_account(contract.company),
			"sales_contract": contract.name,
			"custom_remarks": 1,
			"remarks": _("Deposit of contract {0}").format(contract.name),
		}
	)
	payment.setup_party_account_field()
	payment.set_missing_values()
	_set_amounts(payment, contract, amount)
	return payment


def _bank_account(company: str) -> str | None:
	"""The account deposits come in on: the company's default for banks or cash, else the only one there is."""
	for kind, default in (("Bank", "default_bank_account"), ("Cash", "default_cash_account")):
		named = frappe.get_cached_value("Company", company, default)
		found = frappe.get_all(
			"Account",
			{"company": company, "account_type": kind, "is_group": 0, "disabled": 0},
			pluck="name",
			limit=2,
		)
		if named or len(found) == 1:
			return str(named or found[0])
	return None


def _set_amounts(payment: Document, contract: Document, left: float) -> None:
	"""What is left in the currencies of both accounts, at the rate of the contract."""
	rate = flt(contract.fx_rate) or 1.0
	home = frappe.get_cached_value("Company", contract.company, "default_currency")
	for account, amount, exchange in (
		("paid_from", "paid_amount", "source_exchange_rate"),
		("paid_to", "received_amount", "target_exchange_rate"),
	):
		currency = payment.get(f"{account}_account_currency") or home
		is_foreign = currency == contract.currency and currency != home
		payment.set(exchange, rate if is_foreign else 1.0)
		payment.set(amount, flt(left if currency == contract.currency else left * rate, 2))
	payment.set_amounts()


def check_confirmable(contract: Document) -> None:
	"""The deposit of the contract is the user's to confirm; how much was received, confirming asks.

	Raises:
		frappe.PermissionError, ContractStepError.
	"""
	contract.check_permission("read")
	delegations.taken_role(FINANCE, _("Only Finance confirms the deposit."))
	if contract.status not in CONFIRMABLE or cint(contract.deposit_confirmed):
		_refuse_deposit(
			_("{0} is {1}; there is no deposit to confirm now.").format(
				contract.name, _(contract.status, context=SALES_CONTRACT)
			)
		)


def confirm_deposit(name: str) -> bool:
	"""Finance says that the deposit is there; tells whether the contract is effective now.

	Raises:
		frappe.PermissionError: the user is not of Finance.
		ContractStepError: the deposit has not been received in full, or is confirmed already.
	"""
	contract = frappe.get_doc(SALES_CONTRACT, name, for_update=True)
	check_confirmable(contract)
	absent = delegations.taken_role(FINANCE)
	if flt(contract.deposit_received) + _CENT < flt(contract.deposit_amount):
		amounts = [
			fmt_money(amount, currency=contract.currency)
			for amount in (contract.deposit_received, contract.deposit_amount)
		]
		_refuse_deposit(
			_("Deposit received: {0} of {1}.").format(*amounts)
			+ " "
			+ _("Submit the Payment Entry that names the contract first.")
		)
	with guard.acting(absent):
		guard.write(
			contract,
			{
				"deposit_confirmed": 1,
				"deposit_confirmed_by": frappe.session.user,
				"deposit_confirmed_on": now_datetime(),
			},
		)
	return try_effect(name)


def _refuse_deposit(message: str) -> None:
	frappe.throw(message, title=_("Deposit", context="Order Review"), exc=ContractStepError)


# --- what else opens it -------------------------------------------------------------------------------------


def condition_changed(condition: Document, _method: str | None = None) -> None:
	"""A condition was met or waived: try the contracts it holds up."""
	if condition.reference_doctype == SALES_CONTRACT:
		_retry_later([condition.reference_name])
	elif condition.reference_doctype == INTENT_ORDER:
		lines = {"intent_order": condition.reference_name, "parenttype": SALES_CONTRACT}
		_retry_later(frappe.get_all("Sales Contract Line", lines, pluck="parent"))


def model_changed(model: Document, _method: str | None = None) -> None:
	"""Certificate or coverage of a model may have changed: try the contracts that build it."""
	lines = {"model": model.name, "parenttype": SALES_CONTRACT}
	_retry_later(frappe.get_all("Sales Contract Line", lines, pluck="parent", distinct=True))
