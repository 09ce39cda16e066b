"""What makes a piece of work somebody's own, and who holds a piece of work: roles, substitutes, sales persons."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.query_builder import DocType

from order_review.constants import (
	CONTRACT_PRICE_REVIEW,
	INTENT_ORDER,
	PRICE_REVIEW,
	REVIEW_TASK,
	SALES_CONTRACT,
)
from order_review.engine.clocks import DEALER
from order_review.services import catalogue_store, delegations, notices
from order_review.services.workplace.sources import SOURCES, Stage

SALESPERSON = "Salesperson"
KINDS = frozenset({REVIEW_TASK, *(source.doctype for source in SOURCES)})
"""DocTypes whose documents can be open work."""


@dataclass(frozen=True)
class Mine:
	"""What makes a piece of work the user's own.

	Attributes:
		users: the user, and the absent users whose part the user takes today.
		roles: roles of the user, own and taken.
		sales_persons: sales persons the user is.
	"""

	users: tuple[str, ...]
	roles: frozenset[str]
	sales_persons: tuple[str, ...]

	@classmethod
	def of(cls, user: str) -> Mine:
		"""For a user, as of today."""
		taken = delegations.roles_taken(user)
		users = (user, *sorted(set(taken.values())))
		roles = frozenset(frappe.get_roles(user)) | frozenset(taken)
		return cls(users, roles, _sales_persons(users) if SALESPERSON in roles else ())


def awaiting(roles: Collection[str], doctype: str = INTENT_ORDER) -> Any:
	"""Query of the documents of a DocType whose price waits for one of the roles."""
	levels = [rung.level for rung in _ladder() if rung.role in roles]
	review = DocType(_PRICE_REVIEWS[doctype])
	return frappe.qb.from_(review).select(review.name).where(review.approval_level.isin(levels or [""]))


_PRICE_REVIEWS = {INTENT_ORDER: PRICE_REVIEW, SALES_CONTRACT: CONTRACT_PRICE_REVIEW}


def holders(document: Document) -> list[str]:
	"""Users who have to act on a piece of open work now; nobody when it is not open."""
	if document.doctype == REVIEW_TASK:
		return _reviewers(document) if document.status == "Open" else []
	source = next(source for source in SOURCES if source.doctype == document.doctype and not source.beside)
	stage = source.stages.get(document.status)
	if stage is None or not stage.is_open(document):
		return []
	person = document.get(source.columns.get("person", "person"))
	if stage.is_personal and person and not delegations.is_away(person):
		return [person]
	if stage.role_field:
		role = document.get(stage.role_field)
		return delegations.users_with(role) if role else []
	if stage.side == DEALER:
		return _sales_of(document)
	return list(
		dict.fromkeys(user for role in _roles(document, stage) for user in delegations.users_with(role))
	)


def _reviewers(task: Document) -> list[str]:
	person = task.get("assigned_to")
	return [person] if person and not delegations.is_away(person) else delegations.users_with(task.role)


def _roles(document: Document, stage: Stage) -> Iterable[str]:
	if not stage.is_ladder:
		return stage.roles[:1]
	level = frappe.db.get_value(PRICE_REVIEW, document.name, "approval_level")
	return [rung.role for rung in _ladder() if rung.level == level]


def _sales_of(document: Document) -> list[str]:
	"""Who sells: the author, if a salesperson, and the sales person of the document or of what it is about."""
	about = document
	if document.get("reference_doctype") and document.get("reference_name"):
		about = frappe.get_doc(document.reference_doctype, document.reference_name)
	sales = set(notices.users_with(SALESPERSON))
	return sorted(({about.owner} & sales) | set(_users_of(about.get("sales_person"))))


def _users_of(sales_person: str | None) -> list[str]:
	employee = sales_person and frappe.db.get_value("Sales Person", sales_person, "employee")
	user = employee and frappe.db.get_value("Employee", employee, "user_id")
	return [user] if user else []


def _sales_persons(users: Iterable[str]) -> tuple[str, ...]:
	employees = frappe.get_all("Employee", filters={"user_id": ["in", list(users)]}, pluck="name")
	if not employees:
		return ()
	return tuple(frappe.get_all("Sales Person", filters={"employee": ["in", employees]}, pluck="name"))


def _ladder() -> Any:
	return catalogue_store.current().terms.ladder
