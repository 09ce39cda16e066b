"""Payment schedule of a contract: exact amounts, whole shares, and what it contradicts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt

from order_review.constants import SALES_CONTRACT
from order_review.engine import payments
from order_review.engine.findings import Finding
from order_review.exceptions import ContractStepError

_DIGITS = 9
"""Digits behind the point the database keeps."""


def exact(value: Any) -> Decimal:
	"""A stored number as what was typed."""
	return Decimal(str(flt(value, _DIGITS))).normalize() + 0


def shares(contract: Document) -> list[Decimal]:
	"""The percent of each row."""
	return [exact(row.pct) for row in contract.get("payments") or ()]


def is_whole(contract: Document) -> bool:
	"""Whether the shares are 100 % together."""
	return sum(shares(contract)) == payments.WHOLE


def amounts_of(contract: Document, total: Any) -> tuple[Decimal, ...]:
	"""What is paid of a total by each row of the schedule; the last row of a whole schedule takes the remainder."""
	return payments.amounts(exact(total), shares(contract), places_of(contract.get("currency")))


def fill_amounts(contract: Document) -> None:
	"""Write deposit and amounts of the schedule."""
	total, places = exact(contract.total), places_of(contract.currency)
	contract.deposit_amount = float(payments.portion(total, exact(contract.deposit_pct), places))
	for row, amount in zip(contract.payments, amounts_of(contract, total), strict=True):
		row.amount = float(amount)


def places_of(currency: str | None) -> int:
	"""Digits behind the point a currency is paid with: none where its smallest coin is a whole one."""
	smallest = currency and frappe.get_cached_value("Currency", currency, "smallest_currency_fraction_value")
	return 0 if flt(smallest) >= 1 else payments.CENTS


def check_shares(contract: Document) -> None:
	"""Raise ContractStepError when a share is not above 0 and at most 100 %."""
	for at in payments.bad_shares(shares(contract)):
		row = contract.payments[at]
		_refuse(
			_(
				"Payment schedule, row {0}: a share is more than 0 and at most 100 %; {1} % is entered."
			).format(row.idx, f"{exact(row.pct):f}")
		)


def check(contract: Document) -> None:
	"""Raise ContractStepError unless there is no schedule, or its shares are 100 % together."""
	check_shares(contract)
	if contract.payments and not is_whole(contract):
		_refuse(
			_("The shares of the payment schedule add up to {0} %, not to 100 %.").format(
				f"{sum(shares(contract)):f}"
			)
		)


def contradictions(contract: Document, policies: list[str]) -> list[Finding]:
	"""Where the schedule contradicts payment mode, deposit, or a claimed policy that depends on the mode.

	Args:
		policies: claimed policies that count for one payment mode only.
	"""
	rows = [
		payments.Share(row.milestone, exact(row.pct), cint(row.days))
		for row in contract.get("payments") or ()
	]
	return payments.contradictions(contract.payment_mode or "", exact(contract.deposit_pct), rows, policies)


def _refuse(message: str) -> None:
	frappe.throw(message, title=_(SALES_CONTRACT), exc=ContractStepError)
