from __future__ import annotations

from order_review.services import exception_reports, guard, small_records


class ExceptionReport(guard.GuardedDocument):
	"""Something out of order with a document (异常上报), reported upwards and settled with a result."""

	process = exception_reports.PROCESS

	def before_insert(self) -> None:
		"""Who reports a document may read it."""
		if not guard.is_system_save(self):
			small_records.check_reference(self)

	def validate(self) -> None:
		"""Who raised it, where it belongs."""
		exception_reports.complete(self)

	def on_update(self) -> None:
		"""Tell of a step, or of another recipient."""
		before = self.get_doc_before_save()
		if before is None or before.status != self.status:
			exception_reports.after_step(self, before.status if before else None)
		else:
			exception_reports.after_change(self, before)
