"""A released contract line in ERPNext: Item, BOM and Sales Order, once, whole or not at all."""

from __future__ import annotations

import frappe
import pytest

from order_review.constants import DELIVERY_COMMITMENT
from order_review.exceptions import OrderEntryError
from order_review.services.production import bound_orders, erp
from tests.site import fulfilling
from tests.site.reviewing import acting

pytestmark = pytest.mark.usefixtures("demo_site")

ASSEMBLIES = 51  # of IO-01, see orders.yaml


@pytest.fixture
def booked() -> erp.Booked:
	with acting("PM"):
		return fulfilling.released()


def counts() -> dict[str, int]:
	return {doctype: frappe.db.count(doctype) for doctype in ("Item", "BOM", "Sales Order", "BOM Item")}


def test_the_sample_line_becomes_one_item_one_bom_of_its_assemblies_and_one_submitted_sales_order(
	booked: erp.Booked,
) -> None:
	order = frappe.get_doc("Sales Order", booked["sales_order"])
	item, bom = frappe.get_doc("Item", booked["item"]), frappe.get_doc("BOM", booked["bom"])
	assert (order.docstatus, bom.docstatus, bom.is_default) == (1, 1, 1)
	assert (order.sales_contract, order.contract_line) == ("SC-TEST-1", 1)
	assert (order.production_configuration, order.order_kind) == ("PCF-SC-TEST-1", "Dealer")
	assert [(row.item_code, row.qty, row.rate, row.bom_no) for row in order.items] == [
		(item.name, 10, 848000, bom.name)
	]
	assert (item.has_serial_no, item.vehicle_model, item.stock_uom) == (1, "XQK6128H", "台")
	assert item.default_bom == bom.name
	assert len(bom.items) == ASSEMBLIES
	assert "1001900-C12-D247M" in {row.item_code for row in bom.items}


def test_the_price_of_the_contract_contains_the_tax_and_is_what_the_customer_pays(booked: erp.Booked) -> None:
	order = frappe.get_doc("Sales Order", booked["sales_order"])
	assert order.grand_total == 8480000
	assert order.net_total == pytest.approx(8480000 / 1.13, abs=0.01)
	assert (order.ignore_pricing_rule, order.disable_rounded_total) == (1, 1)
	assert order.sales_partner == "华东星桥汽车销售服务有限公司(示例)"
	assert [(row.sales_person, row.allocated_percentage) for row in order.sales_team] == [("周敏", 100)]


def test_a_pricing_rule_of_erpnext_does_not_touch_the_signed_price() -> None:
	rule = {
		"doctype": "Pricing Rule",
		"title": "Autumn",
		"apply_on": "Item Group",
		"selling": 1,
		"company": frappe.db.get_value("Company", {}, "name"),
		"rate_or_discount": "Discount Percentage",
		"discount_percentage": 10,
		"currency": "CNY",
	}
	fulfilling.settings()
	group = frappe.db.get_single_value("Order Review Settings", "vehicle_item_group")
	frappe.get_doc({**rule, "item_groups": [{"item_group": group}]}).insert()
	booked = fulfilling.released()
	assert frappe.db.get_value("Sales Order", booked["sales_order"], "grand_total") == 8480000


def test_asked_again_the_release_gives_what_there_is_and_makes_nothing(booked: erp.Booked) -> None:
	sales = frappe.get_doc("Sales Contract", "SC-TEST-1")
	before = counts()
	again = erp.book(frappe.get_doc("Production Configuration", "PCF-SC-TEST-1"), sales, sales.lines[0])
	assert again == booked
	assert counts() == before


def test_a_second_version_is_an_item_of_its_own_and_takes_the_place_of_the_first_sales_order(
	booked: erp.Booked,
) -> None:
	sales = frappe.get_doc("Sales Contract", "SC-TEST-1")
	second = erp.book(fulfilling.configuration(sales, "PCF-2", version=2), sales, sales.lines[0])
	assert second["item"] == f"{booked['item']}-V2"
	order = frappe.get_doc("Sales Order", second["sales_order"])
	assert (order.amended_from, order.grand_total) == (booked["sales_order"], 8480000)
	orders = {"sales_contract": "SC-TEST-1", "docstatus": 1}
	assert frappe.get_all("Sales Order", orders, pluck="name") == [order.name]


def test_a_sales_order_in_work_is_not_replaced(booked: erp.Booked) -> None:
	sales = frappe.get_doc("Sales Contract", "SC-TEST-1")
	frappe.db.set_value("Sales Order Item", {"parent": booked["sales_order"]}, "work_order_qty", 1)
	with pytest.raises(OrderEntryError, match="in work already"):
		erp.book(fulfilling.configuration(sales, "PCF-2", version=2), sales, sales.lines[0])


def test_each_lot_of_the_delivery_date_is_a_row_with_its_day() -> None:
	fulfilling.settings()
	sales = fulfilling.contract()
	commitment = frappe.get_doc(
		{
			"doctype": DELIVERY_COMMITMENT,
			"name": "DDC-TEST",
			"reference_doctype": "Sales Contract",
			"reference_name": sales.name,
			"reference_line": 1,
			"status": "Confirmed",
			"qty": 10,
			"committed_date": fulfilling.day(90),
		}
	)
	for qty, ahead in ((4, 70), (6, 90)):
		commitment.append("lots", {"qty": qty, "delivery_date": fulfilling.day(ahead)})
	fulfilling._store(commitment)
	booked = erp.book(fulfilling.configuration(sales), sales, sales.lines[0])
	order = frappe.get_doc("Sales Order", booked["sales_order"])
	assert [(row.qty, row.delivery_date) for row in order.items] == [
		(4, fulfilling.day(70)),
		(6, fulfilling.day(90)),
	]
	assert order.delivery_date == fulfilling.day(90)


