"""The training plan of a new site: the three courses of a new order administrator."""

from __future__ import annotations

import frappe

from order_review.constants import REVIEW_SETTINGS

COURSES = ("Company Culture", "Rules and Processes", "Product Knowledge")


def seed_training_plan() -> None:
	"""Fill the plan, unless somebody filled it already."""
	settings = frappe.get_single(REVIEW_SETTINGS)
	if settings.training_plan:
		return
	for course in COURSES:
		settings.append("training_plan", {"role": "Order Administrator", "course": course})
	settings.flags.ignore_mandatory = True
	settings.save(ignore_permissions=True)
