"""Open conditions set before departments could be made responsible: the department that is named is reminded."""

from __future__ import annotations

import frappe

from order_review.constants import REVIEW_CONDITION
from order_review.services import responsible


def execute() -> None:
	"""Name user or role where a condition names neither; any other name stays as it was written."""
	nobody = {"status": "Open", "responsible_user": ["is", "not set"], "responsible_role": ["is", "not set"]}
	for row in frappe.get_all(REVIEW_CONDITION, nobody, ["name", "responsible"]):
		found = {field: value for field, value in responsible.of(row.responsible).items() if value}
		if found:
			frappe.db.set_value(REVIEW_CONDITION, row.name, found, update_modified=False)
