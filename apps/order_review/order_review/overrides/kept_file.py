"""Files that stay as they are: the copy a contract was signed on, the evidence of a condition that is met."""

from __future__ import annotations

from frappe.core.doctype.file.file import File

from order_review.services import condition_evidence
from order_review.services.contracts import signed_file

FIXED = ("file_url", "file_name", "is_private", "attached_to_doctype", "attached_to_name", "content_hash")
"""Fields of a file that is kept; nothing of them changes."""

KEEPERS = (signed_file.refuse_kept, condition_evidence.refuse_kept)
"""What raises when a file is kept."""


class KeptFile(File):
	"""A File; asked about before Frappe moves or deletes what is on the disk."""

	def validate(self) -> None:
		"""Refuse to move, publish or exchange what is kept."""
		stored = None if self.is_new() else self.get_doc_before_save()
		if stored and any(self.has_value_changed(field) for field in FIXED):
			_refuse_kept(stored)
		super().validate()

	def on_trash(self) -> None:
		"""Refuse to delete what is kept."""
		_refuse_kept(self)
		super().on_trash()


def _refuse_kept(file: File) -> None:
	for keeper in KEEPERS:
		keeper(file)
