"""Price Check, finance's first report; what it says comes from services.price_check."""

from __future__ import annotations

from typing import Any

from frappe import _

from order_review.services.price_check import PriceCheck, Totals
from order_review.services.price_check_columns import columns


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
	"""Columns, one page of rows, a note, a chart and the totals over all pages."""
	check = PriceCheck(filters)
	totals = check.totals()
	rows = check.rows()
	return columns(check.clearance), rows, _note(check, totals, len(rows)), _chart(totals), _summary(totals)


def _note(check: PriceCheck, totals: Totals, shown: int) -> str | None:
	if totals.orders <= shown:
		return None
	return _(
		"{0} of {1} orders on this page; totals and chart cover all of them. Choose another page, or narrow the filters."
	).format(shown, f"{totals.orders:,}")


def _chart(totals: Totals) -> dict[str, Any] | None:
	levels = {level or _("None", context="Order Review"): orders for level, orders in totals.by_level.items()}
	if not levels:
		return None
	data = {"labels": list(levels), "datasets": [{"name": _("Orders"), "values": list(levels.values())}]}
	return {
		"data": data,
		"type": "bar",
		"title": _("Orders by Approval Level"),
		"height": 180,
		"colors": ["#2b6cb0"],
	}


def _summary(totals: Totals) -> list[dict[str, Any]]:
	deviation = totals.deviation_pct
	cards = [
		_card(_("Orders"), totals.orders, "Int"),
		_card(_("Vehicles"), totals.vehicles, "Int"),
		_card(_("Configured List Value"), totals.list_value, "Currency"),
		_card(_("Discounts and Gifts"), totals.discounts, "Currency"),
		_card(_("Review Value"), totals.review_value, "Currency"),
		_card(_("Negotiated Value"), totals.negotiated_value, "Currency"),
		_card(_("Deviation (%)"), deviation, "Percent", "Red" if (deviation or 0) < 0 else "Green"),
		_card(_("Below Floor"), totals.below_floor, "Int", "Red" if totals.below_floor else "Green"),
	]
	if totals.margin is not None:
		cards.append(_card(_("Margin", context="Order Review"), totals.margin, "Currency"))
	return cards


def _card(label: str, value: Any, datatype: str, indicator: str = "Blue") -> dict[str, Any]:
	return {"label": label, "value": value, "datatype": datatype, "indicator": indicator, "currency": "CNY"}
