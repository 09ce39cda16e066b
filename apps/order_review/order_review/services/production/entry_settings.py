"""How released lines stand in ERPNext: groups, units, warehouse, price list and taxes out of Order Review Settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _

from order_review.constants import REVIEW_SETTINGS
from order_review.exceptions import OrderEntryError

_NEEDED = (
	"vehicle_item_group",
	"vehicle_uom",
	"vehicle_warehouse",
	"assembly_item_group",
	"assembly_uom",
	"selling_price_list",
)
_OF_A_COMPANY = {
	"vehicle_warehouse": "Warehouse",
	"sales_taxes": "Sales Taxes and Charges Template",
	"export_taxes": "Sales Taxes and Charges Template",
}


@dataclass(frozen=True)
class EntrySettings:
	"""Settings of the order entry for one company; see the fields of Order Review Settings."""

	company: str
	vehicle_item_group: str
	vehicle_uom: str
	vehicle_warehouse: str
	assembly_item_group: str
	assembly_uom: str
	selling_price_list: str
	sales_taxes: str | None
	export_taxes: str | None
	create_missing_items: bool

	@classmethod
	def read(cls, company: str) -> EntrySettings:
		"""The settings.

		Raises:
			OrderEntryError: some are missing, or belong to another company; all of them are named.
		"""
		stored = cls.stored()
		missing = cls.missing(stored, company)
		if missing:
			frappe.throw(
				_("Order entry is not set up for {0}. Fill in {1}: {2}.").format(
					company, _(REVIEW_SETTINGS), ", ".join(_(label) for label in missing)
				),
				title=_("Order Entry", context="Order Review"),
				exc=OrderEntryError,
			)
		return cls(
			company=company,
			create_missing_items=bool(stored.create_missing_items),
			**{name: stored.get(name) or None for name in (*_NEEDED, "sales_taxes", "export_taxes")},
		)

	@staticmethod
	def stored() -> Any:
		"""Order Review Settings."""
		return frappe.get_cached_doc(REVIEW_SETTINGS)

	@staticmethod
	def missing(stored: Any, company: str) -> list[str]:
		"""Labels of the settings that are empty or belong to another company."""
		names = [name for name in _NEEDED if not stored.get(name)]
		names += [
			name
			for name, doctype in _OF_A_COMPANY.items()
			if stored.get(name) and frappe.get_cached_value(doctype, stored.get(name), "company") != company
		]
		return [stored.meta.get_label(name) for name in names]
