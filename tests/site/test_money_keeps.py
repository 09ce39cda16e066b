"""Money keeps through every turn: in another currency, paid in part, paid back, asked for anew."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.model.document import Document

from order_review.api import contracts as api
from order_review.constants import INTENT_ORDER, SALES_CONTRACT
from order_review.exceptions import ContractStepError
from order_review.patches.v15_0 import deposits_as_paid
from order_review.services import intent_steps, order_rounds
from order_review.services.contracts import deposits, rounds, sheet, signing
from order_review.services.fulfilment import progress
from tests.site import contracting, fulfilling
from tests.site.contracting import acting, approved, change, contract, made, received, take, valid

pytestmark = pytest.mark.usefixtures("demo_site")

OF_THE_DAY = 7.05
"""Yuan for a dollar when the customer pays; the contract is dated with 7.1."""


def account(name: str, currency: str, like: str) -> str:
	"""An account in a currency beside another one."""
	kind = frappe.db.get_value(
		"Account", like, ["parent_account", "account_type", "company", "root_type"], as_dict=True
	)
	values = {"doctype": "Account", "account_name": name, "account_currency": currency, **kind}
	return str(frappe.get_doc(values).insert(ignore_permissions=True).name)


def accounts() -> tuple[str, str]:
	"""Receivable account and bank, both in yuan."""
	company = frappe.get_doc("Company", frappe.db.get_value(SALES_CONTRACT, {}, "company"))
	return company.default_receivable_account, str(deposits._bank_account(company.name))


def pay(
	name: str, own: float, bank: float, kind: str = "Receive", dollars: bool = True, **values: Any
) -> Document:
	"""A submitted payment for a contract: amounts on the customer's account in yuan, and on the bank account."""
	receivable, yuan = accounts()
	bank_account = account(f"Bank USD {frappe.generate_hash(length=4)}", "USD", yuan) if dollars else yuan
	sides = [(receivable, own, 1.0), (bank_account, bank, OF_THE_DAY if dollars else 1.0)]
	(paid_from, paid, source), (paid_to, got, target) = sides if kind == "Receive" else sides[::-1]
	document = contract(name)
	payment = frappe.get_doc(
		{
			"doctype": "Payment Entry",
			"payment_type": kind,
			"company": document.company,
			"party_type": "Customer",
			"party": document.customer,
			"paid_from": paid_from,
			"paid_to": paid_to,
			"paid_amount": paid,
			"received_amount": got,
			"source_exchange_rate": source,
			"target_exchange_rate": target,
			"reference_no": "T-1",
			"reference_date": "2026-11-23",
			"sales_contract": name,
			**values,
		}
	)
	payment.insert(ignore_permissions=True)
	payment.submit()
	return payment


def back(name: str, amount: float) -> Document:
	"""So much of a deposit in yuan is paid back."""
	return pay(name, amount, amount, "Pay", dollars=False)


def confirmed(sample: str = "IO-01") -> str:
	"""A contract out for signing whose deposit is there and confirmed."""
	name = approved(received(made(valid(sample))))
	contracting.pay_deposit(name)
	contracting.confirm_deposit(name)
	return name


def deposit(name: str) -> tuple[float, int]:
	document = contract(name)
	return document.deposit_received, document.deposit_confirmed


# --- deposits -----------------------------------------------------------------------------------------------


def test_a_deposit_paid_in_dollars_is_whole_whatever_the_receivable_account_is_kept_in() -> None:
	name = approved(received(made(valid("IO-04", dest_country="Kazakhstan"))))
	due = contract(name).deposit_amount
	assert contract(name).currency == "USD"
	pay(name, due * OF_THE_DAY, due)
	assert deposit(name) == (due, 0)
	assert not contracting.confirm_deposit(name)
	assert deposit(name) == (due, 1)


def test_what_the_bank_kept_of_a_transfer_was_paid_all_the_same() -> None:
	name = approved(received(made(valid("IO-01"))))
	due = contract(name).deposit_amount
	charges = frappe.db.get_value(
		"Account", {"company": contract(name).company, "root_type": "Expense", "is_group": 0}
	)
	centre = frappe.db.get_value("Company", contract(name).company, "cost_center")
	kept = {"account": charges, "cost_center": centre, "amount": 50}
	pay(name, due - 50, due - 50, dollars=False, deductions=[kept])
	assert deposit(name) == (due, 0)


