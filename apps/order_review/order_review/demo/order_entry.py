"""What the order entry needs of ERPNext in the demo: groups, units, a warehouse, taxes, and the settings that name them."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils.nestedset import get_root_of

from order_review.constants import REVIEW_SETTINGS

from . import ledger
from .places import company

VAT = 13.0
_LINKS = {
	"vehicle_item_group": "Item Group",
	"vehicle_uom": "UOM",
	"vehicle_warehouse": "Warehouse",
	"assembly_item_group": "Item Group",
	"assembly_uom": "UOM",
	"selling_price_list": "Price List",
	"sales_taxes": "Sales Taxes and Charges Template",
}
"""Settings of the order entry → what they link to."""


def create_settings() -> None:
	"""Fill the settings of the order entry that are still empty."""
	settings = frappe.get_single(REVIEW_SETTINGS)
	makers = {
		"vehicle_item_group": lambda: _item_group("整车 Vehicles"),
		"vehicle_uom": lambda: _unit("台"),
		"vehicle_warehouse": _warehouse,
		"assembly_item_group": lambda: _item_group("总成 Assemblies"),
		"assembly_uom": lambda: _unit("件"),
		"selling_price_list": _price_list,
		"sales_taxes": _taxes,
	}
	values: dict[str, Any] = {name: make() for name, make in makers.items() if not settings.get(name)}
	if values:
		_write({**values, "create_missing_items": 1})


def restore() -> None:
	"""Empty the settings whose records are gone, and the counter of payments where no payment is left."""
	if not frappe.db.exists("Payment Entry", {"name": ["like", "ACC-PAY-%"]}):
		frappe.db.delete("Series", {"name": ["like", "ACC-PAY-%"]})
	settings = frappe.get_single(REVIEW_SETTINGS)
	gone = [
		name
		for name, doctype in _LINKS.items()
		if settings.get(name) and not frappe.db.exists(doctype, settings.get(name))
	]
	if gone:
		_write({**dict.fromkeys(gone), "create_missing_items": 0})


def note(booked: dict[str, str]) -> None:
	"""Write down what a release made in ERPNext, so that it is cleared again."""
	for name in frappe.get_all("BOM Item", {"parent": booked["bom"]}, pluck="item_code", distinct=True):
		ledger.note_once("Item", name)
	ledger.note_once("Item", booked["item"])
	ledger.note_once("BOM", booked["bom"])
	ledger.note_once("Sales Order", booked["sales_order"])


def _write(values: dict[str, Any]) -> None:
	for name, value in values.items():
		frappe.db.set_single_value(REVIEW_SETTINGS, name, value)
	frappe.clear_document_cache(REVIEW_SETTINGS, REVIEW_SETTINGS)


def _item_group(name: str) -> str:
	return ledger.make(
		"Item Group", {"item_group_name": name}, parent_item_group=get_root_of("Item Group"), is_group=0
	)


def _unit(name: str) -> str:
	return ledger.make("UOM", {"uom_name": name}, must_be_whole_number=1, enabled=1)


def _warehouse() -> str:
	root = frappe.db.get_value(
		"Warehouse", {"company": company(), "is_group": 1, "parent_warehouse": ["is", "not set"]}
	)
	return ledger.make(
		"Warehouse", {"warehouse_name": "成品车库", "company": company()}, parent_warehouse=root, is_group=0
	)


def _price_list() -> str:
	return frappe.db.get_single_value("Selling Settings", "selling_price_list") or frappe.db.get_value(
		"Price List", {"selling": 1, "enabled": 1}, "name"
	)


def _taxes() -> str:
	account = frappe.db.get_value(
		"Account",
		{"company": company(), "account_type": "Tax", "is_group": 0, "root_type": "Liability"},
		"name",
	)
	cost_center = frappe.get_cached_value("Company", company(), "cost_center")
	row = {
		"charge_type": "On Net Total",
		"account_head": account,
		"description": "增值税 VAT 13%",
		"rate": VAT,
		"included_in_print_rate": 1,
		"cost_center": cost_center,
	}
	return ledger.make(
		"Sales Taxes and Charges Template",
		{"title": "整车增值税 13%", "company": company()},
		taxes=[row],
	)
