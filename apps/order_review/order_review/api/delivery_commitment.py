"""Delivery dates for the Desk."""

from __future__ import annotations

from typing import Any

import frappe

from order_review.constants import DELIVERY_COMMITMENT
from order_review.services import delivery_capacity, delivery_commitment, delivery_sheet, print_files


@frappe.whitelist(methods=["POST"])
def request(doctype: str, name: str, line: int = 0) -> str:
	"""Ask Planning for a delivery date of a document; gives the commitment."""
	frappe.has_permission(DELIVERY_COMMITMENT, "create", throw=True)
	frappe.get_doc(doctype, name).check_permission("read")
	return delivery_commitment.request(doctype, name, int(line))


@frappe.whitelist()
def of_document(doctype: str, name: str) -> list[dict[str, Any]]:
	"""The commitments of a document, newest first."""
	frappe.get_doc(doctype, name).check_permission("read")
	if not frappe.has_permission(DELIVERY_COMMITMENT, "read"):
		return []
	return frappe.get_list(
		DELIVERY_COMMITMENT,
		{"reference_doctype": doctype, "reference_name": name},
		["name", "status", "reference_line", "qty", "wish", "earliest", "committed_date", "is_over_capacity"],
		order_by="creation desc",
	)


@frappe.whitelist()
def weeks(name: str) -> list[dict[str, Any]]:
	"""Weeks around a commitment's dates with what is free in them now."""
	commitment = frappe.get_doc(DELIVERY_COMMITMENT, name)
	commitment.check_permission("read")
	return [
		{
			"week": week.label,
			"begins_on": week.begins_on,
			"capacity": week.capacity,
			"taken": week.taken,
			"own": week.own,
			"free": week.free,
		}
		for week in delivery_capacity.weeks(commitment)
	]


@frappe.whitelist()
def sheet_pdf(name: str, lang: str = "zh") -> None:
	"""The delivery commitment as a PDF download, in zh or en."""
	commitment = frappe.get_doc(DELIVERY_COMMITMENT, name)
	commitment.check_permission("print")
	lang = "en" if lang == "en" else "zh"
	print_files.send(
		DELIVERY_COMMITMENT, name, "Delivery Commitment", delivery_sheet.pdf(commitment, lang), lang
	)
