"""The fulfilment board (履行看板): every contract line that is on its way, one row each, with what is late marked.

Each kind of record is read once for all lines, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import frappe
from frappe.utils import add_days, cint, flt, getdate, today

from order_review.constants import (
	COORDINATION_ITEM,
	EXPEDITE_REQUEST,
	LIVERY_DESIGN,
	PRODUCTION_CONFIGURATION,
	PRODUCTION_MILESTONE,
	SALES_CONTRACT,
)
from order_review.services.fulfilment import coordination, expedite, livery, milestones, progress

ON_ITS_WAY = ("Signed", "Effective", "In Fulfilment")
"""States of a contract that somebody fulfils."""

MOST_ROWS = 500
"""Lines shown at once, the most urgent of all."""

Key = tuple[str, int]
Row = dict[str, Any]


def rows(filters: Mapping[str, Any]) -> list[Row]:
	"""Rows of the contracts the user may read, the most urgent first.

	Args:
		filters: company, market_department, customer, sales_contract; ``late`` keeps late lines only; ``all_states``
			shows completed and other contracts as well.
	"""
	contracts = {row.name: row for row in _contracts(filters)}
	lines = _lines(list(contracts))
	found = [
		_row(contracts[line.parent], line, part) for line, part in zip(lines, _parts(lines), strict=True)
	]
	if filters.get("late"):
		found = [row for row in found if row["late"]]
	found.sort(key=lambda row: (not row["late"], str(row["delivery_date"] or "9999"), row["sales_contract"]))
	return found[:MOST_ROWS]


def _contracts(filters: Mapping[str, Any]) -> list[Any]:
	wanted: dict[str, Any] = {} if filters.get("all_states") else {"status": ["in", ON_ITS_WAY]}
	for name in ("company", "market_department", "customer"):
		if filters.get(name):
			wanted[name] = filters[name]
	if filters.get("sales_contract"):
		wanted["name"] = filters["sales_contract"]
	fields = "name status customer currency deposit_amount deposit_received deposit_confirmed".split()
	return frappe.get_list(SALES_CONTRACT, wanted, fields, order_by="contract_date desc, name desc", limit=0)


def _lines(contracts: list[str]) -> list[Any]:
	return frappe.get_all(
		"Sales Contract Line",
		{"parent": ["in", contracts or [""]], "parenttype": SALES_CONTRACT},
		["parent", "line_no", "model", "qty", "delivery_date", "production_configuration"],
		order_by="parent, line_no",
	)


def _parts(lines: list[Any]) -> Iterable[Row]:
	"""What other records say of each line."""
	contracts = sorted({line.parent for line in lines})
	points = _by_line(contracts, PRODUCTION_MILESTONE, "lot qty freeze_point planned_on reached_on name")
	designs = _by_line(contracts, LIVERY_DESIGN, "name status needed_by")
	tasks = _by_line(contracts, COORDINATION_ITEM, "name due_date", {"status": ["in", coordination.OPEN]})
	parts = _by_line(
		contracts,
		EXPEDITE_REQUEST,
		"name needed_by promised_on",
		{"status": ["in", expedite.OPEN]},
	)
	orders = progress.sales_orders(contracts)
	states = _configuration_states(lines)
	inspected = _inspected(orders)
	for line in lines:
		key, whole = (line.parent, cint(line.line_no)), (line.parent, 0)
		own_orders = orders.get(key, [])
		yield {
			"milestones": points.get(key, []),
			"design": (designs.get(key) or [None])[0],
			"tasks": tasks.get(key, []) + tasks.get(whole, []),
			"parts": parts.get(key, []) + parts.get(whole, []),
			"orders": own_orders,
			"configuration": states.get(line.production_configuration),
			"inspected": sum(inspected.get(order.name, 0) for order in own_orders),
		}


def _by_line(
	contracts: list[str], doctype: str, fields: str, more: Mapping[str, Any] | None = None
) -> dict[Key, list[Any]]:
	found: dict[Key, list[Any]] = {}
	for row in frappe.get_all(
		doctype,
		{"sales_contract": ["in", contracts or [""]], **(more or {})},
		["sales_contract", "contract_line", *fields.split()],
	):
		found.setdefault((row.sales_contract, cint(row.contract_line)), []).append(row)
	return found


def _configuration_states(lines: list[Any]) -> dict[str, str]:
	names = [line.production_configuration for line in lines if line.production_configuration]
	rows = frappe.get_all(PRODUCTION_CONFIGURATION, {"name": ["in", names or [""]]}, ["name", "status"])
	return {row.name: row.status for row in rows}


def _inspected(orders: Mapping[Key, list[Any]]) -> dict[str, float]:
	"""Vehicles with an accepted Quality Inspection, by Sales Order."""
	names = [order.name for found in orders.values() for order in found]
	items = frappe.get_all(
		"Sales Order Item",
		{"parent": ["in", names or [""]]},
		["parent", "item_code"],
		group_by="parent, item_code",
	)
	accepted = frappe.get_all(
		"Quality Inspection",
		{"item_code": ["in", [row.item_code for row in items] or [""]], "docstatus": 1, "status": "Accepted"},
		["item_code", "sum(sample_size) as qty"],
		group_by="item_code",
	)
	by_item = {row.item_code: flt(row.qty) for row in accepted}
	return {row.parent: by_item.get(row.item_code, 0) for row in items}


def _row(contract: Any, line: Any, part: Row) -> Row:
	delivered = cint(sum(order.delivered for order in part["orders"]))
	order = part["orders"][-1] if part["orders"] else None
	row = {
		"sales_contract": contract.name,
		"status": contract.status,
		"line_no": line.line_no,
		"customer": contract.customer,
		"model": line.model,
		"qty": line.qty,
		"deposit": _deposit(contract),
		"configuration": line.production_configuration,
		"configuration_status": part["configuration"],
		"sales_order": order.name if order else None,
		"material": _count(
			part["parts"], lambda found: (found.promised_on or getdate(today())) > found.needed_by
		),
		"points": {code: _point(part["milestones"], code) for code in point_codes()},
		"livery": _livery(part["design"]),
		"inspected": cint(part["inspected"]),
		"delivered": delivered,
		"delivery_date": order.delivery_date
		if order
		else _promised(part["milestones"]) or line.delivery_date,
		"tasks": _count(part["tasks"], lambda found: found.due_date < getdate(today())),
	}
	row["delivery_late"] = bool(
		row["delivery_date"]
		and delivered < cint(line.qty)
		and getdate(row["delivery_date"]) < getdate(today())
	)
	row["late"] = _is_late(row)
	return row


def point_codes() -> list[str]:
	"""Codes of the freeze points, in their order."""
	return [point.code for point in milestones.points()]


def _deposit(contract: Any) -> Row:
	due, received = flt(contract.deposit_amount), flt(contract.deposit_received)
	return {
		"due": due,
		"received": received,
		"is_done": not due or bool(contract.deposit_confirmed) or received + 0.01 >= due,
		"currency": contract.currency,
	}


def _count(found: list[Any], is_late: Any) -> Row:
	return {
		"open": len(found),
		"late": sum(1 for row in found if is_late(row)),
		"names": [row.name for row in found],
	}


def _promised(found: list[Any]) -> Any:
	"""The day the last lot is promised for, seen from its last freeze point; None before milestones are planned."""
	last = milestones.points()[-1] if milestones.points() else None
	days = [row.planned_on for row in found if last and row.freeze_point == last.code]
	return add_days(max(days), cint(last.days_before_offline)) if days else None


def _point(found: list[Any], code: str) -> Row | None:
	"""A freeze point over all lots: reached when all have reached it, planned for the first that has not."""
	own = [row for row in found if row.freeze_point == code]
	if not own:
		return None
	open_rows = sorted((row for row in own if not row.reached_on), key=lambda row: row.planned_on)
	if not open_rows:
		return {
			"day": max(row.reached_on for row in own),
			"state": "reached",
			"of": len(own),
			"done": len(own),
		}
	first = open_rows[0]
	return {
		"day": first.planned_on,
		"state": "late" if first.planned_on < getdate(today()) else "planned",
		"of": len(own),
		"done": len(own) - len(open_rows),
		"name": first.name,
	}


def _livery(design: Any) -> Row | None:
	if design is None:
		return None
	is_open = design.status not in livery.SETTLED
	late = bool(is_open and design.needed_by and design.needed_by < getdate(today()))
	return {"name": design.name, "status": design.status, "late": late, "needed_by": design.needed_by}


def _is_late(row: Row) -> bool:
	points = [point for point in row["points"].values() if point]
	return bool(
		row["delivery_late"]
		or row["material"]["late"]
		or row["tasks"]["late"]
		or (row["livery"] and row["livery"]["late"])
		or any(point["state"] == "late" for point in points)
	)
