"""The Sales Order of a released line: customer, lots, price as signed, taxes within it, payment as agreed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, cint, flt, fmt_money, formatdate, getdate, today

from order_review.engine.delivery import told
from order_review.exceptions import OrderEntryError
from order_review.services.contracts import lines, schedule
from order_review.services.fulfilment import lots
from order_review.services.production.entry_settings import EntrySettings

EXPORT = "Export"
_CENT = 0.01


def make(
	pcf: Document, contract: Document, line: Document, item: str, bom: str, settings: EntrySettings
) -> str:
	"""Make and submit the Sales Order of a line; gives its name.

	Raises:
		OrderEntryError: the line cannot be sold as it stands, or ERPNext's total is not the contract's.
	"""
	order = draft(pcf, contract, line, item, bom, settings)
	order.amended_from = _withdraw_earlier(contract, line)
	order.insert()
	check_total(order, line)
	order.submit()
	return str(order.name)


def draft(
	pcf: Any, contract: Document, line: Document, item: str, bom: str | None, settings: EntrySettings
) -> Document:
	"""The Sales Order of a line, not written yet.

	Raises:
		OrderEntryError: the line cannot be sold as it stands.
	"""
	_check(contract, line)
	order = frappe.new_doc("Sales Order")
	order.update(_head(pcf, contract, line, settings))
	for lot in lots.of_line(contract, line):
		order.append("items", _row(lot, line, item, bom, settings))
	order.set("taxes", _taxes(order.taxes_and_charges))
	person = lines.salesperson_of(contract, line)
	if person:
		order.append("sales_team", {"sales_person": person, "allocated_percentage": 100})
	for term in _payment_terms(contract, line, getdate(today())):
		order.append("payment_schedule", term)
	order.flags.ignore_permissions = True
	return order


def _check(contract: Document, line: Document) -> None:
	if not contract.get("customer"):
		_refuse(_("{0} names no customer; a Sales Order needs one.").format(contract.name))
	late = [lot for lot in lots.of_line(contract, line) if lot.day < getdate(today())]
	if late:
		_refuse(
			_("Line {0} of {1}: the delivery date {2} is over. Agree on a new date first.").format(
				line.line_no, contract.name, formatdate(late[0].day)
			)
		)


def _withdraw_earlier(contract: Document, line: Document) -> str | None:
	"""Cancel the Sales Order of the version before; gives its name, which the new one amends.

	Raises:
		OrderEntryError: vehicles of it are delivered, billed or in work.
	"""
	earlier = frappe.db.get_value(
		"Sales Order",
		{"sales_contract": contract.name, "contract_line": line.line_no, "docstatus": 1},
		"name",
		for_update=True,
	)
	if not earlier:
		return None
	order = frappe.get_doc("Sales Order", earlier)
	if any(_is_used(row) for row in order.items):
		_refuse(
			_(
				"Sales Order {0} of line {1} is delivered, billed or in work already; it cannot be replaced."
			).format(earlier, line.line_no)
		)
	order.flags.ignore_permissions = True
	order.flags.ignore_links = (
		True  # the version before and the contract line keep pointing to what was sold then
	)
	order.cancel()
	return str(earlier)


def _head(pcf: Document, contract: Document, line: Document, settings: EntrySettings) -> dict[str, Any]:
	currency = contract.get("currency") or frappe.get_cached_value(
		"Company", contract.company, "default_currency"
	)
	return {
		"naming_series": frappe.get_meta("Sales Order").get_field("naming_series").options.split("\n")[0],
		"company": contract.company,
		"customer": contract.customer,
		"order_type": "Sales",
		"transaction_date": today(),
		"currency": currency,
		"conversion_rate": _rate(contract, line, currency),
		"selling_price_list": settings.selling_price_list,
		"price_list_currency": currency,
		"plc_conversion_rate": _rate(contract, line, currency),
		"ignore_pricing_rule": 1,
		"disable_rounded_total": 1,
		"set_warehouse": settings.vehicle_warehouse,
		"sales_partner": contract.get("dealer"),
		"commission_rate": 0,
		"taxes_and_charges": settings.export_taxes
		if contract.get("order_type") == EXPORT
		else settings.sales_taxes,
		"sales_contract": contract.name,
		"contract_line": line.line_no,
		"production_configuration": pcf.name,
		"order_kind": contract.get("order_type"),
	}


def _rate(contract: Document, line: Document, currency: str) -> float:
	"""Company currency for one of the contract's."""
	if currency == frappe.get_cached_value("Company", contract.company, "default_currency"):
		return 1.0
	order = line.get("intent_order")
	rate = lines.rate_of(contract, line) or (order and frappe.db.get_value("Intent Order", order, "fx_rate"))
	if not flt(rate):
		_refuse(_("{0}: no exchange rate for {1} is stated.").format(contract.name, currency))
	return flt(rate)


