"""Finance, and nobody else, records and confirms the deposit of a signed contract by clicking; it is in force then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.desk_actors import Actor, Office

TakePicture = Callable[[Page, str], Path]
CONTRACT = "Sales Contract"


def waiting(finance: Actor) -> str:
	"""The sample contract that waits for its deposit, found in Finance's own list."""
	finance.page.goto("/app/sales-contract?status=Signed")
	row = finance.page.locator(".list-row-container .list-row .list-subject a").first
	expect(row).to_be_visible()
	name = str(row.get_attribute("data-name"))
	row.click()
	finance.page.wait_for_function("name => window.cur_frm && cur_frm.doc.name === name", arg=name)
	return name


def click(page: Page, label: str) -> None:
	"""Click a button of the form by its label, whatever the language."""
	page.get_by_role("button", name=page.evaluate("label => __(label)", label), exact=True).first.click()


def book(page: Page, reference: str) -> None:
	"""Save and submit the Payment Entry that is open."""
	if page.locator("[data-fieldname=reference_no]:visible input").count():
		page.locator("[data-fieldname=reference_no] input").fill(reference)
		page.evaluate("cur_frm.set_value('reference_date', frappe.datetime.get_today())")
	click(page, "Save")
	page.wait_for_function("() => !cur_frm.is_new() && !cur_frm.is_dirty()")
	click(page, "Submit")
	page.locator(".modal.show .btn-modal-primary:visible").click()
	page.wait_for_function("() => cur_frm.doc.docstatus === 1")
	page.wait_for_load_state("networkidle")


def test_finance_records_the_deposit_and_the_contract_becomes_effective(
	office: Office, take_picture: TakePicture
) -> None:
	finance = office("Finance Reviewer")
	page = finance.page
	name = waiting(finance)
	take_picture(page, "deposit-contract")
	other = office("Order Administrator").opens(CONTRACT, name)
	expect(
		other.get_by_role("button", name=other.evaluate("__('Record Deposit')"), exact=True)
	).to_have_count(0)
	amount = page.evaluate("cur_frm.doc.deposit_amount")
	click(page, "Record Deposit")
	page.wait_for_function("() => window.cur_frm && cur_frm.doctype === 'Payment Entry'")
	filled = page.evaluate(
		"(({payment_type, party, paid_amount, received_amount, paid_from, paid_to, sales_contract}) =>"
		" ({payment_type, party, paid_amount, received_amount, paid_from, paid_to, sales_contract}))(cur_frm.doc)"
	)
	assert (filled["payment_type"], filled["sales_contract"]) == ("Receive", name)
	assert (filled["paid_amount"], filled["received_amount"]) == (amount, amount)
	assert filled["paid_from"]
	assert filled["paid_to"]
	book(page, "TT-2026-118")
	take_picture(page, "deposit-payment")
	finance.opens(CONTRACT, name)
	assert page.evaluate("cur_frm.doc.deposit_received") == amount
	record = page.evaluate("__('Record Deposit')")
	expect(page.get_by_role("button", name=record, exact=True)).to_have_count(0)
	click(page, "Confirm Deposit")
	page.wait_for_function("() => cur_frm.doc.status === 'Effective'")
	take_picture(page, "deposit-effective")


def paid(finance: Actor, name: str, amount: float) -> None:
	"""A payment of the contract's customer, booked beside the form."""
	contract = finance.call("frappe.client.get", doctype=CONTRACT, name=name)
	company = finance.call("frappe.client.get", doctype="Company", name=contract["company"])
	cash = {"company": company["name"], "account_type": ["in", ["Bank", "Cash"]], "is_group": 0}
	(account, *_others) = finance.call("frappe.client.get_list", doctype="Account", filters=cash)
	payment = {
		"doctype": "Payment Entry",
		"payment_type": "Receive",
		"company": company["name"],
		"party_type": "Customer",
		"party": contract["customer"],
		"paid_from": company["default_receivable_account"],
		"paid_to": account["name"],
		"paid_amount": amount,
		"received_amount": amount,
		"source_exchange_rate": 1,
		"target_exchange_rate": 1,
		"reference_no": "TT-2026-119",
		"reference_date": contract["contract_date"],
		"sales_contract": name,
	}
	finance.call("frappe.client.submit", doc=finance.call("frappe.client.insert", doc=payment))


def test_finance_returns_the_deposit_of_a_contract_that_was_withdrawn(
	office: Office, take_picture: TakePicture
) -> None:
	finance, sales = office("Finance Reviewer"), office("Salesperson")
	for actor in (finance, sales):
		actor.page.goto("/app/sales-contract")
		actor.page.wait_for_load_state("networkidle")
	(draft, *_others) = sales.call("frappe.client.get_list", doctype=CONTRACT, filters={"status": "Draft"})
	name = draft["name"]
	paid(finance, name, 50_000)
	page = finance.opens(CONTRACT, name)
	label = page.evaluate("__('Return Deposit')")
	expect(page.get_by_role("button", name=label, exact=True)).to_have_count(0)
	sales.takes(CONTRACT, name, "Withdraw")
	finance.opens(CONTRACT, name)
	take_picture(page, "deposit-to-return")
	click(page, "Return Deposit")
	page.wait_for_function("() => window.cur_frm && cur_frm.doctype === 'Payment Entry'")
	filled = page.evaluate(
		"(({payment_type, paid_amount, sales_contract}) => ({payment_type, paid_amount, sales_contract}))(cur_frm.doc)"
	)
	assert filled == {"payment_type": "Pay", "paid_amount": 50_000, "sales_contract": name}
	book(page, "TT-2026-120")
	take_picture(page, "deposit-returned")
	finance.opens(CONTRACT, name)
	assert page.evaluate("cur_frm.doc.deposit_received") == 0
	expect(page.get_by_role("button", name=label, exact=True)).to_have_count(0)
