"""Each score is what its defects leave of a hundred."""

from __future__ import annotations

from collections.abc import Iterator

import frappe
from frappe import _
from frappe.utils import flt

from order_review.constants import QUALITY_ASSESSMENT, SALES_CONTRACT
from order_review.services.quality import points
from order_review.services.verify.finding import Finding


def scores_are_their_defects() -> Iterator[Finding]:
	"""A score follows from the rows of its assessment."""
	remedy = _(
		"Open and save the assessment while it is a draft, or reopen its month and decide the row again."
	)
	for name in frappe.get_all(QUALITY_ASSESSMENT, pluck="name"):
		assessment = frappe.get_doc(QUALITY_ASSESSMENT, name)
		stored = (flt(assessment.score, 4), [flt(row.points, 4) for row in assessment.defects])
		points.compute(assessment)
		counted = (flt(assessment.score, 4), [flt(row.points, 4) for row in assessment.defects])
		if stored != counted:
			wrong = _("Its score is {0}; its defects leave {1}.").format(stored[0], counted[0])
			yield Finding(QUALITY_ASSESSMENT, name, wrong, remedy)


def vetoed_contracts_score_nothing_and_others_do() -> Iterator[Finding]:
	"""An assessment is one of a vetoed contract as long as its contract is vetoed."""
	remedy = _("Reopen the month it counts in: with that it is drawn up anew.")
	rows = frappe.get_all(QUALITY_ASSESSMENT, fields=["name", "sales_contract", "is_vetoed"])
	names = {row.sales_contract for row in rows}
	vetoed = {"name": ["in", names or [""]], "status": "Vetoed"}
	now = set(frappe.get_all(SALES_CONTRACT, vetoed, pluck="name"))
	for row in rows:
		if bool(row.is_vetoed) != (row.sales_contract in now):
			wrong = _("It counts {0} as vetoed, or not, and the contract says otherwise.").format(
				row.sales_contract
			)
			yield Finding(QUALITY_ASSESSMENT, row.name, wrong, remedy)
