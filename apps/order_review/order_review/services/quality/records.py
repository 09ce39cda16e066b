"""Defects, grades and work-quality types as an administrator keeps them in Order Review Settings."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import frappe

from order_review.constants import REVIEW_SETTINGS
from order_review.engine import quality
from order_review.engine.quality import Defect, Grade


def defect_rows() -> dict[str, Any]:
	"""Defect code → its row in the settings, of those that are in use."""
	return {row.code: row for row in _settings().defects if row.is_active}


def defects() -> list[Defect]:
	"""The defects in use, as the engine counts them."""
	return [
		Defect(
			row.code,
			row.defect_group or "",
			Decimal(str(row.points or 0)),
			Decimal(str(row.cap or 0)),
			row.finding_code or "",
		)
		for row in defect_rows().values()
	]


def grade_of(score: float) -> str:
	"""The grade a score earns."""
	grades = [Grade(row.grade, Decimal(str(row.min_score or 0))) for row in _settings().quality_grades]
	return quality.grade(Decimal(str(score or 0)), grades)


def work_types() -> dict[str, Any]:
	"""Code of a work-quality type → its row in the settings."""
	return {row.code: row for row in _settings().work_quality_types}


def name_of(row: Any) -> str:
	"""The name of a defect or type in the reader's language."""
	chinese = (frappe.local.lang or "").startswith("zh")
	names = ("name_zh", "name_en") if chinese else ("name_en", "name_zh")
	return next((row.get(name) for name in names if row.get(name)), "")


def hint_of(row: Any) -> str:
	"""What to check so that a defect does not happen, in the reader's language."""
	chinese = (frappe.local.lang or "").startswith("zh")
	return row.get("hint_zh" if chinese else "hint_en") or ""


def _settings() -> Any:
	return frappe.get_cached_doc(REVIEW_SETTINGS)
