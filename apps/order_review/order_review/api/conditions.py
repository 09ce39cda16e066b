"""Conditions of reviews for the Desk."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from order_review.constants import REVIEW_CONDITION
from order_review.exceptions import ReviewConditionError
from order_review.services import conditions, responsible
from order_review.services.retry import with_retry
from order_review.services.review_tasks import department_names
from order_review.services.reviewed import REVIEWED


@frappe.whitelist()
def of_document(doctype: str, name: str) -> list[dict[str, Any]]:
	"""The conditions of a document, those due first before the others."""
	frappe.has_permission(REVIEW_CONDITION, "read", throw=True)
	document = _reviewed(doctype, name)
	rows, names = conditions.of_documents([(document.doctype, document.name)]), department_names()
	for row in rows:
		row["department_name"] = names.get(row["department"], row["department"])
		row["responsible_name"] = responsible.name_of(row)
	return rows


@frappe.whitelist(methods=["POST"])
@with_retry
def meet(name: str, evidence: str = "", file_url: str = "") -> None:
	"""Say that a condition is met, and by what that is seen: in words, by an uploaded file, or both."""
	conditions.meet(name, evidence, file_url)


@frappe.whitelist()
def responsible_choices(doctype: str, name: str) -> list[dict[str, str]]:
	"""Users and departments that can be made responsible for a condition of a document."""
	return responsible.choices(_reviewed(doctype, name))


@frappe.whitelist(methods=["POST"])
@with_retry
def waive(name: str, reason: str) -> None:
	"""Let a condition go, with a written reason."""
	conditions.waive(name, reason)


@frappe.whitelist(methods=["POST"])
@with_retry
def add(doctype: str, name: str, values: dict[str, Any] | str) -> str:
	"""Set a condition on a document by hand; gives its name."""
	given = frappe.parse_json(values)
	return conditions.add(_reviewed(doctype, name), given if isinstance(given, dict) else {})


def _reviewed(doctype: str, name: str) -> Any:
	if doctype not in REVIEWED:
		frappe.throw(_("No opinions are given on {0}.").format(_(doctype)), exc=ReviewConditionError)
	document = frappe.get_doc(doctype, name)
	document.check_permission("read")
	return document
