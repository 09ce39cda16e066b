"""Roles: created when missing, never overwritten."""

from __future__ import annotations

import frappe

from order_review.constants import PORTAL_ROLES, ROLES

from . import names


def sync_roles() -> None:
	"""Create the roles that are not there yet."""
	for code, (name, _chinese) in ROLES.items():
		desk_access = int(code not in PORTAL_ROLES)
		if not frappe.db.exists("Role", name):
			frappe.get_doc({"doctype": "Role", "role_name": name, "desk_access": desk_access}).insert(
				ignore_permissions=True
			)


def remove_roles() -> None:
	"""Delete the roles and everything that hands them out; a role of the host's stays with whoever has it."""
	for name, _chinese in ROLES.values():
		if names.is_shared("Role", name):
			continue
		for doctype in ("Has Role", "Custom DocPerm", "DocPerm"):
			frappe.db.delete(doctype, {"role": name})
		if frappe.db.exists("Role", name):
			frappe.delete_doc("Role", name, force=True, ignore_permissions=True)
