"""What a salesperson is shown before he sends: his own three commonest errors, and what is still open."""

from __future__ import annotations

from collections import Counter
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import add_months, today

from order_review.constants import INTENT_ORDER, QUALITY_ASSESSMENT
from order_review.engine import quality
from order_review.services.quality import records
from order_review.services.quality.points import counted
from order_review.services.quality.scores import defect_rows

MONTHS = 12


def commonest(user: str) -> list[dict[str, Any]]:
	"""The three commonest defects of a user's contracts and orders of the last twelve months.

	Returns:
		Rows with code, name, count and what to check; nothing that tells of a floor price.
	"""
	counts = _of_assessments(user) + _of_unassessed_orders(user)
	known = records.defect_rows()
	top = quality.commonest({code: count for code, count in counts.items() if code in known and count})
	return [
		{
			"code": code,
			"name": records.name_of(known[code]),
			"count": count,
			"check": records.hint_of(known[code]),
		}
		for code, count in top
	]


def _of_assessments(user: str) -> Counter[str]:
	since = add_months(today(), -MONTHS)
	names = frappe.get_all(
		QUALITY_ASSESSMENT, filters={"sales_user": user, "assessed_on": [">=", since]}, pluck="name"
	)
	counts: Counter[str] = Counter()
	for rows in defect_rows(names).values():
		for row in rows:
			counts[row.defect] += counted(row)
	return counts


def _of_unassessed_orders(user: str) -> Counter[str]:
	"""Defects of first submissions that no assessment counts yet."""
	since = add_months(today(), -MONTHS)
	orders = frappe.get_all(
		INTENT_ORDER,
		filters={
			"owner": user,
			"order_date": [">=", since],
			"review_round": [">", 0],
			"status": ["!=", "Converted"],
		},
		pluck="name",
	)
	counts: Counter[str] = Counter()
	known = records.defects()
	for row in frappe.get_all(
		"Intent Order Round",
		filters={"parent": ["in", orders or [""]], "parenttype": INTENT_ORDER, "round_no": 1},
		fields=["findings"],
	):
		codes = [found["code"] for found in frappe.parse_json(row.findings or "[]")]
		counts.update(quality.raised(known, codes))
	return counts


def open_findings(document: Document) -> list[dict[str, Any]]:
	"""The findings that stand on a document now, as everyone who reads it sees them."""
	message = "message_zh" if (frappe.local.lang or "").startswith("zh") else "message_en"
	return [
		{
			"severity": row.severity,
			"code": row.code,
			"ref": row.ref,
			"message": row.get(message) or row.get("message"),
		}
		for row in document.get("findings") or ()
	]
