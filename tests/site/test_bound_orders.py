"""A Sales Order of a contract changes with its contract only: every other way is tried and refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import frappe
import pytest
from erpnext.controllers.accounts_controller import update_child_qty_rate
from erpnext.manufacturing.doctype.work_order.work_order import make_work_order
from erpnext.selling.doctype.sales_order.sales_order import (
	close_or_unclose_sales_orders,
	make_delivery_note,
	make_sales_invoice,
	update_status,
)
from frappe import client
from frappe.desk.form import linked_with, save
from frappe.model.document import Document
from frappe.model.rename_doc import rename_doc, update_document_title
from frappe.utils import add_days, today

from order_review.exceptions import BoundOrderError, FulfilmentError
from order_review.hooks import doc_events
from order_review.services import conditions
from order_review.services.fulfilment import progress
from order_review.services.production import bound_orders
from tests.site import fulfilling
from tests.site.reviewing import acting
from tools.testing.fixtures import Ground

pytestmark = pytest.mark.usefixtures("demo_site")

CONTRACT = "SC-TEST-1"
Way = Callable[[str], Any]


@pytest.fixture
def order(ground: Ground) -> str:
	"""A bound Sales Order, and the strongest user there is: no role is a way round."""
	return str(ground.once(_released)["sales_order"])


def _released() -> dict[str, Any]:
	return fulfilling.released(CONTRACT)


def stored(order: str) -> dict[str, Any]:
	"""Everything stored of the order and its rows."""
	document = frappe.get_doc("Sales Order", order)
	return {
		"order": document.as_dict(convert_dates_to_str=True, no_default_fields=True),
		"docstatus": document.docstatus,
	}


def row(order: str) -> Document:
	return frappe.get_doc("Sales Order", order).items[0]


def _edited(order: str, **values: Any) -> Document:
	document = frappe.get_doc("Sales Order", order)
	document.update(values)
	return document


def _update_items(order: str, **values: Any) -> None:
	line = row(order)
	data = {
		"docname": line.name,
		"item_code": line.item_code,
		"qty": line.qty,
		"rate": line.rate,
		"delivery_date": str(line.delivery_date),
		"conversion_factor": 1,
		"uom": line.uom,
	}
	update_child_qty_rate("Sales Order", json.dumps([{**data, **values}]), order)


def _add_item(order: str) -> None:
	line = row(order)
	kept = {
		"docname": line.name,
		"item_code": line.item_code,
		"qty": line.qty,
		"rate": line.rate,
		"uom": line.uom,
	}
	added = {
		"item_code": line.item_code,
		"qty": 1,
		"rate": 1,
		"delivery_date": str(line.delivery_date),
		"uom": line.uom,
	}
	update_child_qty_rate("Sales Order", json.dumps([kept, added]), order)


def _save_row(order: str, **values: Any) -> None:
	line = row(order)
	line.update(values)
	line.flags.ignore_validate_update_after_submit = True
	line.save()


def _moved_row(order: str) -> None:
	"""The row says it belongs to another order."""
	line = row(order)
	line.parent = "SAL-ORD-OTHER"
	line.flags.ignore_validate_update_after_submit = True
	line.save()


def _new_row(doctype: str, field: str, **values: Any) -> Way:
	def insert(order: str) -> None:
		parent = {"parent": order, "parenttype": "Sales Order", "parentfield": field}
		frappe.get_doc({"doctype": doctype, **parent, **values}).insert()

	return insert


def _rename(doctype: str, old: str, new: str) -> None:
	rename_doc(doctype, old, new, force=True, show_alert=False)


def _merge(order: str) -> None:
	"""Another Item of the same kind becomes the bound one."""
	bound = frappe.get_doc("Item", row(order).item_code)
	values = {name: bound.get(name) for name in ("item_group", "stock_uom", "is_stock_item", "has_serial_no")}
	frappe.get_doc({"doctype": "Item", "item_code": "BUS-2", **values}).insert()
	rename_doc("Item", "BUS-2", bound.name, merge=True, force=True, show_alert=False)


def _amend(order: str) -> None:
	copy = frappe.copy_doc(frappe.get_doc("Sales Order", order))
	copy.amended_from = order
	copy.docstatus = 0
	copy.insert()


def _row_saved_with_its_order(order: str) -> None:
	document = _edited(order)
	document.items[0].delivery_date = "2027-12-31"
	document.save()


def _forced(order: str) -> None:
	"""As ERPNext's own functions save what is open only to them."""
	document = _edited(order)
	document.items[0].rate = 1
	document.flags.ignore_validate_update_after_submit = True
	document.save(ignore_permissions=True)


def _dropped_row(order: str) -> None:
	document = _edited(order, payment_schedule=[])
	document.flags.ignore_validate_update_after_submit = True
	document.save()