def test_the_payments_of_the_contract_are_the_schedule_of_the_order() -> None:
	fulfilling.settings()
	sales = fulfilling.contract()
	for milestone, pct, days in (("Signing", 10, 0), ("Before Delivery", 60, 0), ("After Delivery", 30, 30)):
		sales.append("payments", {"milestone": milestone, "pct": pct, "days": days})
	booked = erp.book(fulfilling.configuration(sales), sales, sales.lines[0])
	schedule = frappe.get_doc("Sales Order", booked["sales_order"]).payment_schedule
	assert [(row.payment_amount, row.due_date) for row in schedule] == [
		(848000, fulfilling.day(0)),
		(5088000, fulfilling.day()),
		(2544000, fulfilling.day(fulfilling.DAYS_TO_DELIVERY + 30)),
	]


def test_an_export_order_is_sold_in_its_currency_at_the_rate_of_the_contract_without_vat() -> None:
	fulfilling.settings()
	sales = fulfilling.contract("SC-TEST-X", "IO-04")
	booked = erp.book(fulfilling.configuration(sales, "PCF-X", "IO-04"), sales, sales.lines[0])
	order = frappe.get_doc("Sales Order", booked["sales_order"])
	line = sales.lines[0]
	assert (order.currency, order.conversion_rate, order.order_kind) == ("USD", 7.1, "Export")
	assert order.grand_total == pytest.approx(line.qty * line.unit_price)
	assert not order.taxes


def test_missing_items_are_named_all_at_once_and_nothing_is_made() -> None:
	fulfilling.settings(create_missing_items=0)
	sales = fulfilling.contract()
	pcf, before = fulfilling.configuration(sales, prefix="NEW-"), counts()
	with pytest.raises(OrderEntryError) as refused:
		erp.book(pcf, sales, sales.lines[0])
	assert all(row.assembly_no in str(refused.value) for row in pcf.lines)
	assert counts() == before
	assert erp.preview(pcf, sales.company)["missing_items"] == list(
		dict.fromkeys(row.assembly_no for row in pcf.lines)
	)


def test_a_disabled_item_is_no_item() -> None:
	fulfilling.settings()
	sales = fulfilling.contract()
	pcf = fulfilling.configuration(sales, prefix="NEW-")
	number = pcf.lines[0].assembly_no
	group = frappe.db.get_single_value("Order Review Settings", "assembly_item_group")
	values = {"item_code": number, "item_group": group, "stock_uom": "件", "disabled": 1}
	frappe.get_doc({"doctype": "Item", **values}).insert()
	with pytest.raises(OrderEntryError, match=number):
		erp.book(pcf, sales, sales.lines[0])


def test_missing_settings_are_named() -> None:
	fulfilling.settings(vehicle_warehouse=None, vehicle_uom=None)
	sales = fulfilling.contract()
	with pytest.raises(OrderEntryError, match="Unit of Vehicles, Warehouse of Finished Vehicles"):
		erp.book(fulfilling.configuration(sales), sales, sales.lines[0])


def test_a_delivery_date_that_is_over_stops_the_entry() -> None:
	fulfilling.settings()
	sales = fulfilling.contract()
	sales.lines[0].delivery_date = fulfilling.day(-1)
	with pytest.raises(OrderEntryError, match="is over"):
		erp.book(fulfilling.configuration(sales), sales, sales.lines[0])


def test_a_total_other_than_the_contracts_stops_the_entry() -> None:
	fulfilling.settings()
	template = frappe.get_doc(
		"Sales Taxes and Charges Template", frappe.db.get_single_value("Order Review Settings", "sales_taxes")
	)
	account = template.taxes[0].account_head
	charge = {"charge_type": "Actual", "account_head": account, "description": "freight", "tax_amount": 5}
	template.append("taxes", charge)
	template.save()
	sales = fulfilling.contract()
	with pytest.raises(OrderEntryError, match="the contract says"):
		erp.book(fulfilling.configuration(sales), sales, sales.lines[0])


def test_a_sales_order_that_cannot_be_submitted_leaves_nothing() -> None:
	fulfilling.settings()
	sales = fulfilling.contract()
	pcf, before = fulfilling.configuration(sales), counts()
	customer = frappe.get_doc(
		{"doctype": "Customer", "customer_name": "Small Tours", "customer_type": "Company"}
	)
	customer.append("credit_limits", {"company": sales.company, "credit_limit": 1000})
	sales.customer = customer.insert().name
	frappe.db.savepoint("before_release")
	with pytest.raises(frappe.ValidationError, match="credit limits"):
		erp.book(pcf, sales, sales.lines[0])
	assert counts()["Sales Order"] > before["Sales Order"], "it had got as far as the Sales Order"
	frappe.db.rollback(save_point="before_release")
	assert counts() == before
	assert erp.booked(pcf.name) is None


def test_the_way_to_bound_records_is_shut_again_after_a_failure() -> None:
	fulfilling.settings(vehicle_uom=None)
	sales = fulfilling.contract()
	with pytest.raises(OrderEntryError):
		erp.book(fulfilling.configuration(sales), sales, sales.lines[0])
	assert not bound_orders.is_lawful(sales.name)
