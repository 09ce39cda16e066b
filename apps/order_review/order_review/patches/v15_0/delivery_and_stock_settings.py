"""Sites set up before delivery dates were promised get a weekly capacity, and the approval of stock orders."""

import frappe

from order_review.constants import REVIEW_SETTINGS
from order_review.setup.process_settings import process, process_values


def execute() -> None:
	"""Add what is missing; a site whose settings are still empty gets everything when it is set up."""
	settings = frappe.get_single(REVIEW_SETTINGS)
	if not settings.opinion_routing:
		return
	supplied = process_values(process())
	if not settings.weekly_capacity:
		settings.set("weekly_capacity", supplied["weekly_capacity"])
	if not any("Stock" in (row.condition or "") for row in settings.opinion_routing):
		settings.extend(
			"opinion_routing",
			[row for row in supplied["opinion_routing"] if row["condition"] == "order_type == Stock"],
		)
	settings.flags.ignore_mandatory = True
	settings.save(ignore_permissions=True)
