"""Policy adjustment requests under way when their content was not kept yet: they ask for their drafts as they stand."""

from __future__ import annotations

import frappe

from order_review.services import policy_adjustment, price_release


def execute() -> None:
	"""Write the hash of what is asked for down where none stands."""
	under_way = {"status": ["in", price_release.UNDER_WAY], "content_hash": ["is", "not set"]}
	for name in frappe.get_all(policy_adjustment.REQUEST, under_way, pluck="name"):
		asked = policy_adjustment.content_hash(frappe.get_doc(policy_adjustment.REQUEST, name))
		frappe.db.set_value(policy_adjustment.REQUEST, name, "content_hash", asked, update_modified=False)
