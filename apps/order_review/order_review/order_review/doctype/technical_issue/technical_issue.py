from __future__ import annotations

import frappe
from frappe import _

from order_review.exceptions import TechnicalIssueError
from order_review.services import guard, technical_issues


class TechnicalIssue(guard.GuardedDocument):
	"""A question about a document under review (技术问题): raised by a reviewer, answered by the salesperson."""

	process = technical_issues.PROCESS
	offers = technical_issues.OFFERS

	def validate(self) -> None:
		"""What is asked can be asked."""
		technical_issues.check_question(self)

	def on_update(self) -> None:
		"""Do what follows from a question or a step of it."""
		technical_issues.after_save(self)

	def on_trash(self) -> None:
		"""A question stays as long as its document."""
		if not frappe.flags.in_uninstall and frappe.flags.order_review_forgets != self.reference_name:
			frappe.throw(
				_("Questions are closed, not deleted."), title=_("Not Changed"), exc=TechnicalIssueError
			)
