from __future__ import annotations

import frappe
from frappe import _

from order_review.exceptions import QualityError
from order_review.services.guard import GuardedDocument
from order_review.services.quality import appeals, assessment_steps, points


class ContractQualityAssessment(GuardedDocument):
	"""The quality of a contract's signing (合同签订质量考核), charged to its salesperson."""

	process = assessment_steps.PROCESS
	offers = appeals.OFFERS

	def validate(self) -> None:
		"""Judge the rows, then count."""
		assessment_steps.check_rows(self)
		points.compute(self)

	def on_update(self) -> None:
		"""Tell the next to act when a step was taken."""
		before = self.get_doc_before_save()
		if before is not None and before.status != self.status:
			assessment_steps.after_step(self)

	def on_trash(self) -> None:
		"""An assessment stays as long as its contract."""
		if not frappe.flags.in_uninstall and not self.flags.ignore_permissions:
			frappe.throw(_("Assessments are not deleted."), title=_("Not Changed"), exc=QualityError)
