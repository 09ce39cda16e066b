"""Contracts on their way from valid intent orders to effect: steps as the sample users take them."""

from __future__ import annotations

import io
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.model.workflow import apply_workflow
from frappe.utils import add_days, today
from pypdf import PdfWriter

from order_review.constants import INTENT_ORDER, REVIEW_TASK, SALES_CONTRACT
from order_review.services import guard, price_approval, review_tasks
from order_review.services.contracts import deposits, make, signing
from tests.site.reviewing import AGREED, WHO, acting, all_agree, order, ready, step, to_opinions

CONTRACT_DAY = "2026-11-20"
"""A day on which the price books and policies of the sample orders hold."""

LEVELS = {"L1": "MM", "L2": "SM", "L3": "VP", "L4": "PC"}


def valid(sample: str, **values: Any) -> str:
	"""A sample order as a valid one, for what follows from it; its review and price stand as they are."""
	return as_valid(ready(sample, **values))


def as_valid(name: str) -> str:
	"""Put an order where its review would have brought it."""
	values = {"status": "Valid", "docstatus": 1, "review_round": 1, "contracted_qty": 0}
	qty, customer = frappe.db.get_value(INTENT_ORDER, name, ["qty", "customer"])
	frappe.db.set_value("Customer", customer, "customer_info_verified", 1)
	until = add_days(today(), 30)
	frappe.db.set_value(INTENT_ORDER, name, {**values, "valid_until": until, "remaining_qty": qty})
	return name


def reviewed(sample: str, **values: Any) -> str:
	"""A sample order that went through its whole review and is valid."""
	name = to_opinions(sample, **values)
	all_agree(name)
	return make_valid(name)


def make_valid(name: str) -> str:
	"""The last steps of an order whose opinions are all given."""
	document = order(name)
	if not price_approval.is_covered(document):
		step(name, "Send to Price Approval", "OA")
		approve_price(name)
	step(name, "Make Valid", "OA")
	assert order(name).status == "Valid"
	return name


def another(name: str, **values: Any) -> str:
	"""Another valid order like this one."""
	copy = frappe.copy_doc(order(name), ignore_no_copy=False)
	copy.update({"docstatus": 0, "external_id": None, **values})
	return as_valid(str(copy.insert().name))


def approve_price(name: str) -> None:
	"""The role of the order's level approves."""
	whole = price_approval.kept_review(name)
	with acting(LEVELS[whole["price"]["approval_level"]]):
		price_approval.decide(name, "Approved", "量大,客户重要")


def made(*orders: str, key: str | None = None, code: str = "SP", **quantity: int) -> str:
	"""A draft contract of valid orders by the sample salesperson, dated while the samples' prices hold."""
	with acting(code):
		name = make.make(orders, quantity or None, key)
		change(name, contract_date=CONTRACT_DAY, dealer_authorisation=authorisation(name))
	return name


def contract(name: str) -> Document:
	"""The contract as it is stored."""
	return frappe.get_doc(SALES_CONTRACT, name)


def change(name: str, code: str = "SP", **values: Any) -> None:
	"""Save changed fields as a role."""
	with acting(code):
		document = contract(name)
		document.update(values)
		document.save()


def choose(name: str, option: str, line: int = 1, code: str = "SP") -> None:
	"""Put an option in the place of the one its family has on a line."""
	family = frappe.db.get_value("Vehicle Option", option, "family")
	with acting(code):
		document = contract(name)
		row = next(row for row in document.options if (row.line_no, row.family) == (line, family))
		row.update({"vehicle_option": option, "is_claimed": 0, "claimed_price": 0})
		document.save()


def take(name: str, action: str, code: str, reason: str = "") -> str:
	"""Take an action as a role; tells the status afterwards."""
	with acting(code), guard.because(reason):
		apply_workflow(contract(name), action)
	return str(frappe.db.get_value(SALES_CONTRACT, name, "status"))


def received(name: str) -> str:
	"""The contract is submitted and received."""
	take(name, "Submit for Review", "SP")
	take(name, "Receive", "OA")
	return name


