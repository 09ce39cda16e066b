"""What departments judge is said in English as well, where it is still said as it was supplied."""

from __future__ import annotations

import frappe

from order_review.constants import REVIEW_TASK
from order_review.setup.process_settings import process


def execute() -> None:
	"""Fill the English words of the routing and of the opinions asked by it."""
	words = {row["checks_zh"]: row["checks_en"] for row in process()["opinion_routing"]}
	for doctype in ("Opinion Routing", REVIEW_TASK):
		for chinese, english in words.items():
			frappe.db.set_value(
				doctype,
				{"checks_zh": chinese, "checks_en": ["is", "not set"]},
				"checks_en",
				english,
				update_modified=False,
			)
