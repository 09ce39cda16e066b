from __future__ import annotations

import frappe
from frappe import _

from order_review.exceptions import QualityError
from order_review.services.guard import GuardedDocument
from order_review.services.quality import work_quality


class WorkQualityRecord(GuardedDocument):
	"""A fault in an order or contract administrator's work (工作质量记录)."""

	process = work_quality.PROCESS

	def validate(self) -> None:
		"""Complete when it is written, unchanged afterwards."""
		work_quality.check_record(self)

	def after_insert(self) -> None:
		"""Tell whom it is about."""
		work_quality.after_insert(self)

	def on_trash(self) -> None:
		"""A record is made void, not deleted."""
		if not frappe.flags.in_uninstall and not self.flags.ignore_permissions:
			frappe.throw(_("Records are made void, not deleted."), title=_("Not Changed"), exc=QualityError)
