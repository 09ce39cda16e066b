"""An absence that is planned: who acts for the marketing planner next week."""

from __future__ import annotations

from frappe.utils import add_days, today

from order_review.constants import DELEGATION

from . import ledger
from .people import address


def create_delegations() -> None:
	"""Make the planned substitution once."""
	ledger.make(
		DELEGATION,
		{"user": address("MP"), "delegate": address("MG")},
		from_date=add_days(today(), 7),
		to_date=add_days(today(), 11),
		reason="年度商务政策培训 / Training on the year's policies",
		all_roles=1,
	)
