"""The working calendar for the Desk: a published year is taken in from an uploaded file."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from order_review.constants import REVIEW_SETTINGS
from order_review.services import working_calendar


@frappe.whitelist(methods=["POST"])
def import_calendar(file: str) -> dict[str, Any]:
	"""Take in an uploaded calendar (ICS or JSON); the upload goes afterwards.

	Returns:
		The sentence that says what was taken in.
	"""
	frappe.has_permission(REVIEW_SETTINGS, "write", throw=True)
	document = frappe.get_doc("File", file)
	if document.owner != frappe.session.user and frappe.session.user != "Administrator":
		frappe.throw(_("Upload the calendar yourself."), exc=frappe.PermissionError)
	content = document.get_content()
	years = working_calendar.take_in(
		content.encode() if isinstance(content, str) else content, document.file_name
	)
	frappe.delete_doc("File", file, ignore_permissions=True)
	sentences = [
		_("{0}: days off {1}, worked instead {2}.").format(year.number, len(year.off), len(year.worked))
		for year in years
	]
	if years[0].skipped:
		sentences.append(_("{0} entries that are no whole days were left out.").format(years[0].skipped))
	return {"message": " ".join(sentences), "years": [year.number for year in years]}
