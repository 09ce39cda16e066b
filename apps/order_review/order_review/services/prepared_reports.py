"""Reports that are made in the background are made for those who may run them."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document


def check(prepared: Document, _event: str | None = None) -> None:
	"""Raise PermissionError unless the user may run the report that is to be made."""
	if frappe.session.user == "Administrator" or not frappe.db.exists("Report", prepared.report_name):
		return
	report = frappe.get_doc("Report", prepared.report_name)
	if not (report.is_permitted() and frappe.has_permission(report.ref_doctype, "report")):
		frappe.throw(
			_("You may not run the report {0}.").format(_(prepared.report_name)),
			frappe.PermissionError,
			title=_("Not Permitted", context="Order Review"),
		)
