"""The exchange rate an order is checked against: ERPNext's Currency Exchange of the order's day, never a foreign server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
from frappe.utils import add_days, cint, flt, getdate, today

from order_review.constants import REVIEW_SETTINGS
from order_review.engine.order import HOME_CURRENCY

USUAL_TOLERANCE_PCT = 1.0


def is_foreign(currency: str | None) -> bool:
	"""Whether an order in this currency needs an exchange rate."""
	return bool(currency) and currency != HOME_CURRENCY


def set_rate(document: Any, day: Any) -> None:
	"""An order in yuan has the rate 1, whatever came in; one in another currency that states none has the listed one."""
	if not is_foreign(document.get("currency")):
		document.fx_rate = 1
	elif flt(document.get("fx_rate")) in (0, 1):
		document.fx_rate = listed(document.currency, day) or document.get("fx_rate")


def check_of(currency: str | None, day: Any) -> dict[str, Any]:
	"""The part of the order data that says what the rate is checked against; empty for an order in yuan."""
	if not currency or not is_foreign(currency):
		return {}
	return {"exchange": {"listed": listed(currency, day), "tolerance_pct": tolerance_pct()}}


def listed(currency: str, day: Any) -> float | None:
	"""Yuan for one unit of a currency by the newest Currency Exchange for selling up to a day.

	One that is older than the Accounts Settings allow counts as none.
	"""
	on = getdate(day or today())
	filters: dict[str, Any] = {
		"from_currency": currency,
		"to_currency": HOME_CURRENCY,
		"for_selling": 1,
		"date": ["<=", on],
	}
	settings: Mapping[str, Any] = frappe.get_cached_doc("Accounts Settings")
	if not cint(settings.get("allow_stale")):
		filters["date"] = ["between", [add_days(on, -cint(settings.get("stale_days"))), on]]
	rate = frappe.db.get_value("Currency Exchange", filters, "exchange_rate", order_by="date desc")
	return flt(rate, 9) or None


def tolerance_pct() -> float:
	"""How far a rate may be from the one on record, in percent."""
	return flt(frappe.db.get_single_value(REVIEW_SETTINGS, "fx_tolerance_pct")) or USUAL_TOLERANCE_PCT
