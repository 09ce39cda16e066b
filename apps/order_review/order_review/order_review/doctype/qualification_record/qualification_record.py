from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from order_review.exceptions import FieldLockedError, SelfApprovalError, SmallRecordError

LATER = frozenset({"is_revoked", "revoked_because", "valid_to", "note"})
"""What is still written after the examination."""


class QualificationRecord(Document):
	"""A passed or failed examination for a role (上岗资格); a role that demands one is granted only with it."""

	def validate(self) -> None:
		"""Nobody examines themselves; a result stays as it is."""
		self.examiner = self.examiner if not self.is_new() else frappe.session.user
		if self.user == frappe.session.user:
			frappe.throw(_("Nobody qualifies themselves."), exc=SelfApprovalError)
		if self.valid_to and getdate(self.valid_to) < getdate(self.qualified_on):
			frappe.throw(_("The qualification would have ended before it began."), exc=SmallRecordError)
		if self.is_revoked and not (self.revoked_because or "").strip():
			frappe.throw(_("State why the qualification is revoked."), exc=SmallRecordError)
		self.refuse_changes()

	def refuse_changes(self) -> None:
		"""Raise FieldLockedError when a result is rewritten."""
		if self.is_new():
			return
		changed = [
			_(df.label)
			for df in self.meta.fields
			if df.fieldname not in LATER and self.has_value_changed(df.fieldname)
		]
		if changed:
			frappe.throw(
				_("An examination stays as it was recorded: {0}.").format(", ".join(changed)),
				exc=FieldLockedError,
			)
