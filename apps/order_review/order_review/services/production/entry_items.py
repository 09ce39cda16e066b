"""The configured Item of a released line, its BOM, and the Items of the assemblies it is made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt

from order_review.exceptions import OrderEntryError
from order_review.services.production.entry_settings import EntrySettings

_LONGEST_NAME = 140


@dataclass(frozen=True)
class Assembly:
	"""An assembly of a vehicle: its number is the Item code."""

	number: str
	name: str
	qty: float
	slot: str


def assembly_rows(pcf: Document) -> list[Assembly]:
	"""The assemblies of one vehicle, in the order of the production configuration.

	Raises:
		OrderEntryError: there is none.
	"""
	rows = [
		Assembly(
			row.assembly_no,
			row.get("assembly_name") or row.get("item_name") or row.assembly_no,
			flt(row.qty),
			row.get("slot") or "",
		)
		for row in pcf.lines
		if row.get("assembly_no") and flt(row.qty) > 0
	]
	if not rows:
		_refuse(_("{0} has no assemblies; there is nothing to build.").format(pcf.name))
	return rows


def missing_assemblies(rows: Iterable[Assembly]) -> list[str]:
	"""Numbers of the assemblies without an Item, and of those whose Item is disabled."""
	numbers = list(dict.fromkeys(row.number for row in rows))
	usable = set(frappe.get_all("Item", {"name": ["in", numbers], "disabled": 0}, pluck="name"))
	return [number for number in numbers if number not in usable]


def provide_assemblies(rows: list[Assembly], settings: EntrySettings) -> None:
	"""Every assembly has an Item afterwards: made where the settings say so.

	Raises:
		OrderEntryError: some are missing and are not to be made; all of them are named.
	"""
	missing = missing_assemblies(rows)
	check_assemblies(missing, settings)
	first = {row.number: row for row in reversed(rows)}
	for number in missing:
		_insert(
			"Item",
			item_code=number,
			item_name=first[number].name[:_LONGEST_NAME],
			item_group=settings.assembly_item_group,
			stock_uom=settings.assembly_uom,
			is_stock_item=1,
			is_sales_item=0,
			include_item_in_manufacturing=1,
		)


def check_assemblies(missing: list[str], settings: EntrySettings) -> None:
	"""Raise OrderEntryError when assemblies have no usable Item and none is made for them; all of them are named."""
	disabled = frappe.get_all("Item", {"name": ["in", missing or [""]]}, pluck="name")
	if disabled or (missing and not settings.create_missing_items):
		_refuse(
			_(
				"{0} assemblies have no usable Item in ERPNext: {1}. Make or enable them, or let the order entry make them "
				"(Order Review Settings: Create Missing Items)."
			).format(len(missing), ", ".join(_said(number, disabled) for number in missing))
		)


def _said(number: str, disabled: list[str]) -> str:
	return _("{0} (disabled)").format(number) if number in disabled else number


def make_item(pcf: Document, contract: Document, settings: EntrySettings) -> str:
	"""The Item that stands for the vehicles of one line in one version; serialised, a vehicle number each."""
	item = draft_item(pcf, contract, settings)
	item.insert()
	return str(item.name)


def draft_item(pcf: Any, contract: Document, settings: EntrySettings) -> Document:
	"""That Item, not written yet."""
	model = (
		frappe.db.get_value("Vehicle Model", pcf.model, ["name_zh", "name_en", "item"], as_dict=True)
		or frappe._dict()
	)
	version = cint(pcf.version) or 1
	code = f"{pcf.model}-{contract.name}-{pcf.line_no}" + (f"-V{version}" if version > 1 else "")
	return _draft(
		"Item",
		item_code=code,
		item_name=" ".join(part for part in (pcf.model, model.name_zh) if part)[:_LONGEST_NAME],
		description=f"{pcf.model} {model.name_en or ''}<br>{contract.name} / {pcf.line_no} · {pcf.name} V{version}",
		item_group=settings.vehicle_item_group,
		stock_uom=settings.vehicle_uom,
		is_stock_item=1,
		has_serial_no=1,
		is_purchase_item=0,
		include_item_in_manufacturing=1,
		vehicle_model=pcf.model,
		model_item=model.item,
		sales_contract=contract.name,
		production_configuration=pcf.name,
		item_defaults=[{"company": settings.company, "default_warehouse": settings.vehicle_warehouse}],
	)


def make_bom(item: str, rows: list[Assembly], contract: Document, settings: EntrySettings) -> str:
	"""The submitted BOM of one vehicle: a row for each assembly, described by its slot."""
	bom = frappe.new_doc("BOM")
	bom.update(
		{
			"item": item,
			"quantity": 1,
			"company": contract.company,
			"currency": frappe.get_cached_value("Company", contract.company, "default_currency"),
			"conversion_rate": 1,
			"rm_cost_as_per": "Valuation Rate",
			"is_active": 1,
			"is_default": 1,
			"with_operations": 0,
		}
	)
	for row in rows:
		bom.append(
			"items",
			{
				"item_code": row.number,
				"qty": row.qty,
				"uom": frappe.get_cached_value("Item", row.number, "stock_uom") or settings.assembly_uom,
				"conversion_factor": 1,
				"description": f"{row.slot} {row.name}".strip(),
			},
		)
	bom.flags.ignore_permissions = True
	bom.insert()
	bom.submit()
	return str(bom.name)


def _insert(doctype: str, **values: Any) -> str:
	document = _draft(doctype, **values)
	document.insert()
	return str(document.name)


def _draft(doctype: str, **values: Any) -> Document:
	document = frappe.get_doc({"doctype": doctype, **values})
	document.flags.ignore_permissions = True
	return document


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Order Entry", context="Order Review"), exc=OrderEntryError)