def _row(lot: lots.Lot, line: Document, item: str, bom: str, settings: EntrySettings) -> dict[str, Any]:
	price = flt(line.unit_price)
	return {
		"item_code": item,
		"qty": lot.qty,
		"uom": settings.vehicle_uom,
		"conversion_factor": 1,
		"price_list_rate": price,
		"rate": price,
		"delivery_date": lot.day,
		"warehouse": settings.vehicle_warehouse,
		"bom_no": bom,
	}


def follow(contract: Document, line: Document) -> None:
	"""Bring the Sales Order of a line to its lots, with the payments counted from them; what is sold stays as it is.

	Raises:
		OrderEntryError: other lots are wanted than vehicles are delivered, billed or in work for.
	"""
	name = frappe.db.get_value(
		"Sales Order",
		{"sales_contract": contract.name, "contract_line": line.line_no, "docstatus": 1},
		"name",
		for_update=True,
	)
	if not name:
		return
	order, wanted = frappe.get_doc("Sales Order", name, for_update=True), lots.of_line(contract, line)
	rows = sorted(order.items, key=lambda row: (getdate(row.delivery_date), row.idx))
	if [(cint(row.qty), getdate(row.delivery_date)) for row in rows] == [
		(lot.qty, lot.day) for lot in wanted
	]:
		return
	if [cint(row.qty) for row in rows] != [lot.qty for lot in wanted]:
		rows = _lot_rows(order, wanted)
	for row, lot in zip(rows, wanted, strict=True):
		frappe.db.set_value("Sales Order Item", row.name, "delivery_date", lot.day, update_modified=False)
	frappe.db.set_value("Sales Order", name, "delivery_date", wanted[-1].day)
	_move_payments(order, contract, line)
	frappe.clear_document_cache("Sales Order", name)
	order.add_comment("Info", _("The delivery date follows the commitment: {0}.").format(told(wanted)))


def _lot_rows(order: Document, wanted: list[lots.Lot]) -> list[Document]:
	"""One row for each lot, in the place of those there are; nothing has come of them yet."""
	if any(_is_used(row) for row in order.items):
		_refuse(
			_(
				"Sales Order {0} is delivered, billed or in work in part. Its lots keep their vehicles; only their days "
				"can change."
			).format(order.name)
		)
	like = order.items[0]
	for row in order.items[len(wanted) :]:
		frappe.db.delete("Sales Order Item", {"name": row.name})
	order.set("items", order.items[: len(wanted)])
	for _lot in wanted[len(order.items) :]:
		order.append("items", {**like.as_dict(), "name": None, "idx": None})
	for row, lot in zip(order.items, wanted, strict=True):
		row.update({"qty": lot.qty, "delivery_date": lot.day})
	order.set_qty_as_per_stock_uom()
	order.calculate_taxes_and_totals()
	for row in order.items:
		if row.name:
			row.db_update()
		else:
			row.update({"parent": order.name, "docstatus": 1})
			row.set_new_name()
			row.db_insert()
	return list(order.items)


