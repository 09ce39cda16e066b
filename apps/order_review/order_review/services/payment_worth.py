"""What a Payment Entry is worth to a customer in the currency of what he pays for."""

from __future__ import annotations

from typing import Any

from frappe.model.document import Document
from frappe.utils import flt

RECEIVE, PAY = "Receive", "Pay"

_SIDES = (
	("paid_from_account_currency", "paid_amount", "source_exchange_rate"),
	("paid_to_account_currency", "received_amount", "target_exchange_rate"),
)
"""Currency, amount and rate of the account the money leaves, and of the one it reaches."""


def in_currency(payment: Document, currency: str, rate: float) -> float:
	"""What a customer paid, or was paid back (below 0), in a currency.

	The amount of the account in that currency counts, the receivable account first; where neither is, the company's amount
	at a rate. What a bank kept of a payment was paid all the same.

	Args:
		rate: company currency for one of this currency, where no account is in it.
	"""
	sign = -1 if payment.payment_type == PAY else 1
	sides = _SIDES if sign > 0 else _SIDES[::-1]
	kept = sign * _deducted(payment)
	for its_currency, amount, its_rate in sides:
		if payment.get(its_currency) == currency:
			return sign * flt(flt(payment.get(amount)) + kept / (flt(payment.get(its_rate)) or 1), 2)
	base = payment.base_received_amount if sign < 0 else payment.base_paid_amount
	return sign * flt((flt(base) + kept) / (flt(rate) or 1), 2)


def party_amount(payment: Document) -> float:
	"""The payment in the currency of the receivable account, in which its references are allocated."""
	_currency, amount, rate = _SIDES[0] if payment.payment_type == RECEIVE else _SIDES[1]
	sign = -1 if payment.payment_type == PAY else 1
	return flt(payment.get(amount)) + sign * _deducted(payment) / (flt(payment.get(rate)) or 1)


def _deducted(payment: Any) -> float:
	"""Charges in company currency; what the exchange rate gained or lost is none."""
	return sum(flt(row.amount) for row in payment.get("deductions") or () if not row.is_exchange_gain_loss)
