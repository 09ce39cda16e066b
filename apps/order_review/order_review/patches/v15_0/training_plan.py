"""Sites set up before there was a training plan get the courses of order administrators."""

from __future__ import annotations

import frappe

from order_review.constants import REVIEW_SETTINGS
from order_review.setup.training_plan import seed_training_plan


def execute() -> None:
	"""Add the plan; a site whose settings are still empty gets everything when it is set up."""
	if frappe.get_single(REVIEW_SETTINGS).opinion_routing:
		seed_training_plan()
