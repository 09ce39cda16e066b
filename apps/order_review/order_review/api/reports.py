"""Reports for the Desk: what their filters offer."""

from __future__ import annotations

from typing import Any

import frappe

from order_review.services import report_choices


@frappe.whitelist()
def choices(report: str) -> dict[str, list[Any]]:
	"""What the filters of a report offer the user, by filter."""
	return report_choices.of_report(report)
