"""Price History: what an option, or the standard configuration, costs on a model in book after book."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from order_review.services import price_book
from order_review.services.report_columns import column, link, money, worded

_LABELS = {"list": "List Price", "floor": "Floor Price", "cost": "Cost"}


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
	"""Columns, one row for each book, no message, and a line chart; floor and cost only for their readers."""
	filters = filters or {}
	frappe.has_permission("Price Book", "read", throw=True)
	figures = price_book.figures_for(frappe.session.user)
	if not filters.get("model"):
		return (
			_columns(figures),
			[],
			_("Choose a vehicle model; without an option the base list price is shown."),
		)
	rows = price_book.history(str(filters["model"]), str(filters.get("option") or ""), figures)
	return _columns(figures), worded(rows, status="Price Book"), None, _chart(rows, figures)


def _columns(figures: tuple[str, ...]) -> list[dict[str, Any]]:
	return [
		link("price_book", _("Price Book"), "Price Book", 140),
		column("status", _("Status"), "Data", 90),
		column("valid_from", _("Valid From"), "Date", 110),
		column("valid_to", _("Valid To"), "Date", 110),
		money("list", _("List Price")),
		column("change_pct", _("Change (%)"), "Float", 100, precision=2),
		*(money(figure, _(_LABELS[figure])) for figure in figures if figure != "list"),
		column("approved_by", _("Approved By"), "Data", 160),
	]


def _chart(rows: list[dict[str, Any]], figures: tuple[str, ...]) -> dict[str, Any] | None:
	if not rows:
		return None
	sets = [{"name": _(_LABELS[figure]), "values": [row[figure] or 0 for row in rows]} for figure in figures]
	return {
		"data": {"labels": [row["price_book"] for row in rows], "datasets": sets},
		"type": "line",
		"height": 240,
		"title": _("Price History"),
	}
