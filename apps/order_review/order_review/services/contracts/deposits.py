"""The deposit of a contract: payments that came in, what was paid back, and Finance's word that it is there."""

from __future__ import annotations

from typing import Any

import frappe
from erpnext.accounts.party import get_party_account
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, fmt_money, now_datetime, today

from order_review.constants import SALES_CONTRACT
from order_review.exceptions import ContractStepError
from order_review.services import delegations, guard, notices, payment_worth
from order_review.services.contracts.effect import CENT, retry_later, try_effect
from order_review.services.payment_worth import PAY, RECEIVE

FINANCE = "Finance Reviewer"
CONFIRMABLE = ("Approved for Signing", "Seal Pending", "Signed", "Effective", "In Fulfilment")
"""Statuses in which Finance confirms the deposit; in force again after part of it was paid back."""

ENDED = ("Withdrawn", "Vetoed", "Cancelled")
"""Statuses of contracts whose deposit may be returned."""

UNCONFIRMED = {"deposit_confirmed": 0, "deposit_confirmed_by": None, "deposit_confirmed_on": None}


# --- deposit ------------------------------------------------------------------------------------------------


def check_payment(payment: Document, _method: str | None = None) -> None:
	"""A Payment Entry that names a contract is received from the contract's customer, or paid back to him.

	The contract is locked before the payment is written, so that payments at the same moment count one another.

	Raises:
		ContractStepError.
	"""
	name = payment.get("sales_contract")
	if not name:
		return
	contract = frappe.get_doc(SALES_CONTRACT, name, for_update=True)
	is_his = (payment.party_type, payment.party) == ("Customer", contract.customer)
	if payment.payment_type not in (RECEIVE, PAY) or not is_his:
		_refuse(
			_(
				"{0} is a contract with {1}; this payment is {2} {3}. Choose the contract of this party."
			).format(name, contract.customer, _(payment.payment_type), payment.party or "–")
		)
	if payment.payment_type == PAY:
		_check_refund(payment, contract)


def _check_refund(payment: Document, contract: Document) -> None:
	"""No more is paid back than came in; once the contract has ended, the law may ask for more (定金 twice)."""
	back, received = -_worth(payment, contract), flt(contract.deposit_received)
	if contract.status in ENDED or back <= received + CENT:
		return
	amounts = [fmt_money(amount, currency=contract.currency) for amount in (back, received)]
	_refuse(
		_("{0} cannot be paid back on {1}: {2} was received. Correct the amount or the contract.").format(
			amounts[0], contract.name, amounts[1]
		)
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
	received = flt(flt(contract.deposit_received) + sign * _worth(payment, contract), 2)
	values: dict[str, Any] = {"deposit_received": received}
	is_short = cint(contract.deposit_confirmed) and received + CENT < flt(contract.deposit_amount)
	guard.write(contract, values | (UNCONFIRMED if is_short else {}))
	if is_short:
		_tell_short(contract)
	retry_later([contract.name])


def _worth(payment: Document, contract: Document) -> float:
	return payment_worth.in_currency(payment, contract.currency, flt(contract.fx_rate))


def _tell_short(contract: Document) -> None:
	if contract.status in ENDED:
		return

	def subject() -> str:
		amounts = [
			fmt_money(amount, currency=contract.currency)
			for amount in (contract.deposit_received, contract.deposit_amount)
		]
		return f"{contract.name}: " + _("Deposit received: {0} of {1}.").format(*amounts)

	notices.tell(contract, [contract.owner_oa, *notices.users_with(FINANCE)], subject)


def renew_confirmation(contract: Document) -> None:
	"""A deposit that was raised is confirmed anew: Finance confirmed the one before."""
	before = contract.get_doc_before_save()
	if (
		before is not None
		and cint(contract.deposit_confirmed)
		and flt(contract.deposit_amount) > flt(before.deposit_amount) + CENT
	):
		contract.update(UNCONFIRMED)


def deposit_steps(contract: Document) -> dict[str, bool]:
	"""Which steps of the deposit are the user's now: ``record`` it as a Payment Entry, ``confirm`` it, ``return`` it."""
	is_open = (
		contract.status in CONFIRMABLE
		and flt(contract.deposit_amount) > 0
		and not cint(contract.deposit_confirmed)
	)
	left = _left(contract)
	books = frappe.has_permission("Payment Entry", "create")
	return {
		"record": bool(is_open and left and books),
		"confirm": bool(is_open and not left and delegations.has_role(FINANCE)),
		"return": bool(returnable(contract) and books),
	}


def returnable(contract: Document) -> float:
	"""What of the deposit of an ended contract is still here."""
	return max(flt(contract.deposit_received, 2), 0.0) if contract.status in ENDED else 0.0


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
		_refuse(
			_("{0} is {1}; there is no deposit to record now.").format(
				contract.name, _(contract.status, context=SALES_CONTRACT)
			)
		)
	return payment_of(contract, left)


def refund_payment(contract: Document) -> Document:
	"""The Payment Entry that returns what an ended contract received, filled in and not saved.

	Raises:
		ContractStepError: there is nothing to return.
	"""
	amount = returnable(contract)
	if not amount:
		_refuse(
			_("{0} is {1}; there is no deposit to return now.").format(
				contract.name, _(contract.status, context=SALES_CONTRACT)
			)
		)
	return payment_of(contract, amount, PAY)


def payment_of(contract: Document, amount: float, kind: str = RECEIVE) -> Document:
	"""A Payment Entry over an amount in the contract's currency, from its customer or back to him; not saved."""
	payment = frappe.new_doc("Payment Entry")
	accounts = [
		get_party_account("Customer", contract.customer, contract.company),
		_bank_account(contract.company),
	]
	paid_from, paid_to = accounts if kind == RECEIVE else reversed(accounts)
	text = _("Deposit of contract {0}") if kind == RECEIVE else _("Deposit of contract {0}, returned")
	payment.update(
		{
			"payment_type": kind,
			"company": contract.company,
			"posting_date": today(),
			"party_type": "Customer",
			"party": contract.customer,
			"paid_from": paid_from,
			"paid_to": paid_to,
			"sales_contract": contract.name,
			"custom_remarks": 1,
			"remarks": text.format(contract.name),
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
		_refuse(
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
	if flt(contract.deposit_received) + CENT < flt(contract.deposit_amount):
		amounts = [
			fmt_money(amount, currency=contract.currency)
			for amount in (contract.deposit_received, contract.deposit_amount)
		]
		_refuse(
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


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Deposit", context="Order Review"), exc=ContractStepError)
