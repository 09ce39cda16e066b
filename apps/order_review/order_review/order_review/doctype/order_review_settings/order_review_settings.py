from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from order_review.services import deadlines, opinion_routing, reminders, working_calendar


class OrderReviewSettings(Document):
	"""Process parameters (评审参数): working time, routing of opinions, deadlines, fees, defects."""

	def onload(self) -> None:
		"""Tell the form what there is to say about the calendar."""
		self.set_onload("calendar_warning", working_calendar.warning())

	def validate(self) -> None:
		"""Refuse routing that cannot be understood, reminders that reach nobody, working hours that are none."""
		deadlines.check_spans(self)
		opinion_routing.check_conditions(self)
		reminders.check_ladder(self)
		self._keep_website()

	def _keep_website(self) -> None:
		"""Whom the site's pages are open to is for its administrators to say."""
		stored = self.get_doc_before_save()
		before = cint(stored.close_website) if stored else 0
		if cint(self.close_website) != before and "System Manager" not in frappe.get_roles():
			frappe.throw(
				_("Whether the website is closed is for a System Manager to say."), frappe.PermissionError
			)
