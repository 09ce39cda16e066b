"""What an administrator of the system may not do by himself: open what floor and cost prices are kept in.

Rights on confidential DocTypes stand in their JSON. A System Manager gives roles to others, not to himself, and adds
no right on a confidential DocType to a role that has none; the user Administrator can, and leaves the same traces.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils.user import get_users_with_role

from order_review.constants import CONFIDENTIAL, COST_READERS, FLOOR_READERS
from order_review.exceptions import AdministratorError

_READERS = FLOOR_READERS | COST_READERS


def check_own_roles(user: Document, _method: str | None = None) -> None:
	"""Raise AdministratorError when somebody gives himself a role that reads floor or cost prices."""
	if frappe.session.user != user.name or user.name in frappe.STANDARD_USERS:
		return
	before = user.get_doc_before_save()
	had = {row.role for row in before.roles} if before else set()
	own = sorted(({row.role for row in user.roles} - had) & _READERS)
	if own:
		_refuse(
			_("Nobody gives himself the role {0}. Another administrator gives it.").format(
				", ".join(_(role) for role in own)
			)
		)


def check_permission_row(row: Document, _method: str | None = None) -> None:
	"""Raise AdministratorError when a role gets a right on a confidential DocType that its JSON does not give it."""
	if row.parent not in CONFIDENTIAL or frappe.session.user == "Administrator":
		return
	given = frappe.get_all("DocPerm", {"parent": row.parent, "read": 1}, pluck="role")
	if row.role not in given:
		_refuse(
			_("{0} is confidential: the role {1} gets no right on it.").format(_(row.parent), _(row.role))
		)


def people() -> list[str]:
	"""Users who keep the site and are told of its faults; the Administrator where nobody else does."""
	found = [user for user in get_users_with_role("System Manager") if user not in frappe.STANDARD_USERS]
	return found or ["Administrator"]


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Not Changed"), exc=AdministratorError)
