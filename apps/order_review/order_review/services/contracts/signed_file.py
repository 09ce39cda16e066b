"""The file of a signed copy (签字件): once handed in it stays with its contract as it is."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from order_review.constants import SALES_CONTRACT
from order_review.exceptions import ContractStepError

OPEN = frozenset({"Draft", "Returned", "Submitted", "Received", "Under Opinions", "Approved for Signing"})
"""Statuses in which no copy is handed in, or it may still be exchanged."""


def refuse_kept(file: Document) -> None:
	"""Raise ContractStepError when the file is of a copy that was handed in; it goes with its contract only."""
	if file.attached_to_doctype != SALES_CONTRACT or not file.attached_to_name:
		return
	found = frappe.db.get_value(SALES_CONTRACT, file.attached_to_name, ["status", "signed_file"])
	if found and found[0] not in OPEN and found[1] == file.file_url:
		frappe.throw(
			_("{0} is the signed copy of {1} and stays as it is.").format(
				file.file_name, file.attached_to_name
			),
			title=_("Signing"),
			exc=ContractStepError,
		)