def test_half_a_deposit_paid_back_is_neither_received_nor_confirmed() -> None:
	name = confirmed()
	due = contract(name).deposit_amount
	frappe.db.delete("Notification Log")
	refund = back(name, due / 2)
	assert deposit(name) == (due / 2, 0)
	assert frappe.db.exists("Notification Log", {"document_name": name, "for_user": contracting_user("FR")})
	refund.cancel()
	assert deposit(name) == (due, 0), "Finance says again that it is there"


def contracting_user(code: str) -> str:
	from order_review.demo.people import address

	return address(code)


def test_no_more_is_paid_back_than_came_in() -> None:
	name = confirmed()
	with pytest.raises(ContractStepError, match="cannot be paid back"):
		back(name, contract(name).deposit_amount + 1)


def test_in_force_a_deposit_paid_back_and_in_again_is_confirmed_again() -> None:
	name = contracting.effective("IO-01")
	half = contract(name).deposit_amount / 2
	back(name, half)
	contracting.pay_deposit(name, half)
	contracting.confirm_deposit(name)
	assert deposit(name) == (half * 2, 1)
	assert contract(name).status == "Effective"


@pytest.mark.parametrize(
	("action", "code", "reason", "ended"),
	[("Withdraw", "SP", "", "Withdrawn"), ("Veto", "OA", "VT-OTHER 客户撤项", "Vetoed")],
)
def test_the_deposit_of_an_ended_contract_is_returned(
	action: str, code: str, reason: str, ended: str
) -> None:
	name = received(made(valid("IO-01")))
	contracting.pay_deposit(name)
	due = contract(name).deposit_amount
	with acting("FR"):
		assert not deposits.deposit_steps(contract(name))["return"], "it is still asked for"
	if action == "Withdraw":
		take(name, "Return", "OA", "RT-PRICE 重新报价")
	assert take(name, action, code, reason) == ended
	with acting("FR"):
		assert deposits.deposit_steps(contract(name)) == {"record": False, "confirm": False, "return": True}
		payment = api.make_refund_payment(name)
		payment.update({"reference_no": "R-1", "reference_date": "2026-11-24"})
		payment.insert().submit()
	assert (payment.payment_type, payment.paid_amount) == ("Pay", due)
	assert deposit(name) == (0, 0)
	with pytest.raises(ContractStepError, match="no deposit to return"):
		deposits.refund_payment(contract(name))


def test_earnest_money_of_an_ended_contract_may_go_back_twice() -> None:
	name = received(made(valid("IO-01")))
	contracting.pay_deposit(name)
	due = contract(name).deposit_amount
	take(name, "Veto", "OA", "VT-OTHER 无法制造")
	payment = back(name, 2 * due)
	assert deposit(name) == (-due, 0)
	payment.cancel()
	assert deposit(name) == (due, 0)


def test_a_confirmation_does_not_outlive_a_raised_deposit() -> None:
	name = received(made(valid("IO-01")))
	contracting.pay_deposit(name, contract(name).deposit_amount * 2)
	approved(name)
	contracting.confirm_deposit(name)
	take(name, "Return", "OA", "RT-PRICE 定金提高")
	change(name, acceptance="按样车验收")
	assert deposit(name)[1] == 1, "nothing of the deposit was changed"
	change(
		name,
		deposit_pct=15,
		payments=[{"milestone": "Signing", "pct": 15}, {"milestone": "Before Delivery", "pct": 85}],
	)
	document = contract(name)
	assert (document.deposit_confirmed, document.deposit_confirmed_by) == (0, None)


# --- the order that was sold --------------------------------------------------------------------------------


def advance(order: str, yuan: float, dollars: float) -> None:
	"""A payment in dollars on account of a Sales Order, booked on a receivable account in yuan."""
	sold = frappe.get_doc("Sales Order", order)
	row = {"reference_doctype": "Sales Order", "reference_name": order, "allocated_amount": yuan}
	pay(sold.sales_contract, yuan, dollars, sales_contract=None, references=[row])


def test_a_part_paid_in_dollars_is_no_whole_payment_because_it_is_booked_in_yuan() -> None:
	booked = fulfilling.released("SC-USD", "IO-04")
	order = booked["sales_order"]
	total = frappe.db.get_value("Sales Order", order, "grand_total")
	third = total / 3
	assert frappe.db.get_value("Sales Order", order, "currency") == "USD"
	advance(order, third * OF_THE_DAY, third)
	assert frappe.db.get_value("Sales Order", order, "advance_paid") > total, "it is counted in yuan"
	assert not progress.of("SC-USD")["paid"]
	advance(order, 2 * third * OF_THE_DAY, 2 * third)
	assert progress.of("SC-USD")["paid"], "at whatever rate the bank booked it"


