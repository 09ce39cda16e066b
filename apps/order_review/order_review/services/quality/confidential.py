"""Defects that tell of a floor price: kept beside the assessment for those who may know it, charged to nobody.

A salesperson reads his score. Were a price below the floor part of it, one negotiated price after another would
find the floor. So such a defect neither stands on the assessment nor changes its score; what the score would
be with it, supervisors read in a document of their own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import frappe
from frappe.model.document import Document

from order_review.constants import CONFIDENTIAL_DEFECT, CONTRACT_PRICE_REVIEW, INTENT_ORDER, PRICE_REVIEW
from order_review.engine import quality
from order_review.engine.findings import INTERNAL_SECRET_FINDINGS, SECRET_FINDINGS
from order_review.services import guard
from order_review.services.quality import records


def keep_first_findings(order: Document, whole: dict[str, Any]) -> None:
	"""Write the secret findings of an order's first submission beside its price review, once."""
	secret = INTERNAL_SECRET_FINDINGS if order.order_type == "Internal" else SECRET_FINDINGS
	codes = [found["code"] for found in whole["findings"] if found["code"] in secret]
	if order.review_round == 1:
		frappe.db.set_value(
			PRICE_REVIEW, order.name, "first_findings", json.dumps(codes), update_modified=False
		)


def keep(assessment: Document, documents: Iterable[Document]) -> None:
	"""Write down the secret defects of a contract's first submissions; nothing when there are none."""
	known = records.defects()
	counts = quality.raised(known, _codes(list(documents)))
	if not counts or frappe.db.exists(CONFIDENTIAL_DEFECT, assessment.name):
		return
	points = sum(defect.charged(counts[defect.code]) for defect in known if defect.code in counts)
	row = frappe.get_doc(
		{
			"doctype": CONFIDENTIAL_DEFECT,
			"assessment": assessment.name,
			"sales_contract": assessment.sales_contract,
			"quality_month": assessment.quality_month,
			"defects": ", ".join(f"{code} × {count}" for code, count in sorted(counts.items())),
			"points": float(points),
		}
	)
	guard.insert(row)


def _codes(documents: list[Document]) -> list[str]:
	"""Secret findings of the intent orders' first submissions; of the contract itself where the orders had none."""
	orders = [one for one in documents if one.doctype == INTENT_ORDER]
	codes = [code for order in orders for code in _first_codes(order.name)]
	return codes or [code for one in documents if one not in orders for code in _signed_codes(one.name)]


def _signed_codes(contract: str) -> list[str]:
	kept = frappe.db.get_value(CONTRACT_PRICE_REVIEW, contract, "review")
	wholes = json.loads(kept).values() if kept else ()
	return [f["code"] for whole in wholes for f in whole["findings"] if f["code"] in SECRET_FINDINGS]


def _first_codes(name: str) -> list[str]:
	kept = frappe.db.get_value(PRICE_REVIEW, name, "first_findings")
	return json.loads(kept) if kept else []
