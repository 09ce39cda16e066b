"""Order entry (订单录入): a released contract line becomes an Item, its BOM and one submitted Sales Order in ERPNext.

All of it happens in the transaction of the release: what fails takes everything back. Entered once per production
configuration; who asks again gets what there is.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from order_review.constants import SALES_CONTRACT
from order_review.services.fulfilment import progress
from order_review.services.production import bound_orders, entry_items, entry_sales_order
from order_review.services.production.entry_settings import EntrySettings
from order_review.services.quiet import quiet

Booked = dict[str, str]
"""Names under ``item``, ``bom`` and ``sales_order``."""


def book(pcf: Document, contract: Document, line: Document) -> Booked:
	"""Enter a released line of a contract into ERPNext.

	Args:
		pcf: the Production Configuration that is released.
		contract: its Sales Contract.
		line: the row of the contract.

	Raises:
		OrderEntryError: a setting or an Item is missing, or ERPNext would sell at another price than the contract.
	"""
	frappe.db.get_value(SALES_CONTRACT, contract.name, "name", for_update=True)
	found = booked(pcf.name)
	if found:
		return found
	with bound_orders.lawful(contract.name), quiet():
		return _enter(pcf, contract, line, EntrySettings.read(contract.company))


def _enter(pcf: Document, contract: Document, line: Document, settings: EntrySettings) -> Booked:
	rows = entry_items.assembly_rows(pcf)
	entry_items.provide_assemblies(rows, settings)
	item = entry_items.make_item(pcf, contract, settings)
	bom = entry_items.make_bom(item, rows, contract, settings)
	order = entry_sales_order.make(pcf, contract, line, item, bom, settings)
	progress.begin(contract, line)
	return {"item": item, "bom": bom, "sales_order": order}


def booked(pcf: str) -> Booked | None:
	"""What a production configuration was entered as, read past the snapshot of this transaction; None before."""
	order = frappe.db.get_value(
		"Sales Order",
		{"production_configuration": pcf, "docstatus": 1},
		["name", "contract_line"],
		as_dict=True,
		for_update=True,
	)
	if not order:
		return None
	row = frappe.db.get_value(
		"Sales Order Item", {"parent": order.name}, ["item_code", "bom_no"], as_dict=True, for_update=True
	)
	return {"item": row.item_code, "bom": row.bom_no, "sales_order": order.name}


def preview(pcf: Document, company: str) -> dict[str, Any]:
	"""What stands in the way of the order entry, before anybody releases: missing settings and Items."""
	missing = entry_items.missing_assemblies(entry_items.assembly_rows(pcf))
	settings = EntrySettings.stored()
	return {
		"missing_items": missing,
		"creates_missing_items": bool(settings.create_missing_items),
		"missing_settings": [_(label) for label in EntrySettings.missing(settings, company)],
	}
