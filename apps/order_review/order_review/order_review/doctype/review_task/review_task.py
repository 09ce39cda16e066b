from __future__ import annotations

import frappe
from frappe import _

from order_review.exceptions import ReviewTaskError
from order_review.services import delegations, guard, review_tasks


class ReviewTask(guard.GuardedDocument):
	"""A department's opinion on a document (评审任务); asked by the router, answered once, never edited."""

	process = review_tasks.PROCESS
	offers = review_tasks.OFFERS

	def onload(self) -> None:
		"""Tell the form for whom the user would answer."""
		super().onload()
		taken = delegations.roles_taken(frappe.session.user)
		if self.role in taken:
			self.set_onload("acting_for", delegations.signature(taken[self.role], None))

	def validate(self) -> None:
		"""Only the review's own services write opinions."""
		if not guard.is_system_save(self):
			self.refuse()

	def on_trash(self) -> None:
		"""An opinion stays as long as its document."""
		if not frappe.flags.in_uninstall and frappe.flags.order_review_forgets != self.reference_name:
			self.refuse()

	def refuse(self) -> None:
		"""Raise ReviewTaskError."""
		frappe.throw(
			_(
				"Opinions are asked for, given and withdrawn by their own functions; a review task is not edited."
			),
			title=_("Not Changed"),
			exc=ReviewTaskError,
		)


def on_doctype_update() -> None:
	"""Indexes of open work: the most urgent of a DocType in order, and counts by department without reading a task."""
	frappe.db.add_index("Review Task", ["status", "reference_doctype", "due_at"], "open_by_due")
	frappe.db.add_index(
		"Review Task", ["status", "reference_doctype", "department", "due_at"], "open_by_department"
	)
