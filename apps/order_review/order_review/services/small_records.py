"""What calls, exception reports, ratings and tasks have in common: the document they are about."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from order_review.constants import (
	COMMUNICATION_LOG,
	DELIVERY_COMMITMENT,
	EXCEPTION_REPORT,
	INTENT_ORDER,
	LIVERY_DESIGN,
	PRODUCTION_CONFIGURATION,
	QUALITY_ASSESSMENT,
	REQUIREMENT_RECORD,
	REVIEW_TASK,
	SALES_CONTRACT,
	SATISFACTION_RATING,
	SPECIAL_REQUEST,
	TECHNICAL_ISSUE,
)
from order_review.exceptions import SmallRecordError

ABOUT = (
	INTENT_ORDER,
	SALES_CONTRACT,
	PRODUCTION_CONFIGURATION,
	SPECIAL_REQUEST,
	REVIEW_TASK,
	TECHNICAL_ISSUE,
	DELIVERY_COMMITMENT,
	LIVERY_DESIGN,
	QUALITY_ASSESSMENT,
	"Customer",
)
"""DocTypes a record can be about."""


def check_reference(record: Document) -> None:
	"""Who writes a record may read the document it is about.

	Raises:
		SmallRecordError: nothing is recorded about such a document.
		frappe.PermissionError.
	"""
	if record.reference_doctype not in ABOUT:
		frappe.throw(
			_("Nothing is recorded about a {0}.").format(_(record.reference_doctype)),
			title=_("Not Recorded"),
			exc=SmallRecordError,
		)
	frappe.get_doc(record.reference_doctype, record.reference_name).check_permission("read")


def department_of(doctype: str, name: str) -> str | None:
	"""The market department a document belongs to; that of what it is about, where it has none of its own."""
	meta = frappe.get_meta(doctype)
	if meta.has_field("market_department"):
		return frappe.db.get_value(doctype, name, "market_department")
	if meta.has_field("reference_doctype"):
		about = frappe.db.get_value(doctype, name, ["reference_doctype", "reference_name"])
		return department_of(*about) if about and all(about) else None
	return None


def forget(document: Document, method: str | None = None) -> None:
	"""Take away with a document what was recorded about it."""
	about = {"reference_doctype": document.doctype, "reference_name": document.name}
	for doctype in (COMMUNICATION_LOG, EXCEPTION_REPORT, SATISFACTION_RATING, DELIVERY_COMMITMENT):
		remove_all(doctype, about)
	if document.doctype == INTENT_ORDER:
		remove_all(REQUIREMENT_RECORD, {"intent_order": document.name})


def remove_all(doctype: str, filters: dict[str, str]) -> None:
	"""Delete documents for good, with the notices about them."""
	for name in frappe.get_all(doctype, filters, pluck="name"):
		frappe.delete_doc(doctype, name, force=True, ignore_permissions=True, delete_permanently=True)
		frappe.db.delete("Notification Log", {"document_type": doctype, "document_name": name})
		for trace in ("Workflow Action", "Outbox Message"):
			frappe.db.delete(trace, {"reference_doctype": doctype, "reference_name": name})
