"""Rows of an Intent Order: readable and changeable with their order only."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from order_review.exceptions import ForeignRowError


class OrderRow(Document):
	"""A child row that is never saved or deleted on its own and is as readable as the stored order it belongs to."""

	def validate(self) -> None:
		"""Refuse a save of the row alone; the order's own save does not come here."""
		self._refuse()

	def before_insert(self) -> None:
		"""Refuse an insert of the row alone."""
		self._refuse()

	def on_trash(self) -> None:
		"""Refuse deleting the row alone."""
		self._refuse()

	def has_permission(self, permtype: str = "read", *, debug: bool = False, user: str | None = None) -> bool:
		"""As the stored parent decides, whatever the row says about itself."""
		stored = frappe.db.get_value(self.doctype, self.name, ["parenttype", "parent"]) if self.name else None
		parenttype, parent = stored or (self.parenttype, self.parent)
		if not parenttype or not parent or not frappe.db.exists(parenttype, parent):
			return False
		return bool(frappe.has_permission(parenttype, permtype, doc=parent, user=user))

	def _refuse(self) -> None:
		frappe.throw(
			_("{0} rows change with their {1} only. Open the {1} and save it.").format(
				_(self.doctype), _("Intent Order")
			),
			title=_("Not Changed"),
			exc=ForeignRowError,
		)
