"""The Workplace for the Desk: open work, what waits beside it, and steps taken for many at once."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import frappe

from order_review.constants import INTENT_ORDER
from order_review.services.retry import with_retry
from order_review.services.workplace import assignment, bulk, panes, task_sheet
from order_review.services.workplace.work import PAGE, Worklist, choices, require_reader


@frappe.whitelist()
def get_work(
	filters: str | dict[str, Any] | None = None, start: int = 0, length: int = PAGE
) -> dict[str, Any]:
	"""A page of open work, with the totals and the load by stage and department.

	Args:
		filters: as ``Worklist`` takes them, also as JSON.
	"""
	work = Worklist(frappe.parse_json(filters) or {})
	rows = work.rows(start, length)
	total = work.total()
	return {
		"rows": rows,
		"load": work.load(),
		"total": total.number,
		"overdue": total.overdue,
		"today": total.today,
	}


@frappe.whitelist()
def get_total(filters: str | dict[str, Any] | None = None) -> dict[str, int]:
	"""How much open work there is."""
	return asdict(Worklist(frappe.parse_json(filters) or {}).total())


@frappe.whitelist()
def get_choices() -> dict[str, Any]:
	"""What the filters offer, and what the user may do for many at once."""
	require_reader()
	return {**choices(), "may": may(), "panes": panes.counts()}


@frappe.whitelist()
def get_pane(key: str, days: int = panes.USUAL_DAYS, start: int = 0) -> dict[str, Any]:
	"""Columns and rows of a list beside the open work."""
	return panes.rows(key, days, start)


@frappe.whitelist()
def get_number(filters: str | dict[str, Any] | None = None) -> dict[str, Any]:
	"""Open work for a number card, which leads to the review monitor."""
	asked = frappe.parse_json(filters) or {}
	return {
		"value": Worklist(asked).total().number,
		"fieldtype": "Int",
		"route": ["review-monitor"],
		"route_options": asked,
	}


@frappe.whitelist()
def get_task_sheet(name: str) -> dict[str, Any]:
	"""What a department judges, with findings, earlier opinions and conditions."""
	return task_sheet.sheet(name)


@frappe.whitelist()
def get_administrators() -> list[dict[str, Any]]:
	"""Order administrators with the number of their open orders."""
	bulk.require_role(bulk.ASSIGNERS)
	return assignment.administrators()


@frappe.whitelist(methods=["POST"])
@with_retry
def receive(orders: str | list[str], doctype: str = INTENT_ORDER) -> list[dict[str, Any]]:
	"""Receive submitted orders or contracts; a result for each."""
	return bulk.receive(_names(orders), doctype)


@frappe.whitelist(methods=["POST"])
@with_retry
def assign(orders: str | list[str], user: str) -> list[dict[str, Any]]:
	"""Give orders to an order administrator; a result for each."""
	return bulk.assign(_names(orders), user)


@frappe.whitelist(methods=["POST"])
@with_retry
def remind(pieces: str | list[list[str]], note: str = "", escalate: bool = False) -> list[dict[str, Any]]:
	"""Remind those who hold open work, or tell their superiors; a result for each.

	Args:
		pieces: DocType and name of each piece of work, also as JSON.
	"""
	asked = [tuple(map(str, piece)) for piece in frappe.parse_json(pieces) or [] if len(piece) == 2]
	return bulk.remind(asked, note, escalate)


def may() -> dict[str, bool]:
	"""What the user may do for many at once."""
	roles = set(frappe.get_roles())
	return {
		"receive": not bulk.RECEIVERS.isdisjoint(roles),
		"assign": not bulk.ASSIGNERS.isdisjoint(roles),
		"remind": not bulk.REMINDERS.isdisjoint(roles),
	}


def _names(names: str | list[str]) -> list[str]:
	return [str(name) for name in frappe.parse_json(names) or []]