def asked(name: str, **filters: Any) -> dict[str, str]:
	"""Department → open task of the contract's present round."""
	wanted = {
		"reference_name": name,
		"review_round": contract(name).review_round,
		"status": "Open",
		**filters,
	}
	return {row.department: row.name for row in frappe.get_all(REVIEW_TASK, wanted, ["name", "department"])}


def give(name: str, department: str, opinion: str = "Agree", **values: Any) -> None:
	"""A department's opinion on the contract, by its sample user."""
	task = asked(name)[department]
	with acting(WHO[department]):
		review_tasks.answer(task, {**AGREED.get(department, {}), "opinion": opinion, **values})


def approved(name: str) -> str:
	"""Everybody asked agrees, and the contract is approved for signing."""
	if contract(name).status != "Under Opinions":
		take(name, "Send to Opinions", "OA")
	for department in asked(name):
		give(name, department)
	take(name, "Approve for Signing", "OA")
	return name


def scan(pages: int) -> bytes:
	"""A PDF with empty pages."""
	writer, file = PdfWriter(), io.BytesIO()
	for _page in range(pages):
		writer.add_blank_page(595, 842)
	writer.write(file)
	return file.getvalue()


def authorisation(name: str) -> str:
	"""The dealer's letter, attached to the contract by the salesperson; tells its address."""
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": f"{name}-authorisation.pdf",
			"attached_to_doctype": SALES_CONTRACT,
			"attached_to_name": name,
			"is_private": 1,
			"content": scan(1),
		}
	)
	with acting("SP"):
		return str(file.insert().file_url)


def signed_copy(name: str, pages: int, is_private: int = 1) -> str:
	"""A file as the scan of the signed copy; tells its address."""
	with acting("SP"):
		file = frappe.get_doc(
			{
				"doctype": "File",
				"file_name": f"{name}-signed.pdf",
				"attached_to_doctype": SALES_CONTRACT,
				"attached_to_name": name,
				"is_private": is_private,
				"content": scan(pages),
			}
		).insert()
	return str(file.file_url)


def hand_in(name: str, **values: Any) -> str:
	"""The salesperson hands in the signed copy, as it should be unless values say otherwise."""
	version = contract(name).prints[-1]
	stated = {
		"signed_file": values.get("signed_file") or signed_copy(name, version.pages),
		"signed_on": "2026-11-22",
		"signed_pages": version.pages,
		"signed_checksum": version.annex_checksum[:16],
	}
	change(name, **{**stated, **values})
	return take(name, "Hand In Signed Copy", "SP")


def sealed(name: str) -> str:
	"""The auditor seals."""
	with acting("AU"):
		signing.log_seal(name, "HT-01", 4)
	return take(name, "Seal", "AU")


def pay_deposit(name: str, amount: float | None = None, party: str | None = None) -> Document:
	"""A submitted Payment Entry for the contract's deposit."""
	document = contract(name)
	company = frappe.get_doc("Company", document.company)
	bank = frappe.db.get_value(
		"Account", {"company": company.name, "account_type": ["in", ["Bank", "Cash"]], "is_group": 0}
	)
	paid = amount or document.deposit_amount
	payment = frappe.get_doc(
		{
			"doctype": "Payment Entry",
			"payment_type": "Receive",
			"company": company.name,
			"party_type": "Customer",
			"party": party or document.customer,
			"paid_from": company.default_receivable_account,
			"paid_to": bank,
			"paid_amount": paid,
			"received_amount": paid,
			"source_exchange_rate": 1,
			"target_exchange_rate": 1,
			"reference_no": "T-1",
			"reference_date": "2026-11-23",
			"sales_contract": name,
		}
	)
	payment.insert(ignore_permissions=True)
	payment.submit()
	return payment


def confirm_deposit(name: str) -> bool:
	"""Finance confirms the deposit."""
	with acting("FR"):
		return deposits.confirm_deposit(name)


def signed(sample: str, **values: Any) -> str:
	"""A contract of a sample order, signed and sealed."""
	name = approved(received(made(valid(sample, **values))))
	hand_in(name)
	sealed(name)
	return name


def effective(sample: str, **values: Any) -> str:
	"""A contract of a sample order that is in force."""
	name = signed(sample, **values)
	pay_deposit(name)
	confirm_deposit(name)
	assert contract(name).status == "Effective"
	return name
