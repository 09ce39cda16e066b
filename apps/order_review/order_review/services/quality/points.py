"""Points of an assessment: what each row charges, and what score and grade are left."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from frappe.model.document import Document

from order_review.engine import quality
from order_review.services.quality import records


def row_of(defect: Any) -> dict[str, Any]:
	"""What an assessment's row takes from a defect of the settings."""
	return {
		"defect": defect.code,
		"defect_group": defect.defect_group,
		"name_zh": defect.name_zh,
		"name_en": defect.name_en,
		"points_each": defect.points,
		"cap": defect.cap,
	}


def compute(assessment: Document) -> None:
	"""Points of each row, score and grade; the cap holds over all rows of a defect."""
	left: dict[str, Decimal] = {}
	for row in assessment.defects:
		cap = left.setdefault(row.defect, _decimal(row.cap))
		whole = min(_decimal(row.points_each) * counted(row), cap)
		points = quality.part_of(whole, _decimal(row.share) or quality.FULL_SHARE)
		left[row.defect] = cap - points
		row.points = float(points)
	charged = [_decimal(row.points) for row in assessment.defects]
	assessment.score = float(quality.score(charged, bool(assessment.is_vetoed)))
	assessment.grade = records.grade_of(assessment.score)


def counted(row: Any) -> int:
	"""Occurrences of a defect that are charged, after waiver and appeal."""
	if row.is_waived or row.decision == "Removed":
		return 0
	return int(row.decided_count or 0) if row.decision == "Reduced" else int(row.count or 0)


def _decimal(value: Any) -> Decimal:
	return Decimal(str(value or 0))
