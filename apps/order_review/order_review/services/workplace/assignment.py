"""Which order administrator gets what a market department submits: data of Order Review Settings, by load."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Count

from order_review.constants import INTENT_ORDER, REVIEW_SETTINGS
from order_review.exceptions import WorkplaceError
from order_review.services import guard, notices

ADMINISTRATOR = "Order Administrator"
ASSIGNABLE = ("Submitted", "Received", "Under Opinions", "Consolidating", "Price Approval")
"""States in which an order administrator has the order, or will have it."""


def administrator_of(market_department: str | None) -> str | None:
	"""The administrator to whom a department's next order goes; None where the settings name nobody who is there.

	Of several the one with the fewest open orders; of those with as many, the one named first.
	"""
	rows = frappe.get_cached_doc(REVIEW_SETTINGS).get("administrators") or ()
	named = [row.administrator for row in rows if row.market_department == market_department]
	there = set(notices.users_with(ADMINISTRATOR))
	present = [user for user in dict.fromkeys(named) if user in there]
	if len(present) < 2:
		return present[0] if present else None
	load = open_orders(present)
	return min(present, key=lambda user: load.get(user, 0))


def open_orders(users: list[str]) -> dict[str, int]:
	"""User → number of open intent orders."""
	order = frappe.qb.DocType(INTENT_ORDER)
	query = frappe.qb.from_(order).select(order.owner_oa, Count("*")).groupby(order.owner_oa)
	return dict(query.where(order.owner_oa.isin(users) & order.status.isin(ASSIGNABLE)).run())


def administrators() -> list[dict[str, Any]]:
	"""Order administrators with the number of their open orders, the least loaded first."""
	users = notices.users_with(ADMINISTRATOR)
	load = open_orders(users) if users else {}
	names = frappe.get_all("User", filters={"name": ["in", users]}, fields=["name", "full_name"])
	found = [
		{"user": row.name, "name": row.full_name or row.name, "open": load.get(row.name, 0)} for row in names
	]
	return sorted(found, key=lambda row: (row["open"], row["name"]))


def assign(name: str, user: str) -> None:
	"""Give an open order to an order administrator and tell them.

	Raises:
		WorkplaceError: the order is in nobody's hands here, or the user is no order administrator.
	"""
	if user not in notices.users_with(ADMINISTRATOR):
		frappe.throw(_("{0} is no order administrator.").format(user), exc=WorkplaceError)
	order = frappe.get_doc(INTENT_ORDER, name, for_update=True)
	if order.status not in ASSIGNABLE:
		frappe.throw(
			_("{0} is {1}; no order administrator has it now.").format(
				name, _(order.status, context=INTENT_ORDER)
			),
			exc=WorkplaceError,
		)
	if order.owner_oa == user:
		return
	guard.write(order, {"owner_oa": user}, reason=_("Assigned to {0}").format(user))
	notices.tell(order, [user], lambda: _("{0} is assigned to you").format(order.name))