# --- what was signed, copied and claimed --------------------------------------------------------------------


def another_copy(name: str) -> str:
	"""Another scan with as many pages."""
	pages = contract(name).prints[-1].pages
	with acting("SP"):
		file = frappe.get_doc(
			{
				"doctype": "File",
				"file_name": f"{name}-again.pdf",
				"attached_to_doctype": SALES_CONTRACT,
				"attached_to_name": name,
				"is_private": 1,
				"content": contracting.scan(pages) + b"% again",
			}
		).insert()
	return str(file.file_url)


def test_the_seal_on_a_refused_copy_is_no_seal_on_the_next_one() -> None:
	name = approved(received(made(valid("IO-01"))))
	contracting.hand_in(name)
	with acting("AU"):
		signing.log_seal(name, "HT-01", 4)
	take(name, "Refuse Signed Copy", "AU", "第3页缺签字")
	contracting.hand_in(name, signed_file=another_copy(name))
	with pytest.raises(ContractStepError, match="seal log"):
		take(name, "Seal", "AU")
	assert contracting.sealed(name) in ("Signed", "Effective")
	assert len({row.file_checksum for row in contract(name).seals}) == 2


def test_a_copy_of_an_expired_order_is_about_the_vehicles_nobody_took() -> None:
	name = valid("IO-02")
	ordered = frappe.db.get_value(INTENT_ORDER, name, "qty")
	frappe.db.set_value(INTENT_ORDER, name, "title", f"公交 × {ordered}")
	made(name, **{name: 12})
	frappe.db.set_value(INTENT_ORDER, name, "valid_until", frappe.utils.add_days(frappe.utils.today(), -1))
	intent_steps.expire_orders()
	with acting("SP"):
		copy = frappe.get_doc(INTENT_ORDER, intent_steps.copy_to_revalidate(name))
	assert (copy.qty, copy.revalidates) == (ordered - 12, name)
	assert copy.title.endswith(f"× {ordered - 12}")


def test_a_copy_of_an_order_nobody_contracted_is_about_all_its_vehicles() -> None:
	name = valid("IO-02")
	frappe.db.set_value(INTENT_ORDER, name, {"status": "Withdrawn", "docstatus": 0, "title": "客户自定标题"})
	with acting("SP"):
		copy = frappe.get_doc(INTENT_ORDER, intent_steps.copy_to_revalidate(name))
	assert (copy.qty, copy.title) == (frappe.db.get_value(INTENT_ORDER, name, "qty"), "客户自定标题")


def claiming(name: str, price: float) -> Document:
	document = contract(name)
	document.options[0].update({"is_claimed": 1, "claimed_price": price})
	return document


def test_claims_of_more_than_six_digits_are_told_apart() -> None:
	name = made(valid("IO-01"))
	one, other = claiming(name, 1_234_567.25), claiming(name, 1_234_568)
	assert sheet.content_hash(one) != sheet.content_hash(other)
	rows = rounds.changes(rounds.content_of(one), rounds.content_of(other))
	(claimed,) = [row for row in rows if row["what"]["code"] == "claims"]
	assert "1234567.25" in claimed["before"]["code"]
	assert "1234568" in claimed["after"]["code"]


def test_shares_of_a_schedule_are_told_apart_by_their_last_digit() -> None:
	one, other = contract(name := made(valid("IO-01"))), contract(name)
	one.payments[0].pct, other.payments[0].pct = 33.333333, 33.333334
	assert sheet.content_hash(one) != sheet.content_hash(other)


def test_claims_of_an_order_are_told_apart_in_its_rounds() -> None:
	def said(price: float) -> str:
		claims = {"ENG-D247": {"is_claimed": 1, "claimed_price": price}}
		return str(order_rounds.as_content({"configuration": claims}).values["terms"]["claimed"])

	assert (said(1_234_567.5), said(16_000)) == ("ENG-D247 1234567.5", "ENG-D247 16000")


def test_deposits_counted_in_another_currency_are_counted_anew_once() -> None:
	name = approved(received(made(valid("IO-04", dest_country="Kazakhstan"))))
	due = contract(name).deposit_amount
	pay(name, due * OF_THE_DAY, due)
	frappe.db.set_value(SALES_CONTRACT, name, "deposit_received", due * 0.99)
	for _again in range(2):
		deposits_as_paid.execute()
	assert contract(name).deposit_received == due
