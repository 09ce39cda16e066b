"""Blind Re-check Hit Rate: how often translators and auditors agree, slot by slot."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint

from order_review.constants import BLIND_TRANSLATION
from order_review.services.report_columns import column

_BY = ("translator", "auditor", "model")


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
	"""Columns and one row for each translator, auditor or model with blind translations handed in in the period."""
	frappe.has_permission(BLIND_TRANSLATION, "read", throw=True)
	given = filters or {}
	by = given["by"] if given.get("by") in _BY else "translator"
	sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
	for row in _sheets(given):
		total = sums[row[by] or "–"]
		total[0] += 1
		total[1] += cint(row.checked)
		total[2] += cint(row.equal)
	return _columns(by), [_shown(name, total, by) for name, total in sorted(sums.items())]


def _sheets(given: dict[str, Any]) -> list[Any]:
	wanted: list[list[Any]] = [["status", "=", "Handed In"]]
	if given.get("from_date"):
		wanted.append(["handed_in_on", ">=", given["from_date"]])
	if given.get("to_date"):
		wanted.append(["handed_in_on", "<=", f"{given['to_date']} 23:59:59"])
	return frappe.get_list(BLIND_TRANSLATION, filters=wanted, fields=[*_BY, "checked", "equal"], limit=0)


def _shown(name: str, total: list[int], by: str) -> dict[str, Any]:
	sheets, checked, equal = total
	shown = name if by == "model" else frappe.utils.get_fullname(name)
	rate = round(100 * equal / checked, 1) if checked else 100.0
	return {
		"who": shown,
		"sheets": sheets,
		"checked": checked,
		"equal": equal,
		"differing": checked - equal,
		"rate": rate,
	}


def _columns(by: str) -> list[dict[str, Any]]:
	labels = {
		"translator": _("Translator"),
		"auditor": _("Auditor", context="Order Review"),
		"model": _("Vehicle Model"),
	}
	return [
		column("who", labels[by], "Data", 200),
		column("sheets", _("Blind Translations"), "Int", 120),
		column("checked", _("Slots Checked"), "Int", 120),
		column("equal", _("Slots in Agreement"), "Int", 140),
		column("differing", _("Slots Differing"), "Int", 120),
		column("rate", _("Agreement"), "Percent", 110),
	]