WAYS: dict[str, Way] = {
	"Update Items, another rate": lambda order: _update_items(order, rate=1),
	"Update Items, another quantity": lambda order: _update_items(order, qty=9),
	"Update Items, another day": lambda order: _update_items(order, delivery_date="2027-12-31"),
	"Update Items, another BOM": lambda order: _update_items(order, qty=9, bom_no=""),
	"Update Items, one more row": _add_item,
	"a save of a row's delivery date": _row_saved_with_its_order,
	"a save of the customer's order number": lambda order: _edited(order, po_no="X-1").save(),
	"a save of the terms": lambda order: _edited(order, terms="Free of charge").save(),
	"a save of the salesperson": lambda order: _edited(order, sales_team=[]).save(),
	"a save of the address": lambda order: _edited(order, shipping_address="elsewhere").save(),
	"a save that unbinds": lambda order: _edited(
		order, sales_contract=None, delivery_date="2027-12-31"
	).save(),
	"a forced save of the rate": _forced,
	"a forced save without payment schedule": _dropped_row,
	"client.set_value": lambda order: client.set_value("Sales Order", order, "po_no", "X-1"),
	"client.set_value of the binding": lambda order: client.set_value(
		"Sales Order", order, "sales_contract", ""
	),
	"client.set_value of a row": lambda order: client.set_value(
		"Sales Order Item", row(order).name, "delivery_date", "2027-12-31"
	),
	"client.save": lambda order: client.save(json.dumps(_edited(order, po_no="X-1").as_dict(), default=str)),
	"client.bulk_update of a row": lambda order: _bulk_row(order),
	"client.insert of a row": lambda order: client.insert(
		{
			"doctype": "Sales Order Item",
			"parent": order,
			"parenttype": "Sales Order",
			"parentfield": "items",
			"item_code": row(order).item_code,
			"qty": 1,
		}
	),
	"client.delete of a row": lambda order: client.delete("Sales Order Item", row(order).name),
	"a save of the row alone": lambda order: _save_row(order, rate=1),
	"a save of the row alone, as another order's": _moved_row,
	"cancelling and deleting the row alone": lambda order: row(order).cancel(),
	"deleting the row alone": lambda order: frappe.delete_doc(
		"Sales Order Item", row(order).name, force=True
	),
	"a tax of its own": _new_row("Sales Taxes and Charges", "taxes", charge_type="Actual", tax_amount=5),
	"a salesperson of its own": _new_row(
		"Sales Team", "sales_team", sales_person="周敏", allocated_percentage=5
	),
	"a payment of its own": _new_row(
		"Payment Schedule", "payment_schedule", due_date="2027-01-01", payment_amount=5
	),
	"the form's save": lambda order: save.savedocs(
		json.dumps(_edited(order, po_no="X-1").as_dict(), default=str), "Update"
	),
	"client.cancel": lambda order: client.cancel("Sales Order", order),
	"the form's cancel": lambda order: save.cancel("Sales Order", order),
	"cancelling all linked documents": lambda order: linked_with.cancel_all_linked_docs(
		json.dumps([{"doctype": "Sales Order", "name": order, "docstatus": 1}])
	),
	"cancel as a method of the document": lambda order: frappe.get_doc("Sales Order", order).cancel(),
	"docstatus 2 by a save": lambda order: _edited(order, docstatus=2).save(),
	"frappe.delete_doc by force": lambda order: frappe.delete_doc("Sales Order", order, force=True),
	"client.delete": lambda order: client.delete("Sales Order", order),
	"amending": _amend,
	"renaming": lambda order: _rename("Sales Order", order, "SAL-ORD-NEW"),
	"a new title": lambda order: update_document_title(doctype="Sales Order", docname=order, title="Another"),
	"closing": lambda order: update_status("Closed", order),
	"holding": lambda order: update_status("On Hold", order),
	"closing in the list": lambda order: close_or_unclose_sales_orders(json.dumps([order]), "Closed"),
	"closing as a method of the document": lambda order: frappe.get_doc("Sales Order", order).update_status(
		"Closed"
	),
}
REFUSED_BY_FRAPPE_BEFORE = {
	"client.delete of a row",
	"frappe.delete_doc by force",
	"client.delete",
	"deleting the BOM",
}
"""Frappe deletes nothing that is submitted, and says so itself."""


def _bulk_row(order: str) -> None:
	found = client.bulk_update(
		json.dumps(
			[{"doctype": "Sales Order Item", "docname": row(order).name, "delivery_date": "2027-12-31"}]
		)
	)
	if found["failed_docs"]:
		raise BoundOrderError(found["failed_docs"][0]["exc"])


