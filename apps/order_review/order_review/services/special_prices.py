"""Dated prices of special options: each order keeps the one that covers its date, whatever was released since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import getdate, today

from order_review.constants import SPECIAL_COST, SPECIAL_PRICE, SPECIAL_RELEASED_COST, SPECIAL_REQUEST
from order_review.services import guard

OFFERED = frozenset({"Priced", "Expired", "Catalogued"})
"""Statuses in which the newest price is offered; whether it is in date, the order's own date tells."""

_COSTS = ("floor_price", "cost", "qty")


def note(request: Document) -> None:
	"""Write the price that is released down beside the earlier ones."""
	released = {
		"list_price": request.list_price,
		"valid_to": request.valid_to,
		"lead_days": request.lead_days,
	}
	request.append("prices", {**released, "released_on": today()})


def note_costs(request: Document) -> None:
	"""Write down in the price sheet what the released price was made of."""
	sheet = frappe.get_doc(SPECIAL_COST, request.name, for_update=True)
	names = ("valid_to", "list_price", *_COSTS)
	rows = [row.as_dict() for row in sheet.releases]
	guard.write(sheet, {"releases": [*rows, {name: sheet.get(name) for name in names}]})


def of_requests(numbers: Iterable[str]) -> dict[str, list[Any]]:
	"""Request → its released prices, in the order in which they followed one another."""
	found: dict[str, list[Any]] = {}
	for row in frappe.get_all(
		SPECIAL_PRICE,
		{"parenttype": SPECIAL_REQUEST, "parent": ["in", list(numbers) or [""]]},
		["parent", "list_price", "valid_to", "lead_days"],
		order_by="parent, idx",
	):
		found.setdefault(row.parent, []).append(row)
	return found


def on(request: Mapping[str, Any], prices: list[Any], day: Any) -> Any:
	"""The price of a request on a day: the first that was still in date then, else the newest that is offered; or None.

	A price counts for what was asked before it was released as well, so each reaches back to the end of the one before.
	"""
	date = getdate(day or today())
	covering = [row for row in prices if row.valid_to and getdate(row.valid_to) >= date]
	if covering:
		return covering[0]
	if request["status"] not in OFFERED:
		return None
	return prices[-1] if prices else request


def costs_of(specials: Iterable[Any]) -> dict[str, Mapping[str, Any]]:
	"""Request → floor price, cost and quantity of the price each row has; confidential, the caller decides who sees it."""
	rows = [row for row in specials if row.request_no]
	numbers = [row.request_no for row in rows] or [""]
	fields = ["request_no", *_COSTS]
	found = {
		row.request_no: row for row in frappe.get_all(SPECIAL_COST, {"request_no": ["in", numbers]}, fields)
	}
	released = {
		(row.parent, row.valid_to): row
		for row in frappe.get_all(
			SPECIAL_RELEASED_COST,
			{"parenttype": SPECIAL_COST, "parent": ["in", numbers]},
			["parent", "valid_to", *_COSTS],
			order_by="parent, idx",
		)
	}
	for row in rows:
		kept = released.get((row.request_no, row.valid_to and getdate(row.valid_to)))
		if row.is_priced and kept:
			found[row.request_no] = kept
	return found
