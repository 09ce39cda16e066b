"""Evidence of quality defects that named a contract's field as it is stored names it in words."""

from __future__ import annotations

import frappe

_DEFECT = "Contract Quality Defect"
_FIELD = "dealer_authorisation"
_WORDS = "经销商授权书 Dealer Authorisation"


def execute() -> None:
	"""Put the words in the place of the field's name."""
	named = {"evidence": ["like", f"%{_FIELD}%"], "source": ["!=", "Manual"]}
	for row in frappe.get_all(_DEFECT, named, ["name", "evidence"]):
		words = row.evidence.replace(_FIELD, _WORDS)
		frappe.db.set_value(_DEFECT, row.name, "evidence", words, update_modified=False)
