"""Signed contracts with a line that is ready for release, and what the release needs, put on the site as records."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, getdate, today

from order_review.constants import PRODUCTION_CONFIGURATION, SALES_CONTRACT
from order_review.demo import order_entry
from order_review.engine.order import Order
from order_review.engine.review import translate_order
from order_review.services import catalogue_store
from order_review.services.production import bound_orders, erp
from tests.site.samples import SAMPLES, order_of

DAYS_TO_DELIVERY = 60


def settings(**values: Any) -> None:
	"""The demo's settings of the order entry, with these changed."""
	order_entry.create_settings()
	for name, value in values.items():
		frappe.db.set_single_value("Order Review Settings", name, value)
	frappe.clear_document_cache("Order Review Settings", "Order Review Settings")


def contract(number: str = "SC-TEST-1", sample: str = "IO-01", **values: Any) -> Document:
	"""An effective contract of one line like a sample order, stored as it is."""
	order = order_of(sample)
	sales = frappe.get_doc(
		{
			"doctype": SALES_CONTRACT,
			"name": number,
			"title": number,
			"status": "Effective",
			"order_type": order.order_type,
			"company": order.company,
			"customer": order.customer,
			"dealer": order.dealer,
			"market_department": order.market_department,
			"sales_person": order.sales_person,
			"contract_date": today(),
			"currency": order.currency or "CNY",
			"fx_rate": order.fx_rate or 1,
			"docstatus": 1,
			**values,
		}
	)
	sales.append(
		"lines",
		{
			"line_no": 1,
			"intent_order": order.name,
			"model": order.model,
			"qty": order.qty,
			"unit_price": order.negotiated_unit,
			"delivery_date": add_days(today(), DAYS_TO_DELIVERY),
		},
	)
	_store(sales)
	return frappe.get_doc(SALES_CONTRACT, number)


def configuration(
	sales: Document,
	number: str = "PCF-TEST-1",
	sample: str = "IO-01",
	prefix: str = "",
	**values: Any,
) -> Document:
	"""The production configuration of line 1, with the assemblies the catalogue gives the sample order.

	Args:
		prefix: put before every assembly number, so that no Item of it is there yet.
	"""
	catalogue = catalogue_store.current()
	made = translate_order(catalogue, Order.from_data(SAMPLES[sample], catalogue))
	pcf = frappe.get_doc(
		{
			"doctype": PRODUCTION_CONFIGURATION,
			"name": number,
			"status": "Released",
			"sales_contract": sales.name,
			"line_no": 1,
			"version": 1,
			"model": sales.lines[0].model,
			"qty": sales.lines[0].qty,
			"market_department": sales.market_department,
			**values,
		}
	)
	for line in made.lines:
		pcf.append(
			"lines",
			{
				"slot": line.slot,
				"assembly_no": prefix + line.assembly.assembly,
				"assembly_name": line.assembly.name_zh,
				"qty": float(line.assembly.qty),
			},
		)
	_store(pcf)
	return pcf


def released(number: str = "SC-TEST-1", sample: str = "IO-01") -> erp.Booked:
	"""A line that is entered into ERPNext: names of item, bom and sales_order."""
	settings()
	sales = contract(number, sample)
	return erp.book(configuration(sales, f"PCF-{number}", sample), sales, sales.lines[0])


def _store(document: Document) -> None:
	"""Write a document and its rows as they are: how it came to its state is not what is tested here."""
	user, now = frappe.session.user, frappe.utils.now()
	for row in [document, *document.get_all_children()]:
		row.update({"owner": user, "creation": now, "modified": now, "modified_by": user})
	for row in document.get_all_children():
		row.update({"parent": document.name, "parenttype": document.doctype, "docstatus": document.docstatus})
		row.set_new_name()
	document.db_insert()
	for row in document.get_all_children():
		row.db_insert()


def day(ahead: int = DAYS_TO_DELIVERY) -> Any:
	"""A day so many days from now."""
	return getdate(add_days(today(), ahead))


def let(number: str) -> Any:
	"""The app's own way to what is bound to a contract."""
	return bound_orders.lawful(number)
