"""Weekly capacity (周产能): what the settings allow for a model, and what other promises take of it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import cint, cstr, getdate, today

from order_review.constants import DELIVERY_COMMITMENT, INTENT_ORDER, REVIEW_SETTINGS, SALES_CONTRACT
from order_review.engine import delivery
from order_review.engine.delivery import CapacityRow, Lot, Week

_STANDING = ("Proposed", "Accepted", "Confirmed")


def weeks(commitment: Document) -> list[Week]:
	"""Weeks around a commitment's dates with what is free in them; empty where no capacity is stated for its model."""
	rows = _rows()
	row = delivery.capacity_row(rows, cstr(commitment.model), _size_class(commitment.model))
	if row is None:
		return []
	own = _lots(commitment)
	begin = _first_day(commitment, own)
	taken = delivery.by_week(_others(commitment, rows, row, delivery.monday(begin)))
	return delivery.weeks(own, taken, row.per_week, begin)


def _first_day(commitment: Document, own: list[Lot]) -> date:
	"""A week before the first lot; before there is one, the day from which the vehicles can be built."""
	if own:
		return min(lot.day for lot in own) - delivery.WEEK
	days = [getdate(day) for day in (commitment.wish, commitment.earliest) if day]
	return min(days, default=getdate(today()))


def _rows() -> list[CapacityRow]:
	return [
		CapacityRow(cstr(row.vehicle_model), cstr(row.size_class), cint(row.per_week))
		for row in frappe.get_cached_doc(REVIEW_SETTINGS).get("weekly_capacity") or ()
	]


def _size_class(model: str | None) -> str:
	return cstr(frappe.get_cached_value("Vehicle Model", model, "size_class")) if model else ""


def _others(commitment: Document, rows: list[CapacityRow], row: CapacityRow, begin: date) -> list[Lot]:
	"""Lots others were promised of the same capacity, from a day on."""
	found = frappe.get_all(
		DELIVERY_COMMITMENT,
		{
			"status": ["in", _STANDING],
			"committed_date": [">=", begin],
			"name": ["!=", commitment.name or ""],
			"model": ["in", _sharing(rows, row)],
		},
		["name", "qty", "committed_date", "reference_doctype", "reference_name"],
	)
	if not found:
		return []
	in_lots: dict[str, list[Any]] = {}
	for lot in frappe.get_all(
		"Delivery Lot",
		{"parenttype": DELIVERY_COMMITMENT, "parent": ["in", [one.name for one in found]]},
		["parent", "qty", "delivery_date"],
	):
		in_lots.setdefault(lot.parent, []).append(Lot(cint(lot.qty), getdate(lot.delivery_date)))
	orders = [one.reference_name for one in found if one.reference_doctype == INTENT_ORDER]
	again = _promised_again(commitment, orders)
	return [
		lot
		for one in found
		for lot in delivery.without(
			in_lots.get(one.name) or [Lot(cint(one.qty), getdate(one.committed_date))],
			again.get(one.reference_name, 0),
		)
	]


def _promised_again(commitment: Document, orders: list[str]) -> Counter[str]:
	"""Intent order → vehicles of it that the commitments of contracts, this one among them, promise a date of their own."""
	again: Counter[str] = Counter()
	lines = frappe.get_all(
		"Sales Contract Line",
		{"parenttype": SALES_CONTRACT, "intent_order": ["in", orders or [""]]},
		["parent", "line_no", "intent_order", "qty"],
	)
	contracts = {line.parent for line in lines}
	if not contracts:
		return again
	own = frappe.get_all(
		DELIVERY_COMMITMENT,
		{
			"reference_doctype": SALES_CONTRACT,
			"reference_name": ["in", contracts],
			"status": ["in", _STANDING],
		},
		["reference_name", "reference_line"],
	)
	promised = {(one.reference_name, cint(one.reference_line)) for one in [*own, commitment]}
	for line in lines:
		if promised & {(line.parent, 0), (line.parent, cint(line.line_no))}:
			again[line.intent_order] += cint(line.qty)
	return again


def _sharing(rows: list[CapacityRow], row: CapacityRow) -> list[str]:
	"""Models that draw on the same row."""
	models = frappe.get_all("Vehicle Model", fields=["name", "size_class"])
	return [
		model.name
		for model in models
		if delivery.capacity_row(rows, model.name, cstr(model.size_class)) == row
	]


def _lots(commitment: Document) -> list[Lot]:
	rows = [Lot(cint(row.qty), getdate(row.delivery_date)) for row in commitment.lots if row.delivery_date]
	day = commitment.committed_date
	return rows or ([Lot(cint(commitment.qty), getdate(day))] if day else [])
