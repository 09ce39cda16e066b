"""Remarks on payments belong to what a contract says: versions given out for signing are sealed with them."""

from __future__ import annotations

import frappe

from order_review.constants import SALES_CONTRACT
from order_review.services.contracts import sheet, steps

_GIVEN_OUT = ("Approved for Signing", "Seal Pending", "Signed", *steps.IN_FORCE)
"""Statuses in which a contract says what its last version says."""


def execute() -> None:
	"""Seal the last version of contracts with such remarks anew."""
	if not frappe.db.has_column("Sales Contract Payment", "remark"):
		return
	named = {"remark": ["is", "set"], "parenttype": SALES_CONTRACT}
	for name in set(frappe.get_all("Sales Contract Payment", named, pluck="parent")):
		contract = frappe.get_doc(SALES_CONTRACT, name)
		if contract.status not in _GIVEN_OUT or not contract.prints:
			continue
		content = sheet.content_hash(contract)
		for document in (contract, contract.prints[-1]):
			document.db_set("content_hash", content, update_modified=False)
