from __future__ import annotations

from order_review.order_review.row import OrderRow


class SalesContractOption(OrderRow):
	"""An option of a contract line (合同配置)."""

	def db_update(self) -> None:
		"""Write the row unless it says what is stored: a contract has hundreds, and a step changes none of them."""
		stored = self.parent_doc and self.parent_doc.get_doc_before_save()
		before = next((row for row in stored.options if row.name == self.name), None) if stored else None
		if before is None or _said(before) != _said(self):
			super().db_update()


def _said(row: SalesContractOption) -> list[str]:
	names = ("idx", "docstatus", *(field.fieldname for field in row.meta.fields))
	return [str(row.get(name) or "") for name in names]
