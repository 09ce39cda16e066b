"""Opinions of departments for the Desk."""

from __future__ import annotations

from typing import Any

import frappe

from order_review.constants import INTENT_ORDER, REVIEW_TASK
from order_review.services import intent_steps, review_tasks


@frappe.whitelist()
def preview(name: str) -> list[dict[str, Any]]:
	"""Who would be asked about an intent order, until when, and whose opinion is carried over."""
	return review_tasks.preview(_readable(name))


@frappe.whitelist()
def overview(name: str) -> list[dict[str, Any]]:
	"""The opinions of all rounds of an intent order, newest round first."""
	frappe.has_permission(REVIEW_TASK, "read", throw=True)
	return review_tasks.overview(_readable(name))


@frappe.whitelist(methods=["POST"])
def answer(name: str, answer: dict[str, Any] | str) -> str:
	"""Give a department's opinion; tells the status of the order afterwards."""
	given = frappe.parse_json(answer)
	return review_tasks.answer(name, given if isinstance(given, dict) else {})


@frappe.whitelist(methods=["POST"])
def withdraw(name: str, reason: str) -> str:
	"""Take an opinion back before the join; tells the name of the new task."""
	return review_tasks.withdraw(name, reason)


@frappe.whitelist(methods=["POST"])
def overrule(name: str, reason: str) -> None:
	"""Let an order go on against an objection, with a written reason."""
	review_tasks.overrule(name, reason)


@frappe.whitelist(methods=["POST"])
def copy_to_revalidate(name: str) -> str:
	"""A new draft like an intent order that is no longer under review; tells its name."""
	return intent_steps.copy_to_revalidate(name)


def _readable(name: str) -> Any:
	order = frappe.get_doc(INTENT_ORDER, name)
	order.check_permission("read")
	return order
