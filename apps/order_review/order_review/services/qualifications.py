"""Roles that are granted only to those who passed an examination (上岗资格)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, today

from order_review.constants import QUALIFICATION_RECORD, REVIEW_SETTINGS
from order_review.exceptions import SmallRecordError


def check_roles(user: Document, method: str | None = None) -> None:
	"""Raise SmallRecordError when a user gets a role without the qualification the settings demand for it."""
	demanded = {row.role for row in frappe.get_cached_doc(REVIEW_SETTINGS).get("qualified_roles") or ()}
	if not demanded or user.name in frappe.STANDARD_USERS:
		return
	before = user.get_doc_before_save()
	had = {row.role for row in before.roles} if before else set()
	new = {row.role for row in user.roles} - had
	missing = sorted(role for role in new & demanded if not holds(user.name, role))
	if missing:
		frappe.throw(
			_("{0} gets the role {1} only with a passed qualification record.").format(
				user.full_name or user.name, ", ".join(_(role) for role in missing)
			),
			title=_("Qualification Missing"),
			exc=SmallRecordError,
		)


def holds(user: str, role: str) -> bool:
	"""Whether a user holds a qualification for a role today."""
	rows = frappe.get_all(
		QUALIFICATION_RECORD,
		{"user": user, "role": role, "result": "Passed", "is_revoked": 0, "qualified_on": ["<=", today()]},
		["valid_to"],
	)
	return any(not row.valid_to or getdate(row.valid_to) >= getdate(today()) for row in rows)
