"""Authority Log: every decision about a price, by whom, at which level, and whether it still holds."""

from __future__ import annotations

from typing import Any

from frappe import _

from order_review.services.authority_log import decisions
from order_review.services.report_columns import column, link, money, worded


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
	"""Columns, rows, no message, a chart of decisions by level, and counts."""
	rows = decisions(filters or {})
	shown = worded(rows, decision="Price Approval", role="Role")
	return _columns(), shown, None, _chart(rows), _summary(rows)


def _columns() -> list[dict[str, Any]]:
	return [
		column("approved_on", _("Decided On"), "Datetime", 150),
		link("intent_order", _("Intent Order"), "Intent Order", 150),
		column("title", _("Subject", context="Order Review"), "Data", 200),
		column("market_department", _("Market Department"), "Data", 130),
		column("decision", _("Decision"), "Data", 90),
		column("approval_level", _("Approval Level"), "Data", 125),
		column("role", _("Role"), "Data", 150),
		column("approver", _("Approver"), "Data", 150),
		column("on_behalf_of", _("On Behalf Of"), "Data", 130),
		money("review_price", _("Review Price (R)")),
		money("negotiated", _("Negotiated Price (N)")),
		column("deviation_pct", _("Deviation (%)"), "Float", 125, precision=2),
		column("reason", _("Reason"), "Data", 220),
		column("is_void", _("Void"), "Check", 60),
		column("void_reason", _("Why Void"), "Data", 200),
	]


def _chart(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
	levels = sorted({row["approval_level"] or "" for row in rows})
	if not levels:
		return None
	values = [sum(row["approval_level"] == level for row in rows) for level in levels]
	data = {"labels": levels, "datasets": [{"name": _("Decisions"), "values": values}]}
	return {
		"data": data,
		"type": "bar",
		"height": 180,
		"title": _("Decisions by Approval Level"),
		"colors": ["#2b6cb0"],
	}


def _summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
	counts = (
		(_("Decisions"), len(rows), "Blue"),
		(_("Rejected", context="Order Review"), sum(row["decision"] == "Rejected" for row in rows), "Orange"),
		(_("Void"), sum(bool(row["is_void"]) for row in rows), "Red"),
	)
	return [
		{"label": label, "value": value, "datatype": "Int", "indicator": colour}
		for label, value, colour in counts
	]
