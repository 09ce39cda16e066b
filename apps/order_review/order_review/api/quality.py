"""Contract quality for the Desk: assessments, appeals, months, and a salesperson's own errors."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import cint

from order_review.constants import (
	CONFIDENTIAL_DEFECT,
	INTENT_ORDER,
	MONTHLY_SCORE,
	QUALITY_ASSESSMENT,
	QUALITY_MONTH,
	SALES_CONTRACT,
	WORK_QUALITY,
)
from order_review.engine.findings import SECRET_FINDINGS
from order_review.permissions import require_role
from order_review.services.quality import appeals, assessment, own_errors, records, reports, scores


@frappe.whitelist(methods=["POST"])
def draft(contract: str) -> str:
	"""The assessment of a contract that is effective or vetoed; made when it is not there."""
	require_role(assessment.DRAFTERS)
	frappe.has_permission(SALES_CONTRACT, "read", doc=contract, throw=True)
	return assessment.draft_by_hand(contract)


@frappe.whitelist(methods=["POST"])
def appeal(name: str, row: str, grounds: str) -> float:
	"""Dispute one row of one's own assessment."""
	frappe.has_permission(QUALITY_ASSESSMENT, "write", doc=name, throw=True)
	return appeals.appeal(name, row, grounds)


@frappe.whitelist(methods=["POST"])
def decide(name: str, row: str, decision: str, note: str, count: int = 0) -> float:
	"""Decide a disputed row; gives the score afterwards."""
	frappe.has_permission(QUALITY_ASSESSMENT, "write", doc=name, throw=True)
	return appeals.decide(name, row, decision, note, count)


@frappe.whitelist()
def get_defects() -> list[dict[str, str]]:
	"""Defects an assessor enters by hand, for a list to choose from."""
	frappe.has_permission(QUALITY_ASSESSMENT, "read", throw=True)
	return [
		{"value": code, "label": code, "description": records.name_of(row)}
		for code, row in records.defect_rows().items()
		if row.finding_code not in SECRET_FINDINGS
	]


@frappe.whitelist()
def get_work_types() -> list[dict[str, str]]:
	"""Types of work-quality records, for a list to choose from."""
	frappe.has_permission(WORK_QUALITY, "read", throw=True)
	return [
		{"value": code, "label": code, "description": records.name_of(row)}
		for code, row in records.work_types().items()
	]


@frappe.whitelist()
def get_own_errors(doctype: str, name: str) -> dict[str, Any]:
	"""The asking user's three commonest errors, and the findings that stand on the document he is about to send."""
	if doctype not in (INTENT_ORDER, SALES_CONTRACT):
		frappe.throw(frappe._("{0} has no findings.").format(doctype), exc=frappe.PermissionError)
	document = frappe.get_doc(doctype, name)
	document.check_permission("read")
	return {
		"errors": own_errors.commonest(frappe.session.user),
		"findings": own_errors.open_findings(document),
	}


@frappe.whitelist()
def get_month(name: str) -> dict[str, list[dict[str, Any]]]:
	"""The ranking of a month, as it stands now."""
	frappe.has_permission(QUALITY_MONTH, "read", doc=name, throw=True)
	return {kind: scores.figures(name, kind) for kind in scores.KINDS}


@frappe.whitelist()
def get_trend(name: str) -> list[dict[str, Any]]:
	"""The last twelve months of the salesperson or department a score belongs to."""
	score = frappe.get_doc(MONTHLY_SCORE, name)
	score.check_permission("read")
	return scores.trend(score)


@frappe.whitelist()
def get_confidential(name: str) -> dict[str, Any] | None:
	"""Defects that are kept apart, for those who may know them; None for everybody else and where there are none."""
	if not frappe.has_permission(CONFIDENTIAL_DEFECT, "read"):
		return None
	fields = ["name", "defects", "points"]
	return frappe.db.get_value(CONFIDENTIAL_DEFECT, {"assessment": name}, fields, as_dict=True)


@frappe.whitelist()
def usual_months(until_now: int | str = 0) -> dict[str, str]:
	"""The months a quality report begins with: the last confirmed one, where asked until the present one."""
	frappe.has_permission(QUALITY_ASSESSMENT, "read", throw=True)
	first = reports.usual_month()
	return {"from_month": first, "to_month": max(first, reports.this_month()) if cint(until_now) else first}
