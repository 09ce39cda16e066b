"""Defects that tell of a floor price: kept beside the assessment for those who may know it, charged to nobody.

A salesperson reads his score. Were a price below the floor part of it, one negotiated price after another would
find the floor. So such a defect neither stands on the assessment nor changes its score; what the score would
be with it, supervisors read in a document of their own.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import cint

from order_review.constants import CONFIDENTIAL_DEFECT, CONTRACT_PRICE_REVIEW, INTENT_ORDER, PRICE_REVIEW
from order_review.engine import quality
from order_review.engine.findings import INTERNAL_SECRET_FINDINGS, SECRET_FINDINGS
from order_review.services import guard
from order_review.services.quality import records
from order_review.services.quality.sources import Part


def keep_first_findings(order: Document, whole: dict[str, Any]) -> None:
	"""Write the secret findings of an order's first submission beside its price review, once."""
	secret = INTERNAL_SECRET_FINDINGS if order.order_type == "Internal" else SECRET_FINDINGS
	codes = [found["code"] for found in whole["findings"] if found["code"] in secret]
	if order.review_round == 1:
		frappe.db.set_value(
			PRICE_REVIEW, order.name, "first_findings", json.dumps(codes), update_modified=False
		)


def keep(assessment: Document, parts: list[Part]) -> None:
	"""Write down the secret defects of a salesperson's first submissions; nothing when there are none."""
	known = records.defects()
	counts = [(quality.raised(known, codes), share) for codes, share in _codes(parts)]
	charged = {
		defect: [(found[defect.code], share) for found, share in counts if defect.code in found]
		for defect in known
	}
	charged = {defect: found for defect, found in charged.items() if found}
	if not charged or frappe.db.exists(CONFIDENTIAL_DEFECT, assessment.name):
		return
	total = {defect: sum(count for count, _share in found) for defect, found in charged.items()}
	borne = [
		quality.part_of(defect.charged(total[defect]), 100 * quality.share(defect, found))
		for defect, found in charged.items()
	]
	row = frappe.get_doc(
		{
			"doctype": CONFIDENTIAL_DEFECT,
			"assessment": assessment.name,
			"sales_contract": assessment.sales_contract,
			"quality_month": assessment.quality_month,
			"defects": ", ".join(sorted(f"{defect.code} × {count}" for defect, count in total.items())),
			"points": float(sum(borne)),
		}
	)
	guard.insert(row)


def _codes(parts: list[Part]) -> list[tuple[list[str], Decimal]]:
	"""Secret findings of the intent orders' first submissions, with the part of each that is charged; of the contract's
	own lines where the orders had none."""
	orders = [
		(_first_codes(part.document.name), part.share)
		for part in parts
		if part.document.doctype == INTENT_ORDER
	]
	if any(codes for codes, _share in orders):
		return orders
	return [
		(_signed_codes(part.document.name, part.lines), part.share)
		for part in parts
		if part.document.doctype != INTENT_ORDER
	]


def _signed_codes(contract: str, lines: frozenset[int]) -> list[str]:
	kept = frappe.db.get_value(CONTRACT_PRICE_REVIEW, contract, "review")
	wholes = json.loads(kept) if kept else {}
	return [
		found["code"]
		for number, whole in wholes.items()
		for found in whole["findings"]
		if cint(number) in lines and found["code"] in SECRET_FINDINGS
	]


def _first_codes(name: str) -> list[str]:
	kept = frappe.db.get_value(PRICE_REVIEW, name, "first_findings")
	return json.loads(kept) if kept else []
