"""What the filters of reports offer: what stands in the documents the user may read.

A filter that is a link searches the DocType it links to, and most readers of our reports read neither departments nor
salespersons nor customers of ERPNext.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import frappe
from frappe import _

from order_review.constants import INTENT_ORDER, MONTHLY_SCORE, QUALITY_ASSESSMENT, SALES_CONTRACT
from order_review.permissions import require_role
from order_review.services import trainings

_OF_QUALITY = ("market_department", "sales_person")
_SOURCES: Mapping[str, Mapping[str, Iterable[str]]] = {
	"Contract Quality Appeals": {QUALITY_ASSESSMENT: _OF_QUALITY},
	"Contract Quality Defects": {QUALITY_ASSESSMENT: _OF_QUALITY, MONTHLY_SCORE: _OF_QUALITY},
	"Review Time Split": {INTENT_ORDER: ("market_department",)},
	"Stock Order Age": {INTENT_ORDER: ("market_department",)},
	"Fulfilment Board": {SALES_CONTRACT: ("company", "market_department", "customer")},
}
"""Report → DocType → fields whose values its filters of the same name offer."""
_TRAINING = "Training Completion"


def of_report(report: str) -> dict[str, list[Any]]:
	"""Filter → values it offers the user.

	Raises:
		frappe.PermissionError: the report is not for the user.
	"""
	require_role(set(frappe.get_all("Has Role", {"parenttype": "Report", "parent": report}, pluck="role")))
	if report == _TRAINING:
		return {"role": [{"value": role, "label": _(role)} for role in sorted(trainings.plan())]}
	found: dict[str, set[str]] = {}
	for doctype, fields in _SOURCES.get(report, {}).items():
		for field in fields:
			found.setdefault(field, set()).update(_standing(doctype, field))
	return {field: sorted(values) for field, values in found.items()}


def _standing(doctype: str, field: str) -> Iterable[str]:
	rows = frappe.get_list(doctype, pluck=field, distinct=True, order_by=field, limit_page_length=0)
	return filter(None, rows)
