"""Two at the same moment on the same vehicles, each on a connection of their own: nothing is sold twice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import frappe
import pytest

from order_review.constants import INTENT_ORDER, SALES_CONTRACT
from order_review.demo.people import address
from order_review.exceptions import IntentOrderStepError
from order_review.services.contracts import deposits, make
from tests.site.contracting import as_valid
from tests.site.contracts_case import as_before
from tests.site.reviewing import order
from tests.site.samples import copy_of


@pytest.fixture
def name(demo_site: str) -> Iterator[str]:
	"""A valid order of ten vehicles that other connections see; taken away again with its contracts."""
	south = frappe.db.get_value("Department", {"department_code": "MARKET-S"})
	verified = frappe.db.get_value("Customer", order_customer(), "customer_info_verified")
	copy = copy_of("IO-01", market_department=south, external_id=None).insert()
	as_valid(copy.name)
	frappe.db.commit()
	yield copy.name
	frappe.db.rollback()
	lines = frappe.get_all("Sales Contract Line", {"intent_order": copy.name}, pluck="parent")
	frappe.db.delete("Payment Entry", {"sales_contract": ["in", lines or [""]]})
	for contract in set(lines):
		frappe.delete_doc(SALES_CONTRACT, contract, force=True)
	frappe.db.set_value(INTENT_ORDER, copy.name, {"docstatus": 0, "status": "Draft"})
	frappe.delete_doc(INTENT_ORDER, copy.name, force=True)
	frappe.db.set_value("Customer", order_customer(), "customer_info_verified", verified)
	for doctype, field in (("Notification Log", "document_name"), ("Comment", "reference_name")):
		frappe.db.delete(doctype, {field: ["in", [copy.name, *lines]]})
	frappe.db.commit()


def order_customer() -> str:
	return str(frappe.db.get_value(INTENT_ORDER, {"external_id": "IO-01"}, "customer"))


def at_once(site: str, *calls: Callable[[], Any], code: str = "SP") -> list[Any]:
	"""Run calls of a sample user at the same moment, each in a transaction of its own; tells what came of each."""
	gate = threading.Barrier(len(calls))
	ends: list[Any] = [None] * len(calls)
	folder = frappe.local.sites_path

	def run(index: int, call: Callable[[], Any]) -> None:
		frappe.init(site, sites_path=folder)
		frappe.connect()
		try:
			frappe.set_user(address(code))
			frappe.get_all(SALES_CONTRACT, limit=1)  # reads before the lock, as a request does
			gate.wait(timeout=30)
			ends[index] = call()
			frappe.db.commit()
		except BaseException as error:
			ends[index] = error
			frappe.db.rollback()
		finally:
			frappe.destroy()

	threads = [threading.Thread(target=run, args=(index, call)) for index, call in enumerate(calls)]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join(timeout=120)
	frappe.db.rollback()  # see what the others committed
	return ends


def test_of_two_contracts_on_all_vehicles_one_is_made(name: str) -> None:
	ends = at_once(frappe.local.site, *(lambda key=key: make.make([name], None, key) for key in ("a", "b")))
	refused = [end for end in ends if isinstance(end, BaseException)]
	assert len(refused) == 1, ends
	assert isinstance(refused[0], IntentOrderStepError), refused
	assert frappe.db.count("Sales Contract Line", {"intent_order": name}) == 1
	assert (order(name).status, order(name).contracted_qty) == ("Converted", 10)


def test_two_contracts_that_both_find_room_are_both_made(name: str) -> None:
	ends = at_once(frappe.local.site, *(lambda: make.make([name], {name: 5}) for _both in range(2)))
	assert all(isinstance(end, str) for end in ends), ends
	assert (order(name).status, order(name).contracted_qty) == ("Converted", 10)


def test_the_same_click_sent_twice_makes_one_contract(name: str) -> None:
	ends = at_once(
		frappe.local.site, *(lambda: make.make([name], {name: 4}, "one-click") for _both in range(2))
	)
	assert ends[0] == ends[1]
	assert isinstance(ends[0], str)
	assert order(name).contracted_qty == 4


def test_two_payments_booked_at_the_same_moment_are_both_counted(name: str) -> None:
	contract = at_once(frappe.local.site, lambda: make.make([name]))[0]
	customer, currency = frappe.db.get_value(SALES_CONTRACT, contract, ["customer", "currency"])

	def book(number: str) -> None:
		"""What of a Payment Entry's submitting concerns the contract, in the order it happens."""
		payment = frappe.get_doc(
			{
				"doctype": "Payment Entry",
				"name": f"PE-RACE-{number}",
				"payment_type": "Receive",
				"party_type": "Customer",
				"party": customer,
				"paid_amount": 1000,
				"base_received_amount": 1000,
				"paid_from_account_currency": currency,
				"sales_contract": contract,
				"docstatus": 1,
			}
		)
		deposits.check_payment(payment)
		payment.db_insert()
		deposits.payment_changed(payment)

	ends = at_once(frappe.local.site, lambda: book("1"), lambda: book("2"))
	assert ends == [None, None]
	assert frappe.db.get_value(SALES_CONTRACT, contract, "deposit_received") == 2000


