"""Values for a DocType's columns that are written past its document: a column of numbers takes no nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
from frappe.model import numeric_fieldtypes


def storable(doctype: str, values: Mapping[str, Any]) -> dict[str, Any]:
	"""The values with nought in the place of a number that is not known, as a saved document stores it.

	Frappe does this when a document is saved, not in ``db.set_value`` or ``db.bulk_insert``; there MariaDB refuses.
	"""
	numbers = {df.fieldname for df in frappe.get_meta(doctype).fields if df.fieldtype in numeric_fieldtypes}
	return {name: 0 if value is None and name in numbers else value for name, value in values.items()}
