"""Trace Matrix: every sales option against its production lines, and every line against what was sold."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from order_review.constants import PRODUCTION_CONFIGURATION
from order_review.services.production import audit
from order_review.services.report_columns import column


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
	"""Columns and one row for each option, special option and loose line of a production configuration."""
	frappe.has_permission(PRODUCTION_CONFIGURATION, "read", throw=True)
	name = (filters or {}).get("production_configuration")
	if not name:
		return _columns(), []
	version = frappe.get_doc(PRODUCTION_CONFIGURATION, name)
	version.check_permission("read")
	rows = [_shown(row) for row in audit.matrix(version)]
	if (filters or {}).get("unexplained"):
		rows = [row for row in rows if not row["is_explained"]]
	return _columns(), rows


def _columns() -> list[dict[str, Any]]:
	return [
		column("clause", _("Contract Clause"), "Data", 170),
		column("family", _("Option Family"), "Data", 130),
		column("sold", _("Sales Option"), "Data", 230),
		column("slot", _("Slot"), "Data", 90),
		column("built", _("Production Lines"), "Data", 330),
		column("explained", _("Explained"), "Data", 120),
	]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
	built = "; ".join(f"{line['assembly']} × {line['qty']:g} {line['name']}" for line in row["lines"])
	if not built and row["silent"]:
		built = f"{_('No production effect')} ({', '.join(row['silent'])})"
	return {
		"clause": row["clause"],
		"family": row["family"],
		"sold": "" if row["kind"] == "line" else f"{row['ref']} {row['name']}".strip(),
		"slot": ", ".join(dict.fromkeys(line["slot"] for line in row["lines"])),
		"built": built or row["note"],
		"explained": "✓" if row["explained"] else _("Not explained"),
		"is_explained": row["explained"],
	}
