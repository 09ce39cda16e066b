"""Decisions about prices, as far as the user may see the orders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import frappe
from frappe.query_builder import DocType, Order
from frappe.utils import add_days, cint, getdate
from pypika.terms import Criterion

from order_review.constants import INTENT_ORDER, PRICE_APPROVAL
from order_review.permissions import own_departments
from order_review.services.price_check import require_price_reader

LARGEST = 5000
_EQUAL = ("intent_order", "decision", "approval_level")


def decisions(filters: Mapping[str, Any]) -> list[dict[str, Any]]:
	"""Decisions that match, newest first, at most five thousand.

	Raises:
		PermissionError: the user may not read floor prices.
	"""
	clearance = require_price_reader()
	log, order = DocType(PRICE_APPROVAL), DocType(INTENT_ORDER)
	query = frappe.qb.from_(log).join(order).on(order.name == log.intent_order)
	columns = (
		"approved_on",
		"intent_order",
		"decision",
		"approval_level",
		"role",
		"approver",
		"on_behalf_of",
	)
	columns += ("review_price", "negotiated", "deviation_pct", "reason", "is_void", "void_reason")
	query = query.select(*(log[name] for name in columns), order.title, order.market_department)
	departments = own_departments(frappe.session.user)
	if departments is not None:
		query = query.where(order.market_department.isin(departments or [""]))
	if not clearance.cost:
		query = query.where(order.order_type != "Internal")
	for criterion in _asked(log, filters):
		query = query.where(criterion)
	return list(query.orderby(log.approved_on, order=Order.desc).limit(LARGEST).run(as_dict=True))


def _asked(log: Any, filters: Mapping[str, Any]) -> Iterator[Criterion]:
	for name in _EQUAL:
		if filters.get(name):
			yield log[name] == str(filters[name])
	if filters.get("approver"):
		yield log.approver.like(f"%{filters['approver']}%")
	if filters.get("from_date"):
		yield log.approved_on >= getdate(filters["from_date"])
	if filters.get("to_date"):
		yield log.approved_on < add_days(getdate(filters["to_date"]), 1)
	if cint(filters.get("only_valid")):
		yield log.is_void == 0
