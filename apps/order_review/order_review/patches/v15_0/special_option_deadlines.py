"""Give sites set up before special option requests the hours of their steps."""

import frappe

from order_review.constants import REVIEW_SETTINGS
from order_review.setup.process_settings import process


def execute() -> None:
	"""Add the hours of the steps, unless there are some."""
	settings = frappe.get_single(REVIEW_SETTINGS)
	if not settings.stage_deadlines or any(row.process_name == "special" for row in settings.stage_deadlines):
		return
	for stage, hours in process()["stage_sla_hours"]["special"].items():
		settings.append("stage_deadlines", {"process_name": "special", "stage": stage, "hours": hours})
	settings.flags.ignore_mandatory = True
	settings.save(ignore_permissions=True)
