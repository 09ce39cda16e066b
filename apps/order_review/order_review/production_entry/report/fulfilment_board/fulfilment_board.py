"""Fulfilment Board: contract lines on their way, from deposit to delivery, with what is late."""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe import _

from order_review.constants import SALES_CONTRACT
from order_review.services.fulfilment import board
from order_review.services.report_columns import column, link


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
	"""Columns, one row for each line, no message, no chart, and the totals above."""
	frappe.has_permission(SALES_CONTRACT, "read", throw=True)
	rows = board.rows(filters or {})
	codes = board.point_codes()
	return _columns(codes), [_shown(row, codes) for row in rows], None, None, _summary(rows)


def _columns(codes: list[str]) -> list[dict[str, Any]]:
	return [
		link("sales_contract", _("Sales Contract"), SALES_CONTRACT, 138),
		column("line_no", _("Line", context="Order Review"), "Int", 48),
		column("customer", _("Customer"), "Data", 150),
		column("model", _("Model", context="Order Review"), "Data", 118),
		column("qty", _("Qty"), "Int", 58),
		column("deposit", _("Deposit", context="Order Review"), "Data", 76),
		column("configuration_status", _("Order Entry", context="Order Review"), "Data", 100),
		column("material", _("Parts"), "Data", 96),
		*(column(code.lower(), code, "Data", 92) for code in codes),
		column("livery", _("Livery"), "Data", 112),
		column("inspection", _("Inspected"), "Data", 104),
		column("delivery", _("Delivered"), "Data", 104),
		column("delivery_date", _("Delivery Date", context="Order Review"), "Date", 130),
		column("tasks", _("Coordination"), "Data", 124),
		column("sales_order", _("Sales Order"), "Data", 200),
	]


def _shown(row: dict[str, Any], codes: list[str]) -> dict[str, Any]:
	"""A row as cells: plain text that also stands in an export, and beside it what the screen marks and links."""
	deposit = row["deposit"]
	return {
		**{
			name: row[name]
			for name in ("sales_contract", "line_no", "customer", "model", "qty", "delivery_date")
		},
		"deposit": _("received") if deposit["is_done"] else f"{deposit['received'] / deposit['due']:.0%}",
		"configuration_status": _(row["configuration_status"], context="Production Configuration")
		if row["configuration_status"]
		else "–",
		"material": _counted(row["material"]),
		**{code.lower(): _point(row["points"][code]) for code in codes},
		"livery": _(row["livery"]["status"], context="Livery Design") if row["livery"] else "–",
		"inspection": f"{row['inspected']} / {row['qty']}",
		"delivery": f"{row['delivered']} / {row['qty']}",
		"tasks": _counted(row["tasks"]),
		"sales_order": row["sales_order"] or "–",
		"marks": json.dumps(_marks(row, codes)),
		"configuration": row["configuration"],
		"livery_name": row["livery"]["name"] if row["livery"] else None,
	}


def _counted(count: dict[str, Any]) -> str:
	if not count["open"]:
		return "–"
	if count["late"]:
		return _("{0} of {1} late").format(count["late"], count["open"])
	return _("{0} open").format(count["open"])


def _point(point: dict[str, Any] | None) -> str:
	if point is None:
		return "–"
	sign = {"reached": "✓", "late": "!", "planned": "○"}[point["state"]]
	part = f" {point['done']}/{point['of']}" if point["of"] > 1 else ""
	return f"{sign} {point['day']:%Y-%m-%d}{part}"


def _marks(row: dict[str, Any], codes: list[str]) -> dict[str, str]:
	"""Column → done, late or open, for the screen."""
	marks = {code.lower(): row["points"][code]["state"] for code in codes if row["points"][code]}
	marks["deposit"] = "reached" if row["deposit"]["is_done"] else "planned"
	if row["livery"]:
		settled = row["livery"]["status"] in ("Confirmed", "Frozen")
		marks["livery"] = "late" if row["livery"]["late"] else "reached" if settled else "planned"
	for name in ("material", "tasks"):
		if row[name]["open"]:
			marks[name] = "late" if row[name]["late"] else "planned"
	marks["delivery"] = (
		"late" if row["delivery_late"] else "reached" if row["delivered"] >= row["qty"] else "planned"
	)
	return marks


def _summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
	late = sum(1 for row in rows if row["late"])
	return [
		{"label": _("Lines"), "value": len(rows), "datatype": "Int"},
		{"label": _("Vehicles"), "value": sum(row["qty"] for row in rows), "datatype": "Int"},
		{
			"label": _("Delivered"),
			"value": sum(row["delivered"] for row in rows),
			"datatype": "Int",
			"indicator": "Green",
		},
		{"label": _("Lines Late"), "value": late, "datatype": "Int", "indicator": "Red" if late else "Green"},
	]
