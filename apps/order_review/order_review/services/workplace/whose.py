"""What makes a piece of work somebody's own: roles, those the user stands in for, and sales persons."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import frappe
from frappe.query_builder import DocType

from order_review.constants import PRICE_REVIEW
from order_review.services import catalogue_store


@dataclass(frozen=True)
class Mine:
	"""What makes a piece of work the user's own."""

	user: str
	roles: frozenset[str]
	sales_persons: tuple[str, ...]

	@classmethod
	def of(cls, user: str) -> Mine:
		"""For a user, with the roles of those the user stands in for today."""
		return cls(user, frozenset(frappe.get_roles(user)) | _acted_for(user), _sales_persons(user))


def awaiting(roles: Collection[str]) -> Any:
	"""Orders whose price waits for one of the roles."""
	levels = [rung.level for rung in catalogue_store.current().terms.ladder if rung.role in roles]
	review = DocType(PRICE_REVIEW)
	return frappe.qb.from_(review).select(review.name).where(review.approval_level.isin(levels or [""]))


def _sales_persons(user: str) -> tuple[str, ...]:
	employees = frappe.get_all("Employee", filters={"user_id": user}, pluck="name")
	if not employees:
		return ()
	return tuple(frappe.get_all("Sales Person", filters={"employee": ["in", employees]}, pluck="name"))


def _acted_for(user: str) -> frozenset[str]:
	"""Roles of absent users for whom the user acts today."""
	return frozenset()
