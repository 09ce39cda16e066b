"""Money adds up: deposits with their payments, Sales Orders with what was signed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import frappe
from frappe import _
from frappe.utils import flt, fmt_money

from order_review.constants import SALES_CONTRACT
from order_review.services import payment_worth
from order_review.services.verify.finding import Finding

_CENT = 0.011
_HELD = ("Approved for Signing", "Seal Pending", "Signed", "Effective", "In Fulfilment")
"""States in which a confirmed deposit is relied on."""


def deposits_are_what_was_paid() -> Iterator[Finding]:
	"""The deposit a contract has received is its payments without its refunds, in its own currency."""
	remedy = _(
		"Finance compares the Payment Entries that name the contract with it, and books what is missing."
	)
	booked = paid()
	fields = ["name", "currency", "deposit_received"]
	for contract in frappe.get_all(SALES_CONTRACT, fields=fields):
		received, stated = booked.get(contract.name, 0.0), flt(contract.deposit_received)
		if abs(received - stated) > _CENT:
			wrong = _("It says {0} received; its payments make {1}.").format(
				fmt_money(contract.deposit_received, currency=contract.currency),
				fmt_money(received, currency=contract.currency),
			)
			yield Finding(SALES_CONTRACT, contract.name, wrong, remedy)


def paid() -> dict[str, float]:
	"""Contract → payments without refunds."""
	found: dict[str, float] = defaultdict(float)
	booked = {"docstatus": 1, "sales_contract": ["is", "set"]}
	for name in frappe.get_all("Payment Entry", booked, pluck="name"):
		payment = frappe.get_doc("Payment Entry", name)
		contract = frappe.db.get_value(
			SALES_CONTRACT, payment.sales_contract, ["currency", "fx_rate"], as_dict=True, cache=True
		)
		if contract:
			worth = payment_worth.in_currency(payment, contract.currency, flt(contract.fx_rate))
			found[payment.sales_contract] += worth
	return found


def confirmed_deposits_are_there() -> Iterator[Finding]:
	"""A deposit that Finance confirmed has been received in full."""
	remedy = _("Finance confirms it anew once the rest is paid.")
	fields = ["name", "currency", "deposit_amount", "deposit_received"]
	confirmed = {"deposit_confirmed": 1, "status": ["in", _HELD]}
	for contract in frappe.get_all(SALES_CONTRACT, confirmed, fields):
		if flt(contract.deposit_received) + _CENT < flt(contract.deposit_amount):
			wrong = _("Its deposit is confirmed with {0} of {1}.").format(
				fmt_money(contract.deposit_received, currency=contract.currency),
				fmt_money(contract.deposit_amount, currency=contract.currency),
			)
			yield Finding(SALES_CONTRACT, contract.name, wrong, remedy)


def sales_orders_sell_at_what_was_signed() -> Iterator[Finding]:
	"""The Sales Order of a line has the line's amount and vehicles."""
	remedy = _("The order supervisor has the line released again from its contract.")
	orders = frappe.get_all(
		"Sales Order",
		{"docstatus": 1, "sales_contract": ["is", "set"]},
		["name", "sales_contract", "contract_line", "grand_total", "total_qty", "currency"],
	)
	for order in orders:
		line = {"parent": order.sales_contract, "parenttype": SALES_CONTRACT, "line_no": order.contract_line}
		signed = frappe.db.get_value("Sales Contract Line", line, ["unit_price", "qty"], as_dict=True)
		if signed is None:
			continue
		amount = flt(flt(signed.unit_price) * flt(signed.qty), 2)
		if abs(amount - flt(order.grand_total)) > _CENT or flt(signed.qty) != flt(order.total_qty):
			wrong = _("It sells {0} vehicles for {1}; signed are {2} for {3}.").format(
				flt(order.total_qty),
				fmt_money(order.grand_total, currency=order.currency),
				signed.qty,
				fmt_money(amount, currency=order.currency),
			)
			yield Finding("Sales Order", order.name, wrong, remedy)