# --- whole Payment Entries ----------------------------------------------------------------------------------

PAYMENTS = 6


@pytest.fixture
def drafts(name: str) -> Iterator[list[str]]:
	"""Draft Payment Entries for one contract that other connections see; taken away again with their entries."""
	with as_before("Payment Entry", "GL Entry", "Payment Ledger Entry", "Series"):
		contract = at_once(frappe.local.site, lambda: make.make([name]))[0]
		made = [_draft(contract, number).name for number in range(PAYMENTS)]
		frappe.db.commit()
		yield made


def _draft(contract: str, number: int) -> Any:
	payment = deposits.payment_of(frappe.get_doc(SALES_CONTRACT, contract), 1000.0 + number)
	payment.update({"reference_no": f"RACE-{number}", "reference_date": "2026-11-23"})
	return payment.insert(ignore_permissions=True)


def submit(payment: str) -> str:
	"""Submit as Finance does at the Desk."""
	document = frappe.get_doc("Payment Entry", payment)
	document.submit()
	return str(document.name)


def test_deposits_booked_at_the_same_moment_are_all_booked_and_all_counted(drafts: list[str]) -> None:
	contract = frappe.db.get_value("Payment Entry", drafts[0], "sales_contract")
	ends = at_once(frappe.local.site, *(lambda one=one: submit(one) for one in drafts), code="FR")
	assert ends == drafts, [end for end in ends if isinstance(end, BaseException)]
	amounts = frappe.get_all("Payment Entry", {"name": ["in", drafts]}, pluck="paid_amount")
	assert sum(amounts) == sum(1000 + number for number in range(PAYMENTS))
	assert frappe.db.get_value(SALES_CONTRACT, contract, "deposit_received") == sum(amounts)


def test_of_one_deposit_booked_twice_at_the_same_moment_one_is_counted(drafts: list[str]) -> None:
	contract = frappe.db.get_value("Payment Entry", drafts[0], "sales_contract")
	ends = at_once(frappe.local.site, *(lambda: submit(drafts[0]) for _click in range(3)), code="FR")
	assert len([end for end in ends if end == drafts[0]]) == 1, ends
	assert frappe.db.get_value(SALES_CONTRACT, contract, "deposit_received") == 1000


def test_deposits_booked_and_cancelled_at_the_same_moment_count_to_what_stands(drafts: list[str]) -> None:
	contract = frappe.db.get_value("Payment Entry", drafts[0], "sales_contract")
	for one in drafts[:3]:
		submit(one)
	frappe.db.commit()

	def cancel(payment: str) -> str:
		document = frappe.get_doc("Payment Entry", payment)
		document.cancel()
		return str(document.name)

	ends = at_once(
		frappe.local.site,
		*(lambda one=one: cancel(one) for one in drafts[:3]),
		*(lambda one=one: submit(one) for one in drafts[3:]),
		code="FR",
	)
	assert ends == drafts, ends
	booked = frappe.get_all("Payment Entry", {"name": ["in", drafts], "docstatus": 1}, pluck="paid_amount")
	assert frappe.db.get_value(SALES_CONTRACT, contract, "deposit_received") == sum(booked)
