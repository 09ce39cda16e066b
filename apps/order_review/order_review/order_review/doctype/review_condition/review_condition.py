from __future__ import annotations

import frappe
from frappe import _

from order_review.exceptions import ReviewConditionError
from order_review.services import conditions, guard, responsible


class ReviewCondition(guard.GuardedDocument):
	"""A condition under which a department agreed (评审条件); later documents wait until it is met."""

	process = conditions.PROCESS
	offers = conditions.OFFERS

	def onload(self) -> None:
		"""Tell the form the name of who is responsible."""
		super().onload()
		self.set_onload("responsible_name", responsible.name_of(self.as_dict()))

	def validate(self) -> None:
		"""Only the review's own services set, settle and waive conditions."""
		if not guard.is_system_save(self):
			self.refuse()

	def on_trash(self) -> None:
		"""A condition stays as long as its document."""
		if not frappe.flags.in_uninstall and frappe.flags.order_review_forgets != self.reference_name:
			self.refuse()

	def refuse(self) -> None:
		"""Raise ReviewConditionError."""
		frappe.throw(
			_(
				"Conditions come with opinions and are met or waived by their own functions; they are not edited."
			),
			title=_("Not Changed"),
			exc=ReviewConditionError,
		)
