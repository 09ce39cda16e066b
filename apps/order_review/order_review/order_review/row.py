"""Rows of our documents: readable and changeable with their document only, which judges the change."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from order_review.exceptions import ForeignRowError


class OrderRow(Document):
	"""A child row that is never saved or deleted on its own and is as readable as the stored document it belongs to."""

	def validate(self) -> None:
		"""Refuse a save of the row alone; the document's own save does not come here."""
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
				_(self.doctype), _(self._stands_in())
			),
			title=_("Not Changed"),
			exc=ForeignRowError,
		)

	def _stands_in(self) -> str:
		"""DocType of the document the row belongs to; of a row that belongs to none, one that has such rows."""
		stored = frappe.db.get_value(self.doctype, self.name, "parenttype") if self.name else None
		tables = {"fieldtype": ["in", ["Table", "Table MultiSelect"]], "options": self.doctype}
		return str(stored or frappe.db.get_value("DocField", tables, "parent") or self.doctype)
