"""Fields on ERPNext's DocTypes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from order_review.constants import CUSTOM_FIELDS, MODULES

from . import names


def sync_custom_fields() -> None:
	"""Create or update the custom fields; they belong to our module, so that uninstall finds them."""
	fields = {
		doctype: [{**field, "module": MODULES[0]} for field in fields if not _is_hosts(doctype, field)]
		for doctype, fields in CUSTOM_FIELDS.items()
	}
	create_custom_fields(fields, ignore_validate=True)


def remove_custom_fields() -> None:
	"""Delete the custom fields and their columns; what was the host's stays with its data."""
	for doctype, every in CUSTOM_FIELDS.items():
		fields = [field for field in every if not _is_hosts(doctype, field)]
		for field in fields:
			name = frappe.db.exists("Custom Field", {"dt": doctype, "fieldname": field["fieldname"]})
			if name:
				frappe.delete_doc("Custom Field", name, force=True, ignore_permissions=True)
		_drop_columns(doctype, [field["fieldname"] for field in fields])
		frappe.clear_cache(doctype=doctype)


def _is_hosts(doctype: str, field: Mapping[str, Any]) -> bool:
	return names.is_shared("Custom Field", f"{doctype}-{field['fieldname']}")


def _drop_columns(doctype: str, fieldnames: list[str]) -> None:
	present = set(frappe.db.get_table_columns(doctype))
	for fieldname in present.intersection(fieldnames):
		frappe.db.sql_ddl(f"alter table `tab{doctype}` drop column `{fieldname}`")
