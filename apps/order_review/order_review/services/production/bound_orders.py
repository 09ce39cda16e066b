"""Sales Orders, Items and BOMs made by a release follow their contract: nothing else changes them.

What Frappe and ERPNext offer to change a submitted order (Update Items, saving what is open after submit, cancelling,
amending, closing, holding, deleting, renaming, single rows) ends here with a message that says whom to ask for a change
or a cancellation of the contract. Deliveries, invoices, payments and work orders write their progress as ever.

The app's own way in is ``lawful``; no request can send it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any, NoReturn

import frappe
from frappe import _
from frappe.model import display_fieldtypes, table_fields
from frappe.model.document import Document
from frappe.utils import cstr, flt

from order_review.exceptions import BoundOrderError

_LAWFUL = "order_review_lawful_contracts"

STOPPED = frozenset({"Closed", "On Hold"})
"""Statuses of a Sales Order somebody sets by hand."""

FREE = frozenset(
	"project letter_head language select_print_heading group_same_items auto_repeat page_break".split()
)
"""Fields of a bound Sales Order and its rows that a save may change: what is printed how, and the project.

Progress (delivered, billed, produced) is written past every save; in a save it would be invented.
"""

ITEM_LOCKED = (
	"item_name item_group stock_uom disabled has_variants variant_of is_stock_item has_serial_no is_sales_item "
	"end_of_life vehicle_model model_item sales_contract production_configuration"
).split()

BOM_LOCKED = "item quantity uom is_active is_default company currency allow_alternative_item".split()
BOM_ROW_LOCKED = "item_code qty uom stock_qty description".split()


# --- the way in ---------------------------------------------------------------------------------------------


@contextmanager
def lawful(contract: str) -> Iterator[None]:
	"""Let what is bound to a contract change inside; for the release."""
	opened = frappe.flags.setdefault(_LAWFUL, [])
	opened.append(contract)
	try:
		yield
	finally:
		opened.remove(contract)


def is_lawful(contract: str | None) -> bool:
	"""Whether the app itself changes what is bound to the contract right now."""
	return contract in (frappe.flags.get(_LAWFUL) or ())


# --- Sales Order --------------------------------------------------------------------------------------------


def before_validate_order(order: Document, method: str | None = None) -> None:
	"""A draft is bound by a release alone; nothing is amended past its contract."""
	_refuse_amending(order)
	stored = order.get_doc_before_save()
	for contract in {_contract(order), _contract(stored)} - {None}:
		if not is_lawful(contract):
			refuse_order(order.name, contract)


def before_update_submitted_order(order: Document, method: str | None = None) -> None:
	"""A save of a submitted order leaves everything that was sold as it is."""
	stored = order.get_doc_before_save()
	contract = _contract(stored) or _contract(order)
	if contract is None or is_lawful(contract):
		return
	changed = commercial_changes(order, stored)
	if changed:
		refuse_order(order.name, contract, changed)


def before_change_order(order: Document, method: str | None = None) -> None:
	"""Closing, holding and re-opening go past every save: they write the status alone."""
	contract = stored_contract("Sales Order", order.name)
	if contract is None or is_lawful(contract):
		return
	before = frappe.db.get_value("Sales Order", order.name, "status")
	if before != order.status and not STOPPED.isdisjoint((order.status, before)):
		refuse_order(order.name, contract)


def refuse_ending_order(order: Document, method: str | None = None, *_names: Any) -> None:
	"""No cancelling, deleting or renaming."""
	contract = stored_contract("Sales Order", order.name)
	if contract and not is_lawful(contract) and not frappe.flags.in_uninstall:
		refuse_order(order.name, contract)


def refuse_row(row: Document, method: str | None = None) -> None:
	"""No row of a bound order changes on its own, whatever it says its parent is."""
	stored = frappe.db.get_value(row.doctype, row.name, ["parenttype", "parent"]) if row.name else None
	for parenttype, parent in {stored or ("", ""), (row.parenttype, row.parent)}:
		contract = stored_contract(parenttype, parent) if parent else None
		if contract and not is_lawful(contract):
			refuse_order(parent, contract)


def _refuse_amending(order: Document) -> None:
	contract = stored_contract("Sales Order", order.get("amended_from"))
	if contract and not is_lawful(contract):
		refuse_order(order.amended_from, contract)


def refuse_order(order: str | None, contract: str, changed: list[str] | None = None) -> NoReturn:
	"""Raise BoundOrderError with the way that is open.

	Args:
		changed: labels of the fields that were to be changed.
	"""
	what = f" ({', '.join(changed)})" if changed else ""
	frappe.throw(
		_(
			"Sales Order {0} belongs to contract {1} and changes with it only{2}. "
			"Ask the order supervisor for a change or a cancellation of {1}."
		).format(order or _("New", context="Order Review"), contract, what),
		title=_("Bound to a Contract"),
		exc=BoundOrderError,
	)


# --- Item and BOM -------------------------------------------------------------------------------------------


def before_validate_item(item: Document, method: str | None = None) -> None:
	"""A configured Item stays what was released."""
	stored = item.get_doc_before_save()
	contract = _contract(stored) or _contract(item)
	if contract is None or is_lawful(contract):
		return
	changed = [name for name in ITEM_LOCKED if _differs(item, stored, name)]
	if stored is None or changed:
		refuse_made("Item", item.name, contract)


def refuse_ending_item(item: Document, method: str | None = None, *_names: Any) -> None:
	"""No deleting, renaming or merging of a configured Item."""
	contract = stored_contract("Item", item.name)
	if contract and not is_lawful(contract) and not frappe.flags.in_uninstall:
		refuse_made("Item", item.name, contract)


def refuse_merging_item(item: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	"""Neither the Item that is renamed nor the one it is merged into is a configured one."""
	for name in (old, new):
		contract = stored_contract("Item", name)
		if contract and not is_lawful(contract):
			refuse_made("Item", name, contract)


def before_validate_bom(bom: Document, method: str | None = None) -> None:
	"""A configured Item has the one BOM of its release, as it was released; costs may be brought up to date."""
	stored = bom.get_doc_before_save()
	items = {bom.item, stored.item if stored else None}
	for contract in {stored_contract("Item", item) for item in items} - {None}:
		if not is_lawful(contract) and (stored is None or _bom_content(bom) != _bom_content(stored)):
			refuse_made("BOM", bom.name, contract)


def before_change_bom(bom: Document, method: str | None = None) -> None:
	"""ERPNext switches BOMs on and off, and to default, past every save."""
	contract = stored_contract("Item", frappe.db.get_value("BOM", bom.name, "item"))
	if contract and not is_lawful(contract) and _bom_content(bom) != _bom_content(_as_stored(bom)):
		refuse_made("BOM", bom.name, contract)


def refuse_ending_bom(bom: Document, method: str | None = None, *_names: Any) -> None:
	"""No cancelling, deleting or renaming of the BOM of a release."""
	contract = stored_contract("Item", frappe.db.get_value("BOM", bom.name, "item"))
	if contract and not is_lawful(contract) and not frappe.flags.in_uninstall:
		refuse_made("BOM", bom.name, contract)


def refuse_bom_row(row: Document, method: str | None = None) -> None:
	"""No row of such a BOM changes on its own."""
	stored = frappe.db.get_value(row.doctype, row.name, ["parenttype", "parent"]) if row.name else None
	for parenttype, parent in {stored or ("", ""), (row.parenttype, row.parent)}:
		item = frappe.db.get_value("BOM", parent, "item") if parenttype == "BOM" and parent else None
		contract = stored_contract("Item", item)
		if contract and not is_lawful(contract):
			refuse_made("BOM", parent, contract)


def refuse_made(doctype: str, name: str | None, contract: str) -> NoReturn:
	"""Raise BoundOrderError for an Item or BOM of a release."""
	frappe.throw(
		_(
			"{0} {1} was released for contract {2} and stays as it is. "
			"Ask the order supervisor for a change of {2}."
		).format(_(doctype), name or _("New", context="Order Review"), contract),
		title=_("Bound to a Contract"),
		exc=BoundOrderError,
	)


def _as_stored(bom: Document) -> Document:
	return frappe.get_doc("BOM", bom.name)


def _bom_content(bom: Document) -> list[Any]:
	rows = [[_plain(row.get(name)) for name in BOM_ROW_LOCKED] for row in bom.items]
	return [[_plain(bom.get(name)) for name in BOM_LOCKED], rows]


# --- what is bound, and what changed ------------------------------------------------------------------------


def stored_contract(doctype: str, name: str | None) -> str | None:
	"""The contract a Sales Order or Item is bound to, as stored."""
	if doctype not in ("Sales Order", "Item") or not name:
		return None
	if not frappe.get_meta(doctype).has_field(
		"sales_contract"
	):  # the app is just being installed or migrated
		return None
	return frappe.db.get_value(doctype, name, "sales_contract") or None


def commercial_changes(order: Document, stored: Document) -> list[str]:
	"""Labels of the fields and tables that differ, apart from the free ones."""
	return [
		_(df.label or df.fieldname)
		for df in order.meta.fields
		if df.fieldtype not in display_fieldtypes
		and df.fieldname not in FREE
		and not df.get("is_virtual")
		and _differs(order, stored, df.fieldname)
	]


def _differs(document: Document, stored: Document | None, name: str) -> bool:
	df = document.meta.get_field(name)
	if df is None or stored is None:
		return False
	if df.fieldtype in table_fields:
		return _rows(document.get(name)) != _rows(stored.get(name))
	return _plain(document.get(name)) != _plain(stored.get(name))


def _rows(rows: list[Document]) -> list[dict[str, Any]]:
	return [
		{"name": row.name}
		| {
			df.fieldname: _plain(row.get(df.fieldname))
			for df in row.meta.fields
			if df.fieldtype not in display_fieldtypes and df.fieldname not in FREE
		}
		for row in rows
	]


def _plain(value: Any) -> str | float:
	"""One form for what a form sends as text and the database gives as a number or a day."""
	if value is None or value == "":
		return 0.0
	if isinstance(value, bool | int | float):
		return flt(value, 6)
	if isinstance(value, date | datetime | timedelta):
		return cstr(value)
	text = cstr(value)
	try:
		return flt(float(text), 6)
	except ValueError:
		return text


def _contract(document: Document | None) -> str | None:
	return (document.get("sales_contract") or None) if document is not None else None