def tried(way: Way, order: str) -> BaseException | None:
	"""How a way ended; what it wrote is taken back."""
	frappe.db.savepoint("before_attack")
	try:
		way(order)
	except frappe.ValidationError as refusal:
		return refusal
	finally:
		frappe.db.rollback(save_point="before_attack")
		frappe.clear_messages()
	return None


def held(name: str, refusal: BaseException | None) -> bool:
	"""Whether a way was refused by us, with the contract and the way that is open."""
	if name in REFUSED_BY_FRAPPE_BEFORE:
		return refusal is not None
	said = str(refusal)
	return isinstance(refusal, BoundOrderError) and CONTRACT in said and "Ask the order supervisor" in said


def test_a_bound_order_is_changed_by_no_way_of_frappe_or_erpnext(order: str) -> None:
	before = stored(order)
	ends = {name: tried(way, order) for name, way in WAYS.items()}
	assert {name: repr(end) for name, end in ends.items() if not held(name, end)} == {}
	assert stored(order) == before


def test_a_bound_order_that_was_closed_lawfully_is_re_opened_lawfully_only(order: str) -> None:
	with fulfilling.let(CONTRACT):
		update_status("Closed", order)
	assert frappe.db.get_value("Sales Order", order, "status") == "Closed"
	with pytest.raises(BoundOrderError):
		update_status("Draft", order)
	with fulfilling.let(CONTRACT):
		update_status("Draft", order)
	assert frappe.db.get_value("Sales Order", order, "status") == "To Deliver and Bill"


def test_the_apps_own_way_is_for_one_contract_and_ends_with_its_block(order: str) -> None:
	with fulfilling.let("SC-OTHER"), pytest.raises(BoundOrderError):
		_update_items(order, qty=9)
	with fulfilling.let(CONTRACT):
		_update_items(order, qty=9)
	assert row(order).qty == 9
	with pytest.raises(BoundOrderError):
		_update_items(order, qty=8)


def test_nobody_binds_an_order_of_their_own_to_a_contract(order: str) -> None:
	"""A forged binding would pass for a release."""
	with pytest.raises(BoundOrderError):
		_copy(order, sales_contract=CONTRACT, production_configuration="PCF-SC-TEST-1").insert()


def _copy(order: str, **values: Any) -> Document:
	"""A new order like this one, as the form copies it."""
	copy = frappe.copy_doc(frappe.get_doc("Sales Order", order), ignore_no_copy=False)
	assert not copy.get("sales_contract"), "a copy belongs to no contract"
	copy.update({"docstatus": 0, "payment_schedule": [], **values})
	return copy


def test_what_is_no_business_of_the_contract_is_still_saved(order: str) -> None:
	_edited(order, group_same_items=1).save()
	frappe.get_doc("Sales Order", order).add_comment("Comment", "Vehicle 3 first, please.")
	assert frappe.db.get_value("Sales Order", order, "group_same_items") == 1


def test_an_order_without_a_contract_is_changed_as_ever(order: str) -> None:
	free = _copy(order, transaction_date=frappe.utils.today(), delivery_date=fulfilling.day()).insert()
	free.submit()
	_update_items(free.name, qty=7)
	assert row(free.name).qty == 7
	update_status("Closed", free.name)
	update_status("Draft", free.name)
	client.cancel("Sales Order", free.name)


def test_every_table_of_a_sales_order_is_guarded_row_by_row() -> None:
	tables = {df.options for df in frappe.get_meta("Sales Order").get_table_fields()}
	assert tables <= set(doc_events)


# --- what has to go on --------------------------------------------------------------------------------------


def _serials(item: str, numbers: int) -> list[str]:
	names = [f"VIN-{number:05}" for number in range(1, numbers + 1)]
	return names


def _in_stock(order: str, qty: int) -> None:
	"""Vehicles come off line into the warehouse of the order."""
	line = row(order)
	entry = frappe.get_doc(
		{
			"doctype": "Stock Entry",
			"stock_entry_type": "Material Receipt",
			"company": frappe.db.get_value("Sales Order", order, "company"),
			"items": [
				{
					"item_code": line.item_code,
					"qty": qty,
					"t_warehouse": line.warehouse,
					"basic_rate": 600000,
					"use_serial_batch_fields": 1,
					"serial_no": "\n".join(_serials(line.item_code, qty)),
				}
			],
		}
	)
	entry.insert().submit()


