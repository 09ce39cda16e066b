"""Delegations of users who were disabled before that ended them, and zeroes of vetoes that were lifted."""

from __future__ import annotations

import frappe
from frappe.utils import today

from order_review.constants import DELEGATION, QUALITY_ASSESSMENT
from order_review.services import background
from order_review.services.quality import assessment


def execute() -> None:
	"""End the delegations; begin the assessments of contracts that are no longer vetoed anew."""
	disabled = frappe.get_all("User", {"enabled": 0}, pluck="name")
	running = {"is_active": 1, "to_date": [">=", today()], "user": ["in", disabled or [""]]}
	for name in frappe.get_all(DELEGATION, running, pluck="name"):
		frappe.db.set_value(DELEGATION, name, "is_active", 0)
	vetoed = frappe.get_all(QUALITY_ASSESSMENT, {"is_vetoed": 1}, pluck="name")
	background.each(vetoed, assessment.bring_up_to_date, "Assessments of lifted vetoes begin anew")
