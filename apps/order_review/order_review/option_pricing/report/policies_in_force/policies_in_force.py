"""Policies in Force: the annual sales policy as it stands on a day."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate, today

from order_review.services.policy_release import in_force
from order_review.services.report_columns import column, link, worded


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
	"""Columns, one row for each policy in force on the day, and what they may give together."""
	frappe.has_permission("Business Policy", "read", throw=True)
	rows = in_force(getdate((filters or {}).get("on") or today()))
	cap = frappe.db.get_single_value("Catalogue Settings", "cap_pct")
	note = _(
		"Of each group the best counts; discounts and gifts together at most {0} % of the configured list price."
	).format(cap)
	return _columns(), worded(rows, policy_type="Business Policy"), note


def _columns() -> list[dict[str, Any]]:
	name = "name_zh" if (frappe.local.lang or "").startswith("zh") else "name_en"
	return [
		link("policy", _("Business Policy"), "Business Policy", 150),
		column(name, _("Policy Name"), "Data", 190),
		column("policy_type", _("Policy Type"), "Data", 90),
		column("policy_group", _("Group"), "Data", 100),
		column("effect", _("Effect"), "Data", 260),
		column("mandatory", _("Mandatory", context="Order Review"), "Check", 80),
		column("valid_from", _("Valid From"), "Date", 100),
		column("valid_to", _("Valid To"), "Date", 100),
		column("approval_no", _("Approval Number"), "Data", 140),
		column("version_no", _("Version"), "Int", 70),
		column("order_types", _("Order Types"), "Data", 160),
		column("models", _("Vehicle Models"), "Data", 260),
	]