def test_delivering_and_billing_write_their_progress_and_complete_the_contract(order: str) -> None:
	_in_stock(order, 10)
	note = make_delivery_note(order)
	note.items[0].qty = 4
	note.items[0].use_serial_batch_fields = 1
	note.items[0].serial_no = "\n".join(_serials("", 4))
	note.insert().submit()
	assert row(order).delivered_qty == 4
	found = progress.of(CONTRACT)
	assert [(line["delivered"], line["is_delivered"]) for line in found["lines"]] == [(4, False)]
	rest = make_delivery_note(order)
	rest.items[0].use_serial_batch_fields = 1
	rest.items[0].serial_no = "\n".join(_serials("", 10)[4:])
	rest.insert().submit()
	invoice = make_sales_invoice(order)
	invoice.insert().submit()
	assert frappe.db.get_value("Sales Order", order, ["status", "per_billed"]) == ("Completed", 100)
	assert (progress.of(CONTRACT)["delivered"], progress.of(CONTRACT)["paid"]) == (True, False)
	frappe.db.set_value("Sales Invoice", invoice.name, "outstanding_amount", 0)
	assert progress.of(CONTRACT)["paid"]


def test_no_vehicle_leaves_while_a_condition_before_its_delivery_is_open(order: str) -> None:
	_in_stock(order, 10)
	told = {
		"condition_text": "随车工具经客户验收",
		"responsible": "客户服务部",
		"due_date": add_days(today(), 30),
		"due_before": "Delivery",
	}
	with acting("OA"):
		condition = conditions.add(frappe.get_doc("Sales Contract", CONTRACT), told)
	note = make_delivery_note(order)
	note.items[0].qty = 4
	note.items[0].use_serial_batch_fields = 1
	note.items[0].serial_no = "\n".join(_serials("", 4))
	note.insert()
	with pytest.raises(FulfilmentError, match="随车工具经客户验收"):
		note.submit()
	with acting("OA"):
		conditions.meet(condition, "验收单 2027-03-02")
	frappe.get_doc("Delivery Note", note.name).submit()
	assert row(order).delivered_qty == 4


def test_a_work_order_is_made_from_the_bom_of_the_release(order: str) -> None:
	line = row(order)
	company = frappe.db.get_value("Sales Order", order, "company")
	work = make_work_order(line.bom_no, line.item_code, 2)
	work.update(
		{
			"company": company,
			"sales_order": order,
			"sales_order_item": line.name,
			"fg_warehouse": line.warehouse,
			"wip_warehouse": line.warehouse,
			"source_warehouse": line.warehouse,
			"skip_transfer": 1,
		}
	)
	work.insert().submit()
	assert len(work.required_items) == len({r.item_code for r in frappe.get_doc("BOM", line.bom_no).items})
	assert row(order).work_order_qty == 2


# --- Item and BOM -------------------------------------------------------------------------------------------


def _bom(order: str) -> Document:
	return frappe.get_doc("BOM", row(order).bom_no)


def _bom_row(order: str) -> None:
	line = _bom(order).items[0]
	line.qty = 99
	line.flags.ignore_validate_update_after_submit = True
	line.save()


def _bom_saved(order: str) -> None:
	bom = _bom(order)
	bom.items[0].qty = 99
	bom.flags.ignore_validate_update_after_submit = True
	bom.save()


def _second_bom(order: str) -> None:
	frappe.copy_doc(_bom(order)).insert()


def _item(order: str, **values: Any) -> None:
	item = frappe.get_doc("Item", row(order).item_code)
	item.update(values)
	item.save()


PRODUCT_WAYS: dict[str, Way] = {
	"cancelling the BOM": lambda order: _bom(order).cancel(),
	"deleting the BOM": lambda order: frappe.delete_doc("BOM", _bom(order).name, force=True),
	"renaming the BOM": lambda order: _rename("BOM", _bom(order).name, "BOM-X"),
	"a row of the BOM": _bom_row,
	"a save of the BOM": _bom_saved,
	"switching the BOM off": lambda order: client.set_value("BOM", _bom(order).name, "is_active", 0),
	"taking the default away": lambda order: client.set_value("BOM", _bom(order).name, "is_default", 0),
	"another BOM": _second_bom,
	"another name of the Item": lambda order: _item(order, item_name="Bus"),
	"disabling the Item": lambda order: _item(order, disabled=1),
	"unbinding the Item": lambda order: _item(order, sales_contract=None, production_configuration=None),
	"renaming the Item": lambda order: _rename("Item", row(order).item_code, "BUS-1"),
	"merging the Item": _merge,
	"deleting the Item": lambda order: frappe.delete_doc("Item", row(order).item_code, force=True),
}


def test_item_and_bom_of_a_release_stay_as_they_are(order: str) -> None:
	ends = {name: tried(way, order) for name, way in PRODUCT_WAYS.items()}
	assert {name: repr(end) for name, end in ends.items() if not held(name, end)} == {}


def test_costs_of_the_bom_may_be_brought_up_to_date(order: str) -> None:
	bom = _bom(order)
	bom.update_cost(update_parent=False, from_child_bom=True)
	bom.reload()
	assert bom.docstatus == 1


def test_an_image_of_the_item_may_be_added(order: str) -> None:
	_item(order, image="/files/bus.png")
	assert not bound_orders.is_lawful(CONTRACT)
