"""Certificates of what is signed: a gap that opens after the signature is reported upwards (CCC 缺口)."""

from __future__ import annotations

import frappe
from frappe import _

from order_review.constants import SALES_CONTRACT
from order_review.services import exception_reports
from order_review.services.contracts import effect

_SIGNED = ("Signed", "Effective", "In Fulfilment")


def watch_certificates() -> int:
	"""Report signed contracts with a vehicle no certificate or announcement covers today; gives their number."""
	raised = 0
	for name in frappe.get_all(SALES_CONTRACT, {"status": ["in", _SIGNED]}, pluck="name"):
		contract = frappe.get_doc(SALES_CONTRACT, name)
		gaps = [row["text"] for row in effect.missing(contract) if row["kind"] == "certification"]
		if gaps:
			text = "\n".join([_("No certificate or announcement covers:"), *gaps])
			raised += bool(exception_reports.raise_for(contract, exception_reports.CCC_GAP, text))
	return raised
