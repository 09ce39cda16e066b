from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt

from order_review.exceptions import SmallRecordError
from order_review.services import trainings


class TrainingSession(Document):
	"""A training (培训): material, who attended, and who passed the quiz."""

	def validate(self) -> None:
		"""Scores lie between 0 and 100; everybody attends once; who passed follows from the score."""
		seen: set[str] = set()
		for row in self.attendees:
			if row.user in seen:
				frappe.throw(
					_("Attendees, row {0}: {1} is there already.").format(row.idx, row.user),
					exc=SmallRecordError,
				)
			seen.add(row.user)
			if not 0 <= flt(row.quiz_score) <= 100:
				frappe.throw(
					_("Attendees, row {0}: a score lies between 0 and 100.").format(row.idx),
					exc=SmallRecordError,
				)
			row.passed = int(bool(cint(row.attended) and flt(row.quiz_score) >= flt(self.pass_score)))
		scores = [flt(row.quiz_score) for row in self.attendees if cint(row.attended)]
		self.passed_count = sum(row.passed for row in self.attendees)
		self.average_score = round(sum(scores) / len(scores), 1) if scores else 0

	def on_update(self) -> None:
		"""Whoever has passed the last course of a role is proposed for its qualification."""
		trainings.after_session(self)
