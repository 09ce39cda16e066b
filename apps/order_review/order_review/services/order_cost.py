"""Planning cost and margin of an intent order, kept beside it for cost readers alone."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import frappe
from frappe.model.document import Document

from order_review.constants import ORDER_COST
from order_review.engine.catalogue import Catalogue, PriceLine
from order_review.services import catalogue_store, special_prices
from order_review.services.known_numbers import storable


def used_book(whole: Mapping[str, Any]) -> str | None:
	"""Code of the price book a review's figures come from; None where there is no price."""
	steps = (whole["price"] or {}).get("trace", ())
	return next((step["detail"].get("book") for step in steps if step["figure"] == "base_list"), None)


def planning_cost(catalogue: Catalogue, whole: Mapping[str, Any], model: str) -> Decimal | None:
	"""Cost of the vehicle and its catalogue options in yuan, special options apart; None where a cost is unknown."""
	book = catalogue.price_books.get(used_book(whole) or "")
	if book is None:
		return None
	lines: list[PriceLine | None] = [book.base.get(model)]
	lines += [book.options.get((code, model)) for code in whole["configuration"]]
	costs = [None if line is None else line.cost for line in lines]
	return None if None in costs else sum((cost for cost in costs if cost is not None), Decimal(0))


def keep_order_cost(document: Document, whole: Mapping[str, Any]) -> None:
	"""Write cost and margin of the order; an order whose cost is not known has no record."""
	cost = planning_cost(catalogue_store.current(), whole, document.model)
	specials = _special_costs(document)
	if cost is None or specials is None:
		frappe.db.delete(ORDER_COST, {"intent_order": document.name})
		return
	_keep(document.name, used_book(whole), float(cost) + specials, whole["price"])


def _special_costs(document: Document) -> float | None:
	"""Cost of all special options; None while one is not known."""
	requests = [row.request_no for row in document.specials]
	if not requests:
		return 0.0
	known = special_prices.costs_of(document.specials)
	costs = {number: row["cost"] for number, row in known.items() if row["cost"]}
	return sum(costs[request] for request in requests) if costs.keys() >= set(requests) else None


def _keep(order: str, book: str | None, cost: float, price: Mapping[str, Any]) -> None:
	paid = None if price["negotiated"] is None else price["negotiated"] - price["services"]
	margin = None if paid is None else paid - cost
	values = {
		"price_book": book,
		"cost": cost,
		"margin": margin,
		"margin_pct": round(margin / paid * 100, 2) if margin is not None and paid else None,
	}
	if frappe.db.exists(ORDER_COST, order):
		frappe.db.set_value(ORDER_COST, order, storable(ORDER_COST, values))
	else:
		frappe.get_doc({"doctype": ORDER_COST, "name": order, "intent_order": order, **values}).db_insert()
