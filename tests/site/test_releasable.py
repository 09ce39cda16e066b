"""What would be refused at the release is refused while the contract can still be changed; what ERPNext wants merged is merged."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from order_review.constants import REVIEW_SETTINGS
from order_review.exceptions import ContractStepError
from order_review.services.production import entry_rehearsal, erp
from tests.site import contracting, fulfilling
from tests.site.contracting import acting, approved, change, contract, made, received, take, valid

pytestmark = pytest.mark.usefixtures("demo_site")

USUAL = [
	{"milestone": "Signing", "pct": 10},
	{"milestone": "Before Delivery", "pct": 45},
	{"milestone": "After Delivery", "pct": 45},
]


def draft(**values: Any) -> str:
	fulfilling.settings()
	name = made(valid("IO-01"))
	change(name, **values)
	return name


def refused(name: str) -> str:
	frappe.db.savepoint("submit")
	with pytest.raises(ContractStepError) as found:
		take(name, "Submit for Review", "SP")
	frappe.db.rollback(save_point="submit")
	return str(found.value)


def test_payments_due_on_one_day_are_one_payment_of_the_sales_order() -> None:
	fulfilling.settings()
	sales = fulfilling.contract()
	for row in USUAL:
		sales.append("payments", row)
	booked = erp.book(fulfilling.configuration(sales), sales, sales.lines[0])
	order = frappe.get_doc("Sales Order", booked["sales_order"])
	assert [(row.invoice_portion, row.payment_amount, row.due_date) for row in order.payment_schedule] == [
		(10, 848_000, fulfilling.day(0)),
		(90, 7_632_000, fulfilling.day()),
	]
	assert order.payment_schedule[1].description.count(";") == 1
	assert order.docstatus == 1


def test_a_contract_with_the_usual_schedule_goes_all_the_way_to_its_effect() -> None:
	name = draft(payments=USUAL)
	approved(received(name))
	contracting.hand_in(name)
	contracting.sealed(name)
	contracting.pay_deposit(name)
	contracting.confirm_deposit(name)
	assert contract(name).status == "Effective"
	assert entry_rehearsal.obstacles(contract(name)) == []


def test_the_rehearsal_leaves_nothing_behind() -> None:
	name = draft()
	tables = ("Item", "Sales Order", "BOM", "Item Default", "Series")
	before = {table: frappe.db.sql(f"select count(*) from `tab{table}`") for table in tables}
	frappe.clear_messages()
	with acting("SP"):
		assert entry_rehearsal.obstacles(contract(name)) == []
	assert {table: frappe.db.sql(f"select count(*) from `tab{table}`") for table in tables} == before
	assert not frappe.local.message_log
	assert take(name, "Submit for Review", "SP") == "Submitted"


def test_a_disabled_or_frozen_customer_is_told_at_submission() -> None:
	name = draft()
	customer = contract(name).customer
	frappe.db.set_value("Customer", customer, "disabled", 1)
	assert f"Customer {customer} is disabled" in refused(name)
	frappe.db.set_value("Customer", customer, {"disabled": 0, "is_frozen": 1})
	assert "is frozen" in refused(name)


def test_a_disabled_price_list_is_told_at_submission() -> None:
	name = draft()
	listed = frappe.db.get_single_value(REVIEW_SETTINGS, "selling_price_list")
	frappe.db.set_value("Price List", listed, "enabled", 0)
	frappe.clear_document_cache("Price List", listed)
	assert listed in refused(name)


def test_a_disabled_salesperson_is_told_at_submission() -> None:
	name = draft()
	frappe.db.set_value("Sales Person", contract(name).sales_person, "enabled", 0)
	assert contract(name).sales_person in refused(name)


def test_a_customer_booked_in_another_currency_is_told_at_submission() -> None:
	name = draft()
	document = contract(name)
	for ledger in (
		"GL Entry",
		"Payment Ledger Entry",
	):  # the customer has been booked in the company's currency
		frappe.db.delete(ledger, {"party": document.customer})
	account = frappe.get_doc(
		{
			"doctype": "Account",
			"account_name": "Debtors EUR",
			"parent_account": frappe.db.get_value(
				"Account",
				frappe.db.get_value("Company", document.company, "default_receivable_account"),
				"parent_account",
			),
			"company": document.company,
			"account_type": "Receivable",
			"account_currency": "EUR",
		}
	).insert(ignore_permissions=True)
	customer = frappe.get_doc("Customer", document.customer)
	customer.default_currency = "EUR"
	customer.append("accounts", {"company": document.company, "account": account.name})
	customer.save(ignore_permissions=True)
	assert "EUR" in refused(name)


def test_taxes_that_change_the_signed_total_are_told_at_submission() -> None:
	name = draft()
	template = frappe.get_doc(
		"Sales Taxes and Charges Template", frappe.db.get_single_value(REVIEW_SETTINGS, "sales_taxes")
	)
	template.append(
		"taxes",
		{
			"charge_type": "Actual",
			"account_head": template.taxes[0].account_head,
			"description": "freight",
			"tax_amount": 5,
		},
	)
	template.save()
	assert "ERPNext makes the total" in refused(name)


def test_a_disabled_assembly_is_told_at_submission() -> None:
	name = draft()
	number = "1001900-C12-D247M"
	if not frappe.db.exists("Item", number):
		group = frappe.db.get_single_value(REVIEW_SETTINGS, "assembly_item_group")
		values = {"item_code": number, "item_group": group, "stock_uom": "件"}
		frappe.get_doc({"doctype": "Item", **values}).insert()
	frappe.db.set_value("Item", number, "disabled", 1)
	assert f"{number} (disabled)" in refused(name)


def test_a_delivery_date_that_is_over_is_told_at_submission() -> None:
	name = draft()
	frappe.db.set_value("Sales Contract Line", {"parent": name}, "delivery_date", fulfilling.day(-1))
	assert "is over" in refused(name)


def test_a_credit_limit_that_does_not_reach_is_told_without_its_amount() -> None:
	name = draft()
	document = contract(name)
	customer = frappe.get_doc("Customer", document.customer)
	customer.append("credit_limits", {"company": document.company, "credit_limit": 1_234_567})
	customer.flags.ignore_validate = True
	customer.save(ignore_permissions=True)
	said = refused(name)
	assert "credit limit" in said
	assert "1,234,567" not in said
	assert "1234567" not in said


def test_missing_settings_of_the_order_entry_are_told_at_submission() -> None:
	name = draft()
	fulfilling.settings(vehicle_warehouse=None, vehicle_uom=None)
	assert "Unit of Vehicles, Warehouse of Finished Vehicles" in refused(name)


def test_what_came_up_since_is_told_before_the_contract_is_given_out_for_signing() -> None:
	name = received(draft())
	take(name, "Send to Opinions", "OA")
	frappe.db.set_value("Customer", contract(name).customer, "disabled", 1)
	with pytest.raises(ContractStepError, match="is disabled"):
		approved(name)
