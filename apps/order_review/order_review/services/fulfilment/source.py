"""What documents of the fulfilment take from the contract line they belong to."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from order_review.exceptions import FulfilmentError


def contract_values(contract: Document, line: int) -> dict[str, Any]:
	"""Customer, company, market department, model and quantity of a line.

	Raises:
		FulfilmentError: the contract has no such line.
	"""
	row = next((row for row in contract.lines if cint(row.line_no) == cint(line)), None)
	if row is None:
		frappe.throw(
			_("{0} has no line {1}.").format(contract.name, line), title=_("Fulfilment"), exc=FulfilmentError
		)
	return {
		**head_values(contract),
		"customer": contract.get("customer"),
		"model": row.model,
		"qty": cint(row.qty),
	}


def head_values(contract: Any) -> dict[str, Any]:
	"""Company and market department, by which documents are shown to their readers."""
	return {"company": contract.get("company"), "market_department": contract.get("market_department")}
