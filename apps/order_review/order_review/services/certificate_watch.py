"""Certificates of what is signed: a gap that opens after the signature is reported upwards (CCC 缺口)."""

from __future__ import annotations

import frappe
from frappe import _

from order_review.constants import SALES_CONTRACT
from order_review.services import background, exception_reports
from order_review.services.contracts import effect

_SIGNED = ("Signed", "Effective", "In Fulfilment")


def watch_certificates() -> int:
	"""Report signed contracts with a vehicle no certificate or announcement covers today; gives their number."""
	raised: list[str] = []

	def watch(name: str) -> None:
		contract = frappe.get_doc(SALES_CONTRACT, name)
		gaps = [row["text"] for row in effect.missing(contract) if row["kind"] == "certification"]
		if gaps:
			text = "\n".join([_("No certificate or announcement covers:"), *gaps])
			if exception_reports.raise_for(contract, exception_reports.CCC_GAP, text, once=True):
				raised.append(name)

	signed = frappe.get_all(SALES_CONTRACT, {"status": ["in", _SIGNED]}, pluck="name")
	background.each(signed, watch, "Certificates are watched")
	return len(raised)
