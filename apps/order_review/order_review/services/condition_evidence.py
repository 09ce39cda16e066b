"""The file by which it is seen that a condition is met (证明材料): it hangs on the condition and stays as it is."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from order_review.constants import REVIEW_CONDITION
from order_review.exceptions import ReviewConditionError


def attach(condition: Document, file_url: str) -> str:
	"""Hang a file the user uploaded on a condition; gives the address it has then.

	Raises:
		ReviewConditionError: the user uploaded no such file; an address alone opens nobody's file.
	"""
	own = {"file_url": file_url, "owner": frappe.session.user, "attached_to_name": ["is", "not set"]}
	name = frappe.db.get_value("File", own, "name", order_by="creation desc")
	if not name:
		_refuse(
			_("{0}: upload the file here.").format(
				_(condition.meta.get_label("evidence_file"), context=condition.doctype)
			)
		)
	file = frappe.get_doc("File", name)
	file.update(
		{
			"attached_to_doctype": condition.doctype,
			"attached_to_name": condition.name,
			"attached_to_field": "evidence_file",
			"is_private": 1,
		}
	)
	file.save(ignore_permissions=True)
	return str(file.file_url)


def refuse_kept(file: Document) -> None:
	"""Raise ReviewConditionError when a file is the evidence of a condition; it goes with its condition only."""
	if file.attached_to_doctype != REVIEW_CONDITION or frappe.flags.order_review_forgets:
		return
	if frappe.db.get_value(REVIEW_CONDITION, file.attached_to_name, "evidence_file") == file.file_url:
		_refuse(
			_("{0} is the evidence of {1} and stays as it is.").format(file.file_name, file.attached_to_name)
		)


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Condition"), exc=ReviewConditionError)
