from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from order_review.exceptions import CatalogueError
from order_review.services import catalogue_check

_GIVEN = ("rule", "check_date")


class CatalogueCheck(Document):
	"""The outcome of checking the catalogue, or of rehearsing one rule; inserting it starts the check."""

	def before_insert(self) -> None:
		"""A new check holds its question only, whatever the client sent."""
		given = {key: self.get(key) for key in _GIVEN}
		for field in self.meta.fields:
			if field.fieldname not in _GIVEN:
				self.set(field.fieldname, [] if field.fieldtype == "Table" else None)
		self.update(given)
		self.status = catalogue_check.QUEUED
		self.check_date = self.check_date or frappe.utils.today()

	def after_insert(self) -> None:
		"""Start the check in the background."""
		catalogue_check.start(self)

	def validate(self) -> None:
		"""Only the check itself writes its outcome."""
		if not self.is_new() and not self.flags.by_service:
			frappe.throw(
				_("A catalogue check is not edited. Start a new one."),
				title=_("Not Changed"),
				exc=CatalogueError,
			)
