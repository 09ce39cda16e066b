"""Production configurations that are being translated get the notes of their contract line as rows to be explained."""

from __future__ import annotations

import frappe

from order_review.constants import PRODUCTION_CONFIGURATION, SALES_CONTRACT
from order_review.services.contracts import lines as contract_lines
from order_review.services.production import notes

_BEING_TRANSLATED = ("Draft", "Translating", "Returned to Translator")


def execute() -> None:
	"""Add the rows a version made today would have."""
	for name in frappe.get_all(PRODUCTION_CONFIGURATION, {"status": ["in", _BEING_TRANSLATED]}, pluck="name"):
		version = frappe.get_doc(PRODUCTION_CONFIGURATION, name)
		contract = frappe.get_doc(SALES_CONTRACT, version.sales_contract)
		there = {row.request_no for row in version.specials}
		for note in notes.of_line(contract, contract_lines.line(contract, version.line_no)):
			if note.number not in there:
				said = {"request_no": note.number, "name_zh": note.name, "contract_text": note.text}
				version.append("specials", said).db_insert()
