"""Opinions of departments for the Desk."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from order_review.constants import INTENT_ORDER, REVIEW_SETTINGS, REVIEW_TASK
from order_review.exceptions import ReviewTaskError
from order_review.services import (
	delegations,
	diffs,
	identical_orders,
	intent_steps,
	opinion_routing,
	order_rounds,
	review_tasks,
)
from order_review.services.retry import with_retry
from order_review.services.reviewed import REVIEWED


@frappe.whitelist()
def preview(name: str, doctype: str = INTENT_ORDER) -> list[dict[str, Any]]:
	"""Who would be asked about a document, until when, and whose opinion is carried over."""
	return review_tasks.preview(_readable(doctype, name))


@frappe.whitelist()
def overview(name: str, doctype: str = INTENT_ORDER) -> list[dict[str, Any]]:
	"""The opinions of all rounds of a document, newest round first."""
	frappe.has_permission(REVIEW_TASK, "read", throw=True)
	return review_tasks.overview(_readable(doctype, name))


@frappe.whitelist()
def rounds(name: str) -> list[dict[str, Any]]:
	"""What changed in each round of an intent order, newest first: ``round_no``, ``html``."""
	found = order_rounds.diff_rows(_readable(INTENT_ORDER, name))
	return [{"round_no": number, "html": diffs.html(rows)} for number, rows in reversed(found.items())]


@frappe.whitelist(methods=["POST"])
@with_retry
def answer(name: str, answer: dict[str, Any] | str) -> str:
	"""Give a department's opinion; tells the status of the document afterwards."""
	given = frappe.parse_json(answer)
	return review_tasks.answer(name, given if isinstance(given, dict) else {})


@frappe.whitelist(methods=["POST"])
@with_retry
def withdraw(name: str, reason: str) -> str:
	"""Take an opinion back before the join; tells the name of the new task."""
	return review_tasks.withdraw(name, reason)


@frappe.whitelist(methods=["POST"])
@with_retry
def overrule(name: str, reason: str) -> None:
	"""Let a document go on against an objection, with a written reason."""
	review_tasks.overrule(name, reason)


@frappe.whitelist(methods=["POST"])
@with_retry
def assign(name: str, user: str) -> None:
	"""Say who is to answer a task."""
	review_tasks.assign(name, user)


@frappe.whitelist()
@frappe.validate_and_sanitize_search_inputs
def search_users(
	doctype: str, txt: str, searchfield: str, start: int, page_len: int, filters: dict[str, Any] | str
) -> list[tuple[str, str]]:
	"""Users who can answer a task, for a link field."""
	given = frappe.parse_json(filters)
	task = frappe.get_doc(REVIEW_TASK, str(given.get("task") if isinstance(given, dict) else None))
	task.check_permission("read")
	users = delegations.users_with(task.role)
	named = frappe.get_all("User", filters={"name": ["in", users]}, fields=["name", "full_name"])
	found = [(row.name, row.full_name or "") for row in named]
	return [row for row in found if txt.lower() in " ".join(row).lower()][start : start + page_len]


@frappe.whitelist()
def routing_fields(process: str) -> dict[str, str]:
	"""What a condition of the routing may ask in a process: field → flag, number or text."""
	frappe.has_permission(REVIEW_SETTINGS, "read", throw=True)
	return opinion_routing.fields_of(process)


@frappe.whitelist()
def identical(name: str) -> list[dict[str, Any]]:
	"""Open tasks of the same department on identical orders, which one answer may settle as well."""
	return identical_orders.find(name)


@frappe.whitelist(methods=["POST"])
@with_retry
def answer_identical(name: str, others: list[str] | str, answer: dict[str, Any] | str) -> dict[str, Any]:
	"""Give one opinion on several identical orders; tells which were answered, and why others were not."""
	given, names = frappe.parse_json(answer), frappe.parse_json(others)
	return identical_orders.answer(
		name, [str(one) for one in names or []], given if isinstance(given, dict) else {}
	)


@frappe.whitelist(methods=["POST"])
def copy_to_revalidate(name: str) -> str:
	"""A new draft like an intent order that is no longer under review; tells its name."""
	return intent_steps.copy_to_revalidate(name)


def _readable(doctype: str, name: str) -> Any:
	if doctype not in REVIEWED:
		frappe.throw(_("No opinions are given on {0}.").format(_(doctype)), exc=ReviewTaskError)
	document = frappe.get_doc(doctype, name)
	document.check_permission("read")
	return document
