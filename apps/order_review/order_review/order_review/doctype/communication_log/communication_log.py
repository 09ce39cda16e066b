from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime, now_datetime

from order_review.exceptions import FieldLockedError, SmallRecordError
from order_review.services import small_records

LATER = ("follow_up", "follow_up_on", "is_done", "attachment")
"""What is still written after the call; the rest stays as it was written down."""


class CommunicationLog(Document):
	"""A call, e-mail, fax or visit about a document (沟通记录); written by who spoke, and kept as it was written."""

	def before_insert(self) -> None:
		"""Who writes about a document may read it."""
		small_records.check_reference(self)

	def validate(self) -> None:
		"""Nothing is logged before it happened, or changed afterwards."""
		self.market_department = small_records.department_of(self.reference_doctype, self.reference_name)
		if get_datetime(self.occurred_at) > now_datetime():
			frappe.throw(_("It is logged once it has happened."), exc=SmallRecordError)
		if not self.is_new():
			self.refuse_changes()

	def refuse_changes(self) -> None:
		"""Raise FieldLockedError for changes by others, or of what was said."""
		if self.owner != frappe.session.user and frappe.session.user != "Administrator":
			frappe.throw(_("Only {0} changes this record.").format(self.owner), exc=FieldLockedError)
		changed = [df.label for df in self.meta.fields if df.fieldname not in LATER and self.changed(df)]
		if changed:
			frappe.throw(
				_("What was said stays as it was logged: {0}.").format(
					", ".join(_(label) for label in changed)
				),
				exc=FieldLockedError,
			)

	def changed(self, df: Document) -> bool:
		"""Whether a field differs from what is stored."""
		return df.fieldname != "market_department" and self.has_value_changed(df.fieldname)
