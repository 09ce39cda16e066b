"""Calls, exception reports, enquiries, tasks and ratings for the Desk."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import getdate

from order_review.constants import COMMUNICATION_LOG, CONFIGURATION_ENQUIRY, QUALIFICATION_RECORD
from order_review.permissions import require_role
from order_review.services import assigned_tasks, configuration_enquiries, satisfaction, trainings


@frappe.whitelist()
def calls(doctype: str, name: str) -> list[dict[str, Any]]:
	"""What was said about a document, newest first."""
	frappe.get_doc(doctype, name).check_permission("read")
	if not frappe.has_permission(COMMUNICATION_LOG, "read"):
		return []
	return frappe.get_list(
		COMMUNICATION_LOG,
		{"reference_doctype": doctype, "reference_name": name},
		["name", "occurred_at", "channel", "direction", "party", "contact_person", "subject", "owner", "follow_up_on", "is_done"],
		order_by="occurred_at desc",
		limit=20,
	)  # fmt: skip


@frappe.whitelist(methods=["POST"])
def log_call(doctype: str, name: str, values: dict[str, Any] | str) -> str:
	"""Log a call, e-mail, fax or visit about a document; gives the record's name."""
	given = frappe.parse_json(values)
	fields = (
		"channel",
		"direction",
		"occurred_at",
		"party",
		"contact_person",
		"subject",
		"content",
		"follow_up",
		"follow_up_on",
	)
	record = frappe.get_doc(
		{
			"doctype": COMMUNICATION_LOG,
			"reference_doctype": doctype,
			"reference_name": name,
			**{field: given.get(field) for field in fields},
		}
	)
	record.insert()
	return str(record.name)


@frappe.whitelist()
def similar_enquiries(
	question: str, family: str = "", model: str = "", without: str = ""
) -> list[dict[str, Any]]:
	"""Published answers to something like the question."""
	frappe.has_permission(CONFIGURATION_ENQUIRY, "read", throw=True)
	return configuration_enquiries.similar(question[:500], family, model, without=without)


@frappe.whitelist(methods=["POST"])
def reuse_enquiry(name: str) -> int:
	"""Count that a published answer helped; gives how often it has."""
	return configuration_enquiries.reuse(name)


@frappe.whitelist(methods=["POST"])
def assign_task(doctype: str, name: str, user: str, text: str, due: str) -> str:
	"""Give somebody a task about a document; for supervisors and managers."""
	require_role(assigned_tasks.ASSIGNERS)
	document = frappe.get_doc(doctype, name)
	document.check_permission("read")
	return assigned_tasks.assign(document, user, text, getdate(due))


@frappe.whitelist()
def rating_waiting(doctype: str, name: str) -> str | None:
	"""The rating of a document the user is asked for."""
	frappe.get_doc(doctype, name).check_permission("read")
	return satisfaction.waiting(doctype, name)


@frappe.whitelist(methods=["POST"])
def rate(name: str, score: int, comment: str = "") -> None:
	"""Answer a rating the user was asked for."""
	satisfaction.rate(name, int(score), comment)


@frappe.whitelist(methods=["POST"])
def qualify(user: str, role: str) -> str:
	"""Write the qualification of somebody who has passed all courses of a role; gives the record's name."""
	frappe.has_permission(QUALIFICATION_RECORD, "create", throw=True)
	return trainings.qualify(user, role)
