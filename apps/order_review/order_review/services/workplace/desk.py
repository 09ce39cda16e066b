"""What the Desk is told at its start: the workspace of a user's own work comes first, and how much waits."""

from __future__ import annotations

from typing import Any

import frappe

from order_review.constants import INTENT_ORDER, MODULES, REVIEW_TASK
from order_review.services.workplace.readers import MINE
from order_review.services.workplace.work import Worklist


def extend_bootinfo(bootinfo: Any) -> None:
	"""Of the app's workspaces offer as the way back the first one the user may open, not the first one there is."""
	allowed = [page["name"] for page in bootinfo.get("allowed_workspaces") or ()]
	by_module = bootinfo.get("module_wise_workspaces") or {}
	for module in MODULES:
		names = by_module.get(module)
		if names:
			by_module[module] = [name for name in allowed if name in names] or names


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
