"""Milestones, Sales Orders and production configurations made before they followed the commitment are brought to its dates."""

from __future__ import annotations

import frappe
from frappe.utils import cint

from order_review.constants import SALES_CONTRACT
from order_review.services import background, delivery_commitment
from order_review.services.fulfilment import dates


def execute() -> None:
	"""Follow the date that stands for each line of a running contract; a line that cannot is in the error log."""
	running = frappe.get_all(SALES_CONTRACT, {"status": ["in", dates.RUNNING]}, pluck="name")
	background.each(running, _follow, "Dates of contracts follow their commitment")


def _follow(name: str) -> None:
	contract = frappe.get_doc(SALES_CONTRACT, name)
	for line in contract.lines:
		if delivery_commitment.standing_for_line(contract, cint(line.line_no)):
			dates.follow_line(contract, line)