def _is_used(row: Document) -> bool:
	return bool(flt(row.delivered_qty) or flt(row.billed_amt) or flt(row.work_order_qty))


def _move_payments(order: Document, contract: Document, line: Document) -> None:
	"""Payments counted from the delivery fall due with it, as long as none of them is paid by its term."""
	terms = _payment_terms(contract, line, getdate(order.transaction_date))
	if not terms or any(flt(row.paid_amount) for row in order.payment_schedule):
		return
	order.set("payment_schedule", [])
	frappe.db.delete("Payment Schedule", {"parent": order.name, "parenttype": "Sales Order"})
	for term in terms:
		order.append("payment_schedule", term)
	order.set_payment_schedule()
	for row in order.payment_schedule:
		row.update({"parent": order.name, "docstatus": 1})
		row.set_new_name()
		row.db_insert()


def _taxes(template: str | None) -> list[dict[str, Any]]:
	"""The rows of a template, taken as contained in the price: contracts state what the customer pays."""
	if not template:
		return []
	rows = frappe.get_cached_doc("Sales Taxes and Charges Template", template).taxes
	names = ("charge_type", "account_head", "description", "rate", "cost_center", "row_id", "tax_amount")
	return [
		{
			**{name: row.get(name) for name in names},
			"included_in_print_rate": int(row.charge_type != "Actual"),
		}
		for row in rows
	]


def _payment_terms(contract: Document, line: Document, ordered: date) -> list[dict[str, Any]]:
	"""The contract's payments as portions of this line, one for each day; without any ERPNext makes its own.

	Args:
		ordered: the day of the Sales Order.
	"""
	if not schedule.is_whole(contract):
		return []
	amounts = schedule.amounts_of(contract, flt(flt(line.unit_price) * cint(line.qty), 2))
	last = lots.of_line(contract, line)[-1].day
	found: dict[date, dict[str, Any]] = {}
	for row, amount in zip(contract.payments, amounts, strict=True):
		_add_term(found, _due(row, contract, last, ordered), row, amount)
	return [found[day] for day in sorted(found)]


def _add_term(found: dict[date, dict[str, Any]], day: date, row: Document, amount: Decimal) -> None:
	"""ERPNext takes one row for each due day: what falls on the same day is one payment there."""
	said = " ".join(filter(None, (_(row.milestone), row.remark)))
	term = found.setdefault(
		day, {"due_date": day, "invoice_portion": 0.0, "payment_amount": 0.0, "description": ""}
	)
	term["invoice_portion"] = flt(term["invoice_portion"] + flt(row.pct), 9)
	term["payment_amount"] = flt(term["payment_amount"] + float(amount), 2)
	term["description"] = "; ".join(filter(None, (term["description"], said)))


def _due(payment: Document, contract: Document, last: date, ordered: date) -> date:
	"""The day a payment is due: counted from its milestone, not before the Sales Order."""
	begins = {"Signing": contract.get("contract_date") or ordered, "Before Production": ordered}
	day = getdate(add_days(getdate(begins.get(payment.milestone, last)), cint(payment.days)))
	return max(day, ordered)


def check_total(order: Document, line: Document) -> None:
	"""Nothing of ERPNext's own prices, rules or roundings got into what was signed."""
	signed = flt(flt(line.unit_price) * cint(line.qty), 2)
	if abs(flt(order.grand_total) - signed) > _CENT or sum(row.qty for row in order.items) != cint(line.qty):
		_refuse(
			_(
				"Line {0}: ERPNext makes the total {1}, the contract says {2}. Check taxes and price rules."
			).format(
				line.line_no,
				fmt_money(order.grand_total, currency=order.currency),
				fmt_money(signed, currency=order.currency),
			)
		)


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Order Entry", context="Order Review"), exc=OrderEntryError)
