"""Submitted documents are to be received in time as well: the stage gets its hours where the settings name none."""

from __future__ import annotations

import frappe

from order_review.constants import REVIEW_SETTINGS
from order_review.setup.process_settings import process

STAGE = "Submitted"


def execute() -> None:
	"""Add the missing rows; hours an administrator set are kept."""
	settings = frappe.get_single(REVIEW_SETTINGS)
	if not settings.stage_deadlines:
		return
	there = {row.process_name for row in settings.stage_deadlines if row.stage == STAGE}
	for name, stages in process()["stage_sla_hours"].items():
		if STAGE in stages and name not in there:
			settings.append("stage_deadlines", {"process_name": name, "stage": STAGE, "hours": stages[STAGE]})
	settings.flags.ignore_mandatory = True
	settings.save(ignore_permissions=True)
