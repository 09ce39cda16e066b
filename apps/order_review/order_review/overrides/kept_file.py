"""Files that stay as they are: the copy a contract was signed on, the evidence of a condition that is met."""

from __future__ import annotations

from frappe.core.doctype.file.file import File

from order_review.services import condition_evidence
from order_review.services.contracts import signed_file


class KeptFile(File):
	"""A File; asked about before Frappe moves or deletes what is on the disk."""

	def validate(self) -> None:
		"""Refuse to move, publish or exchange what is kept."""
		if not self.is_new():
			signed_file.refuse_changed(self)
			condition_evidence.refuse_changed(self)
		super().validate()

	def on_trash(self) -> None:
		"""Refuse to delete what is kept."""
		signed_file.refuse_deleted(self)
		condition_evidence.refuse_deleted(self)
		super().on_trash()
