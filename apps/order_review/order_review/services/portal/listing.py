"""The dealer's list: his intent orders or his contracts, page by page, in a handful of queries whatever their number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import frappe
from frappe import _
from frappe.query_builder import DocType, Order
from frappe.query_builder.functions import Count
from frappe.utils import cint, cstr

from order_review.constants import INTENT_ORDER, SALES_CONTRACT
from order_review.services import delivery_commitment, diffs
from order_review.services.portal import partners, states

PAGE = 20
ORDERS, CONTRACTS = "orders", "contracts"
_KINDS = {ORDERS: INTENT_ORDER, CONTRACTS: SALES_CONTRACT}

_COLUMNS = {
	ORDERS: ("name", "model", "qty", "status", "requested_delivery", "valid_until"),
	CONTRACTS: ("name", "total_qty", "status"),
}
"""What is read of a document for the list."""


def page(show: str, number: int) -> dict[str, Any]:
	"""One page of the list.

	Args:
		show: ``orders`` or ``contracts``.
		number: page, from 1.

	Returns:
		stands_for_nobody, show, page, has_more, counts by kind, and cards: name, tone, word, customer, model, qty, date_label, date.
	"""
	show, number = show if show in _KINDS else ORDERS, max(1, number)
	own = partners.mine()
	rows = _rows(show, own, number) if own else []
	return {
		"stands_for_nobody": not own,
		"show": show,
		"page": number,
		"has_more": len(rows) > PAGE,
		"counts": {kind: _count(kind, own) if own else 0 for kind in _KINDS},
		"cards": _CARDS[show](rows[:PAGE]) if rows else [],
	}


def _rows(show: str, own: partners.Partners, number: int) -> list[dict[str, Any]]:
	table, customer = DocType(_KINDS[show]), DocType("Customer")
	query = (
		frappe.qb.from_(table)
		.left_join(customer)
		.on(customer.name == table.customer)
		.select(*(table[name] for name in _COLUMNS[show]), customer.customer_name)
		.where(partners.belonging(table, own))
		.orderby(table.modified, order=Order.desc)
		.orderby(table.name, order=Order.desc)
		.limit(PAGE + 1)
		.offset((number - 1) * PAGE)
	)
	return list(query.run(as_dict=True))


def _count(kind: str, own: partners.Partners) -> int:
	table = DocType(_KINDS[kind])
	[[number]] = (
		frappe.qb.from_(table).select(Count("*")).where(partners.belonging(table, own)).run(as_list=True)
	)
	return cint(number)


def _order_cards(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
	dates = delivery_commitment.confirmed_dates(row["name"] for row in rows)
	models = model_labels(row["model"] for row in rows)
	cards = []
	for row in rows:
		committed = dates.get((row["name"], 0))
		cards.append(
			_card(row, states.of_order(row["status"], cstr(row["valid_until"])))
			| {
				"models": [models[row["model"]]],
				"qty": cint(row["qty"]),
				"date_label": _("Committed delivery") if committed else _("Requested delivery"),
				"date": cstr(committed or row["requested_delivery"]),
			}
		)
	return cards


def _contract_cards(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
	lines = frappe.get_all(
		"Sales Contract Line",
		{"parenttype": SALES_CONTRACT, "parent": ["in", [row["name"] for row in rows]]},
		["parent", "model", "delivery_date"],
		order_by="parent, idx",
	)
	models = model_labels(line.model for line in lines)
	cards = []
	for row in rows:
		own = [line for line in lines if line.parent == row["name"]]
		days = sorted({cstr(line.delivery_date) for line in own if line.delivery_date})
		cards.append(
			_card(row, states.of_contract(row["status"]))
			| {
				"models": list(dict.fromkeys(models[line.model] for line in own)),
				"qty": cint(row["total_qty"]),
				"date_label": _("Delivery by contract"),
				"date": " – ".join(dict.fromkeys((days[0], days[-1]))) if days else "",
			}
		)
	return cards


_CARDS: dict[str, Callable[[Sequence[dict[str, Any]]], list[dict[str, Any]]]] = {
	ORDERS: _order_cards,
	CONTRACTS: _contract_cards,
}


def _card(row: dict[str, Any], state: states.State) -> dict[str, Any]:
	return {
		"name": row["name"],
		"tone": state.tone,
		"word": state.word,
		"customer": cstr(row["customer_name"]),
	}


def model_labels(codes: Iterable[str]) -> dict[str, str]:
	"""Code → code and name of vehicle models, in the user's language."""
	wanted = sorted(set(codes))
	fields = ["name", f"name_{diffs.language()}"]
	names = dict(frappe.get_all("Vehicle Model", {"name": ["in", wanted]}, fields, as_list=True))
	return {code: f"{code} {names.get(code) or ''}".strip() for code in wanted}
