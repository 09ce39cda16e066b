"""Quality months of the sample data were closed and confirmed without steps; each state has its step."""

from __future__ import annotations

import itertools

import frappe
from frappe.utils import now_datetime

from order_review.constants import QUALITY_MONTH
from order_review.services import guard

_WAY = ("Open", "Closed", "Confirmed")


def execute() -> None:
	"""Write the steps down that the status of a month shows."""
	for name in frappe.get_all(QUALITY_MONTH, {"status": "Confirmed"}, pluck="name"):
		month = frappe.get_doc(QUALITY_MONTH, name)
		if [row.to_status for row in month.events] == ["Open"]:
			for before, after in itertools.pairwise(_WAY):
				_write(month, before, after)


def _write(month: guard.GuardedDocument, before: str, after: str) -> None:
	row = month.append(
		guard.EVENTS,
		{
			"from_status": before,
			"to_status": after,
			"actor": month.confirmed_by or month.owner,
			"occurred_at": month.confirmed_on or now_datetime(),
			"is_system": 1,
			"content_hash": guard.content_hash(month),
		},
	)
	row.set_new_name()
	row.db_insert()
