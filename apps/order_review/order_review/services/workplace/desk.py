"""What the Desk is told at its start: the workspace of a user's own work comes first, and how much waits."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import frappe

from order_review.constants import INTENT_ORDER, MODULES, PORTAL_ROLES, REVIEW_TASK, ROLES
from order_review.services.workplace.readers import MINE
from order_review.services.workplace.work import Worklist

_OURS = frozenset(name for code, (name, _zh) in ROLES.items() if code not in PORTAL_ROLES)
"""Our roles at the Desk."""


def extend_bootinfo(bootinfo: Any) -> None:
	"""Of the app's workspaces offer as the way back the first one the user may open, not the first one there is.

	Who has a role of ours and chose no workspace himself begins with the one of his work; for everybody else, the
	Administrator included, nothing changes.
	"""
	pages = bootinfo.get("allowed_workspaces") or ()
	_open_own_workspace(bootinfo, pages)
	allowed = [page["name"] for page in pages]
	by_module = bootinfo.get("module_wise_workspaces") or {}
	for module in MODULES:
		names = by_module.get(module)
		if names:
			by_module[module] = [name for name in allowed if name in names] or names


def works_here() -> bool:
	"""Whether the user has a role of ours: then the app stands on the screen of apps, and login leads to the user's own page."""
	return bool(_OURS.intersection(frappe.get_roles()))


def _open_own_workspace(bootinfo: Any, pages: Iterable[Any]) -> None:
	user, roles = frappe.session.user, _OURS.intersection(frappe.get_roles())
	if user == "Administrator" or not roles or bootinfo.user.get("default_workspace"):
		return
	page = own_workspace(
		[page for page in pages if page.get("public") and page.get("module") in MODULES], roles
	)
	if page:
		bootinfo.user.default_workspace = {name: page.get(name) for name in ("name", "title", "public")}


def own_workspace(pages: list[Any], roles: Collection[str]) -> Any | None:
	"""The workspace somebody with these roles begins with: the first that names one of them, else the first one.

	Args:
		pages: workspaces of the app that are open to the user, in their order.
	"""

	def names(page: Any) -> bool:
		return any(row.role in roles for row in frappe.get_cached_doc("Workspace", page["name"]).roles)

	return next(filter(names, pages), pages[0] if pages else None)


def notification_config() -> dict[str, Any]:
	"""What Frappe counts as open beside a DocType's name: what waits for the user."""
	return {
		"for_doctype": {
			REVIEW_TASK: "order_review.services.workplace.desk.open_tasks",
			INTENT_ORDER: "order_review.services.workplace.desk.open_orders",
			"Technical Issue": {"status": ["!=", "Closed"]},
		}
	}


def open_tasks() -> int:
	"""Opinions the user owes."""
	return _mine(REVIEW_TASK)


def open_orders() -> int:
	"""Intent orders that wait for the user."""
	return _mine(INTENT_ORDER)


def _mine(doctype: str) -> int:
	"""Number of the user's own pieces of work of a DocType.

	Raises:
		PermissionError: the user has no part in reviews.
	"""
	if frappe.session.user == "Guest":
		raise frappe.PermissionError
	return Worklist({"view": MINE, "kind": doctype}).total().number
