"""Who sees to a condition (责任人): a user, or a department whose users are reminded; any other name is kept as written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import cstr

from order_review.constants import ROLES
from order_review.services import delegations, reviewed
from order_review.services.opinion_routing import ROLE_OF

_SALES_OPERATIONS = {"SALESOPS": "Order Administrator"}
_MOST = 300
"""Users that are offered at most; others are named by their address."""


def of(said: str | None) -> dict[str, str | None]:
	"""The user or the role that is meant by what was said; neither when it is somebody outside the house."""
	user = _user_named(said)
	return {"responsible_user": user, "responsible_role": None if user else _role_of(said)}


def name_of(row: Mapping[str, Any], lang: str | None = None) -> str:
	"""Who is responsible, for forms and prints: the user's full name, the department's name, or what was written."""
	said = cstr(row.get("responsible"))
	if row.get("responsible_user"):
		return delegations.signature(row["responsible_user"], None)
	department = _department(said) if row.get("responsible_role") else None
	if not department:
		return said
	chinese = (lang or frappe.local.lang or "").startswith("zh")
	return str((None if chinese else department.department_name_en) or department.department_name)


def choices(document: Document) -> list[dict[str, str]]:
	"""Who can be named: who submitted and who keeps the document first, then departments, then everybody of the house."""
	near = [_submitter(document), document.get(reviewed.of(document.doctype).owner_field)]
	people = _people()
	first = [user for user in dict.fromkeys(near) if user in people]
	ordered = [*first, *(user for user in people if user not in first)]
	users = [{"value": user, "label": people[user], "description": user} for user in ordered]
	return [*users[: len(first)], *_departments(), *users[len(first) :]]


def _submitter(document: Document) -> str:
	rounds = document.get("rounds") or ()
	return str(rounds[-1].submitted_by if rounds else document.owner)


def _people() -> dict[str, str]:
	"""Users of the order review, with their names."""
	ours = [name for name, _zh in ROLES.values() if name != "Dealer"]
	holders = frappe.get_all(
		"Has Role", {"parenttype": "User", "role": ["in", ours]}, pluck="parent", distinct=True
	)
	found = frappe.get_all(
		"User",
		{
			"name": ["in", [user for user in holders if user not in frappe.STANDARD_USERS]],
			"enabled": 1,
			"user_type": "System User",
		},
		["name", "full_name"],
		order_by="full_name",
		limit=_MOST,
	)
	return {row.name: row.full_name or row.name for row in found}


def _departments() -> list[dict[str, str]]:
	chinese = (frappe.local.lang or "").startswith("zh")
	roles = _roles()
	found = frappe.get_all(
		"Department",
		{"department_code": ["in", list(roles)]},
		["department_code", "department_name", "department_name_en"],
		order_by="department_code",
	)
	return [
		{
			"value": row.department_code,
			"label": (None if chinese else row.department_name_en) or row.department_name,
			"description": row.department_code,
		}
		for row in found
	]


def _roles() -> dict[str, str]:
	"""Department code → role that acts for it; a routing row may name another than the usual one."""
	named = frappe.get_all(
		"Opinion Routing", {"parent": "Order Review Settings", "role": ["is", "set"]}, ["department", "role"]
	)
	return {**_SALES_OPERATIONS, **ROLE_OF, **{row.department: row.role for row in named}}


def _role_of(said: str | None) -> str | None:
	department = _department(said)
	return _roles().get(department.department_code) if department else None


def _department(said: str | None) -> Any:
	"""The department of a code or of a name in either language."""
	for field in ("department_code", "department_name", "department_name_en"):
		found = frappe.get_all(
			"Department",
			{field: cstr(said).strip(), "department_code": ["is", "set"]},
			["department_code", "department_name", "department_name_en"],
			limit=2,
		)
		if len(found) == 1:
			return found[0]
	return None


def _user_named(said: str | None) -> str | None:
	"""The enabled user that is meant, by address or by a full name only one of them has."""
	for field in ("name", "full_name"):
		found = frappe.get_all("User", {field: cstr(said).strip(), "enabled": 1}, pluck="name", limit=2)
		if len(found) == 1 and found[0] not in frappe.STANDARD_USERS:
			return str(found[0])
	return None
